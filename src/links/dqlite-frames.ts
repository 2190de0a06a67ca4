import type { Role } from '../model/snapshot.ts';
import type { ConfiguredMember } from './member.ts';

/**
 * The part of Dqlite's wire protocol that asks members about their cluster.
 * A message is a header of 8 bytes (u32 length of the body in words of 8 bytes, u8 type, u8 schema, u16 zero) and its
 * body; numbers are little-endian; texts end with a NUL and are filled up to a whole word.
 * @see https://dqlite.io/docs/reference/wire-protocol
 */
export interface Frame {
  readonly type: number;
  readonly body: Buffer;
}

/** Bytes that are no frame, or a frame that is not what was asked for. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** A member answered that it will not. */
export class DqliteFailure extends Error {
  override readonly name = 'DqliteFailure';
}

const word = 8;

/** What a client sends first: the version of the protocol. */
export const hello: Buffer = words(1n);

/** The requests, each with its one word; Cluster asks for format 1, the one with roles. */
export const requests = {
  leader: frame(0, words(0n)),
  cluster: frame(16, words(1n)),
  describe: frame(18, words(0n)),
} as const;

const responses = { failure: 0, server: 1, servers: 3, metadata: 10 } as const;

/** The largest body taken, in bytes: room for a thousand members. No cluster has a hundred. */
export const maxBody = 64 << 10;

const roles: readonly Role[] = ['voter', 'stand-by', 'spare'];

/**
 * Takes the first frame off what was received so far.
 * @returns undefined while the frame is not complete
 * @throws FrameError as soon as its header announces more than `maxBody`
 */
export function takeFrame(received: Buffer): { frame: Frame; rest: Buffer } | undefined {
  if (received.length < word) return undefined;
  const size = received.readUInt32LE(0) * word;
  if (size > maxBody)
    throw new FrameError(`a frame of ${size} bytes; at most ${maxBody} are taken`);
  const end = word + size;
  if (received.length < end) return undefined;
  const frame = { type: received.readUInt8(4), body: received.subarray(word, end) };
  return { frame, rest: received.subarray(end) };
}

/** Reads whom a member calls leader; undefined if it knows none. */
export function readLeader(frame: Frame): { id: string; address: string } | undefined {
  const read = reader(frame, responses.server, 'the leader');
  const id = read.number();
  const address = read.text();
  return id === 0n ? undefined : { id: id.toString(), address };
}

/** Reads the configuration of the cluster as a member knows it. */
export function readCluster(frame: Frame): ConfiguredMember[] {
  const read = reader(frame, responses.servers, 'the members');
  const count = read.number();
  // Each member takes three words at the least.
  if (count * 3n * BigInt(word) > BigInt(frame.body.length))
    throw new FrameError(`${count} members announced in ${frame.body.length} bytes`);
  return Array.from({ length: Number(count) }, () => {
    const id = read.number().toString();
    const address = read.text();
    const number = read.number();
    const role = number < 3n ? roles[Number(number)] : undefined;
    if (role === undefined) throw new FrameError(`member ${id} has the unknown role ${number}`);
    return { id, address, role };
  });
}

/** Reads what a member says of itself, in decimal. */
export function readDescription(frame: Frame): { failureDomain: string; weight: string } {
  const read = reader(frame, responses.metadata, 'the description');
  return { failureDomain: read.number().toString(), weight: read.number().toString() };
}

/** Reads the body of a frame from its start to its end; throws FrameError where there is nothing to read. */
function reader(
  { type, body }: Frame,
  expected: number,
  what: string,
): { number: () => bigint; text: () => string } {
  let at = 0;
  const number = () => {
    if (at + word > body.length) throw new FrameError(`${what}: the frame ends too early`);
    at += word;
    return body.readBigUInt64LE(at - word);
  };
  const text = () => {
    const end = body.indexOf(0, at);
    if (end < 0) throw new FrameError(`${what}: a text has no end`);
    const value = body.toString('utf8', at, end);
    at += Math.ceil((end + 1 - at) / word) * word;
    return value;
  };
  if (type === responses.failure) throw new DqliteFailure(`code ${number()}: ${text()}`);
  if (type !== expected)
    throw new FrameError(`${what}: a frame of type ${type} came instead of ${expected}`);
  return { number, text };
}

function frame(type: number, body: Buffer): Buffer {
  const header = Buffer.alloc(word);
  header.writeUInt32LE(body.length / word, 0);
  header.writeUInt8(type, 4);
  return Buffer.concat([header, body]);
}

function words(...values: readonly bigint[]): Buffer {
  const body = Buffer.alloc(values.length * word);
  values.forEach((value, i) => body.writeBigUInt64LE(value, i * word));
  return body;
}
