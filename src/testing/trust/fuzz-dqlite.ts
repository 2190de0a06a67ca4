/** Answers of a Dqlite member that are none: cut, lying about their length, of another type, with counts beyond belief. */
import fc from 'fast-check';
import { DqliteLink } from '../../links/dqlite.ts';
import {
  DqliteFailure,
  FrameError,
  maxBody,
  readCluster,
  readDescription,
  readLeader,
  takeFrame,
  type Frame,
} from '../../links/dqlite-frames.ts';
import { LinkError } from '../../links/errors.ts';
import { selfSigned } from '../certs.ts';
import { fakeDqlite, member, response, text, u64, type Answer } from '../fake-dqlite.ts';
import { must, target, type Target } from './fuzz-target.ts';

const u64s = fc.oneof(
  fc.constantFrom(
    0n,
    1n,
    2n,
    3n,
    4n,
    255n,
    2n ** 31n,
    2n ** 32n,
    2n ** 53n,
    2n ** 63n,
    2n ** 64n - 1n,
  ),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
);

/** A frame that is nearly right: the parts of an answer, some of them wrong. */
const frames: fc.Arbitrary<Buffer> = fc
  .record({
    type: fc.oneof(fc.constantFrom(0, 1, 3, 10), fc.nat(255)),
    parts: fc.array(
      fc.oneof(
        u64s.map(u64),
        fc.string({ unit: 'binary', maxLength: 30 }).map(text),
        fc.uint8Array({ maxLength: 24 }).map((raw) => Buffer.from(raw)),
        fc.constant(Buffer.concat([u64(1n), text('10.0.0.1:19001'), u64(0n)])),
      ),
      { maxLength: 8 },
    ),
    length: fc.oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(0, 1, 2, maxBody / 8, maxBody / 8 + 1, 0xffffffff) },
    ),
    cut: fc.option(fc.nat(80), { nil: undefined, freq: 4 }),
  })
  .map(({ type, parts, length, cut }) => {
    const body = Buffer.concat(parts);
    const whole = Buffer.concat([body, Buffer.alloc((8 - (body.length % 8)) % 8)]);
    const frame = response(type, whole);
    if (length !== undefined) frame.writeUInt32LE(length, 0);
    return cut === undefined ? frame : frame.subarray(0, Math.max(0, frame.length - cut));
  });

const streams: fc.Arbitrary<Buffer> = fc.oneof(
  fc.array(frames, { maxLength: 4 }).map((all) => Buffer.concat(all)),
  fc.uint8Array({ maxLength: 120 }).map((raw) => Buffer.from(raw)),
);

/** Takes all frames off a stream, and reads each as every answer there is. */
function feedFrames(stream: Buffer): void {
  try {
    let taken = takeFrame(stream);
    while (taken !== undefined) {
      readAsAll(taken.frame);
      must(taken.rest.length < stream.length, 'a frame took nothing');
      taken = takeFrame(taken.rest);
    }
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
  }
}

function readAsAll(frame: Frame): void {
  for (const read of [readLeader, readCluster, readDescription])
    try {
      const value = read(frame);
      if (Array.isArray(value)) must(value.length <= frame.body.length, 'more members than bytes');
    } catch (error) {
      if (!(error instanceof FrameError) && !(error instanceof DqliteFailure)) throw error;
    }
}

const leader = { id: 1n, address: '10.0.0.1:19001' };
const healthy = member(leader, [{ ...leader, role: 'voter' }]);

interface Served {
  readonly link: DqliteLink;
  readonly answerWith: (answer: Answer) => void;
  readonly close: () => Promise<void>;
}

let served: Promise<Served> | undefined;

/** One member for all cases: what it answers changes. */
async function serve(): Promise<Served> {
  const pair = selfSigned('DNS:pi1,IP:127.0.0.1');
  let answer = healthy;
  const fake = await fakeDqlite(pair, (type, socket) => answer(type, socket));
  const link = new DqliteLink({ node: 'pi1', host: '127.0.0.1', port: fake.port, ...pair });
  return {
    link,
    answerWith: (now) => (answer = now),
    close: async () => {
      link.close();
      await fake.close();
    },
  };
}

/** Whatever it is answered, a link fails as a link does, and works again as soon as its member does. */
async function feedLink(stream: Buffer): Promise<void> {
  const { link, answerWith } = await (served ??= serve());
  answerWith(() => stream);
  await Promise.all(
    [link.leader(30), link.cluster(30), link.describe(30)].map((asked) =>
      asked.catch((error: unknown) => {
        if (!(error instanceof LinkError)) throw error;
      }),
    ),
  );
  answerWith(healthy);
  const named = await link.leader(2000).catch(() => link.leader(2000));
  must(named?.id === '1', `after it, the link says that the leader is ${named?.id ?? 'nobody'}`);
}

async function closeLink(): Promise<void> {
  await (await served)?.close();
  served = undefined;
}

export const dqliteTargets: readonly Target[] = [
  target({ what: 'Dqlite: frames', cases: streams, feed: feedFrames, runs: 100_000 }),
  target({
    what: 'Dqlite: answers over TLS',
    cases: streams,
    feed: feedLink,
    runs: 400,
    close: closeLink,
  }),
];
