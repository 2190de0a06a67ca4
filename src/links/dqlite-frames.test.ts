import { expect } from 'chai';
import fc from 'fast-check';
import { member, response, text, u64, wireRoles } from '../testing/fake-dqlite.ts';
import {
  DqliteFailure,
  FrameError,
  maxBody,
  readCluster,
  readDescription,
  readLeader,
  requests,
  takeFrame,
} from './dqlite-frames.ts';

const someMembers = fc.array(
  fc.record({
    id: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
    address: fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.includes('\0')),
    role: fc.constantFrom('voter' as const, 'stand-by' as const, 'spare' as const),
  }),
  { maxLength: 20 },
);

describe('a Dqlite frame', () => {
  it('asks in the words of the wire protocol', () => {
    const hex = (frame: Buffer) => frame.toString('hex');
    expect(hex(requests.leader)).to.equal('01000000000000000000000000000000');
    expect(hex(requests.cluster)).to.equal('01000000100000000100000000000000');
    expect(hex(requests.describe)).to.equal('01000000120000000000000000000000');
  });

  it('brings every configuration back unchanged, however it is cut on its way', () => {
    fc.assert(
      fc.property(someMembers, fc.nat(), (members, cut) => {
        const sent = member(undefined, members)(16, undefined as never)!;
        const at = cut % sent.length;
        expect(takeFrame(sent.subarray(0, at))).to.equal(undefined);
        const taken = takeFrame(Buffer.concat([sent, Buffer.from('rest')]))!;
        expect(taken.rest.toString()).to.equal('rest');
        const expected = members.map((each) => ({ ...each, id: each.id.toString() }));
        expect(readCluster(taken.frame)).to.deep.equal(expected);
      }),
    );
  });

  it('keeps every digit of an id beyond 2^53', () => {
    const sent = response(1, u64(3297041220608546238n), text('10.0.0.1:19001'));
    const leader = { id: '3297041220608546238', address: '10.0.0.1:19001' };
    expect(readLeader(takeFrame(sent)!.frame)).to.deep.equal(leader);
  });

  it('names no leader where the member knows none', () => {
    expect(readLeader(takeFrame(response(1, u64(0n), text('')))!.frame)).to.equal(undefined);
  });

  it('says why a member refuses', () => {
    const sent = response(0, u64(5n), text('no'));
    expect(() => readLeader(takeFrame(sent)!.frame)).to.throw(DqliteFailure, 'code 5: no');
  });

  it('is refused by its header alone if it is too large', () => {
    const header = Buffer.alloc(8);
    header.writeUInt32LE(maxBody / 8 + 1);
    expect(() => takeFrame(header)).to.throw(FrameError, `at most ${maxBody}`);
  });

  it('is refused if it announces more members than it holds', () => {
    const sent = response(3, u64(2n ** 63n), u64(1n), text('a'), u64(0n));
    expect(() => readCluster(takeFrame(sent)!.frame)).to.throw(FrameError, 'announced');
  });

  it('is refused if it has a role that nobody knows', () => {
    const sent = response(3, u64(1n), u64(7n), text('a'), u64(3n));
    expect(() => readCluster(takeFrame(sent)!.frame)).to.throw(FrameError, 'unknown role 3');
    expect(Object.values(wireRoles)).to.have.length(3);
  });

  it('is read or refused with a word, whatever bytes come', () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    const type = fc.constantFrom(0, 1, 3, 10);
    fc.assert(
      fc.property(type, bytes, (type, bytes) => {
        const body = Buffer.from(bytes);
        for (const read of [readLeader, readCluster, readDescription])
          try {
            read({ type, body });
          } catch (error) {
            if (!(error instanceof FrameError) && !(error instanceof DqliteFailure)) throw error;
          }
      }),
      { numRuns: 500 },
    );
  });

  it('is taken from any stream of bytes, or refused, and always shortens it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        let received = Buffer.from(bytes);
        try {
          for (let taken = takeFrame(received); taken !== undefined; taken = takeFrame(received)) {
            expect(taken.rest.length).to.be.lessThan(received.length);
            received = Buffer.from(taken.rest);
          }
        } catch (error) {
          if (!(error instanceof FrameError)) throw error;
        }
      }),
    );
  });
});
