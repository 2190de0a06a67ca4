import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Pair } from './certs.ts';

/** The roles as the wire has them. */
export const wireRoles = { voter: 0n, 'stand-by': 1n, spare: 2n } as const;

export interface FakeMember {
  readonly port: number;
  /** How many connections it has taken. */
  connections(): number;
  /** Connections that are open now. */
  open(): ReadonlySet<TLSSocket>;
  close(): Promise<void>;
}

/** What a member answers to a request of a type; nothing if undefined. */
export type Answer = (type: number, socket: TLSSocket) => Buffer | undefined;

/** A Dqlite member on the wire: TLS with a client certificate, the greeting, requests in order. */
export async function fakeDqlite(
  pair: Pair,
  answer: Answer,
  host = '127.0.0.1',
): Promise<FakeMember> {
  const sockets = new Set<TLSSocket>();
  let connections = 0;
  const server = createServer(
    { ...pair, ca: pair.cert, requestCert: true, rejectUnauthorized: true },
    (socket) => {
      connections += 1;
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
      let received = Buffer.alloc(0);
      let greeted = false;
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        if (!greeted && received.length >= 8) {
          if (received.readBigUInt64LE(0) !== 1n) return void socket.destroy();
          received = received.subarray(8);
          greeted = true;
        }
        while (greeted && received.length >= 16) {
          const type = received.readUInt8(4);
          received = received.subarray(8 + 8 * received.readUInt32LE(0));
          const frame = answer(type, socket);
          if (frame !== undefined) socket.write(frame);
        }
      });
    },
  );
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    open: () => sockets,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A member that names a leader and knows a configuration. */
export function member(
  leader: { id: bigint; address: string } | undefined,
  members: readonly { id: bigint; address: string; role: keyof typeof wireRoles }[],
): Answer {
  return (type) => {
    if (type === 0) return response(1, u64(leader?.id ?? 0n), text(leader?.address ?? ''));
    if (type === 18) return response(10, u64(1n), u64(0n));
    if (type !== 16) return response(0, u64(1n), text('unrecognized request'));
    const each = members.flatMap(({ id, address, role }) => [
      u64(id),
      text(address),
      u64(wireRoles[role]),
    ]);
    return response(3, u64(BigInt(members.length)), ...each);
  };
}

export function response(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(8);
  header.writeUInt32LE(body.length / 8, 0);
  header.writeUInt8(type, 4);
  return Buffer.concat([header, body]);
}

export function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

/** UTF-8, a NUL, and zeros up to a whole word. */
export function text(value: string): Buffer {
  const raw = Buffer.from(value);
  return Buffer.concat([raw, Buffer.alloc(8 - (raw.length % 8))]);
}
