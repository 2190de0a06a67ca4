import { expect } from 'chai';
import type { Stretches } from '../model/kept.ts';
import type { Sample } from '../model/timeline.ts';
import { badLook, look, timelineWith } from '../testing/looks.ts';
import { keptWrites, type KeptWrites } from './kept-writes.ts';
import { writtenThrough } from './written.ts';

/** The first writes through pi2, one every 100 ms from 10 s on; some were not acknowledged. */
function writes(count: number, ...unanswered: readonly number[]): readonly Sample[] {
  return Array.from({ length: count }, (_, index) => {
    const [n, sent] = [index + 1, 10_000 + index * 100];
    return unanswered.includes(n)
      ? badLook('write@pi2', sent, 'EDEADLINE')
      : look('write@pi2', sent, { status: 200, n });
  });
}

/** What a read finds in the object of pi2. */
function read(sent: number, kept: Stretches, through = 'pi1', of = 'pi2'): Sample {
  return look(`read@${through}`, sent, { of, kept });
}

function kept(...looks: readonly Sample[]): KeptWrites {
  return keptWrites(timelineWith(looks));
}

/** The numbers of acknowledged writes that are found, lost and told late. */
function fates({ found, lost, stale }: KeptWrites): readonly (readonly number[])[] {
  return [
    [...found].map(({ n }) => n),
    lost.map(({ write }) => write.n),
    stale.map(({ write }) => write.n),
  ];
}

describe('a write that was acknowledged', () => {
  it('is looked for by the reads that were sent after its acknowledgement', () => {
    expect(fates(kept(...writes(2), read(10_111, [[1, 2]])))).to.deep.equal([[1, 2], [], []]);
    expect(fates(kept(...writes(2), read(10_110, [[1, 1]])))).to.deep.equal([[1], [], []]);
    expect(fates(kept(...writes(2), read(10_111, [[1, 1]])))).to.deep.equal([[1], [2], []]);
    const { acknowledged, reads } = kept(
      ...writes(2, 1),
      read(10_300, [[2, 2]]),
      badLook('read@pi1', 10_400, 'EDEADLINE'),
    );
    expect(acknowledged).to.deep.equal([{ node: 'pi2', n: 2, sent: 10_100, got: 10_110 }]);
    expect(reads).to.equal(1);
  });

  it('is lost where nothing is in its place, with the first read that shows it', () => {
    const { lost } = kept(...writes(1), read(10_300, []), read(10_400, [], 'pi3'));
    expect(lost).to.deep.equal([
      {
        write: { node: 'pi2', n: 1, sent: 10_000, got: 10_010 },
        ...{ through: 'pi1', sent: 10_300, got: 10_310, instead: undefined },
      },
    ]);
  });

  it('is told late where a later read finds it, whoever asks', () => {
    const late = [read(10_400, [[1, 1]]), read(10_300, [], 'pi3')];
    const { stale, lost } = kept(...writes(1), ...late);
    expect(lost).to.deep.equal([]);
    expect(stale.map(({ through, sent }) => [through, sent])).to.deep.equal([['pi3', 10_300]]);
  });

  it('is not looked for in the object of another', () => {
    expect(fates(kept(...writes(1), read(10_300, [], 'pi1', 'pi3')))).to.deep.equal([[], [], []]);
  });

  it('gives its place to the sixteenth after it, which may be there before it is acknowledged', () => {
    const taken: Stretches = [[2, 17]];
    expect(fates(kept(...writes(16), read(11_600, taken)))[1]).to.deep.equal([]);
    const found = fates(kept(...writes(17), read(11_700, taken)));
    expect(found[0]).to.have.length(16).and.include(17).and.not.include(1);
  });

  it('is lost where an older one is in its place that was acknowledged before it was sent', () => {
    const old: Stretches = [[1, 16]];
    expect(fates(kept(...writes(17), read(11_700, old)))[1]).to.deep.equal([17]);
    // One that nobody acknowledged may have been done late, after it.
    expect(fates(kept(...writes(17, 1), read(11_700, old)))[1]).to.deep.equal([]);
    const slow = writes(17).map((one, index) => (index === 0 ? { ...one, got: 11_600 } : one));
    expect(fates(kept(...slow, read(11_700, old)))[1]).to.deep.equal([]);
    const just = writes(17).map((one, index) => (index === 0 ? { ...one, got: 11_599 } : one));
    expect(fates(kept(...just, read(11_700, old)))[1]).to.deep.equal([17]);
  });

  it('is the newest of its place, in whatever order they are acknowledged', () => {
    const turned = writes(17).map((one, index) => (index === 0 ? { ...one, got: 11_650 } : one));
    const [found, lost] = fates(kept(...turned, read(11_700, [[2, 17]])));
    expect(found).to.include(17);
    expect(lost).to.deep.equal([]);
  });

  it('is looked for once it is acknowledged, though one before it is not yet', () => {
    const slow = writes(2).map((one, index) => (index === 0 ? { ...one, got: 10_500 } : one));
    expect(fates(kept(...slow, read(10_300, [])))).to.deep.equal([[], [2], []]);
  });
});

describe('a number', () => {
  it('is invented that nobody had sent by then', () => {
    const looks = [...writes(60), read(12_000, [[1, 16]]), read(12_050, [[25, 25]], 'pi3')];
    expect(kept(...looks).invented).to.deep.equal([{ through: 'pi3', got: 12_060, n: 25 }]);
    expect(kept(...writes(60), read(12_000, [])).invented).to.deep.equal([]);
  });

  it('may be written from when its look has left', () => {
    const mayHold = writtenThrough(timelineWith(writes(60)), 'pi2')!;
    expect([mayHold(3, 10_200), mayHold(3, 10_199), mayHold(0, 0)]).to.deep.equal([
      ...[true, false, true],
    ]);
    expect(writtenThrough(timelineWith(writes(60)), 'pi3')).to.equal(undefined);
  });

  it('may be of one of twenty looks that are under way as the timeline ends, of which nothing is written', () => {
    // The last look came back at 15.910 s.
    const mayHold = writtenThrough(timelineWith(writes(60)), 'pi2')!;
    expect([mayHold(46, 14_410), mayHold(46, 14_411)]).to.deep.equal([false, true]);
    expect([mayHold(80, 15_900), mayHold(81, 15_900)]).to.deep.equal([true, false]);
    const none = writtenThrough(timelineWith(writes(1)), 'pi2')!;
    expect([none(21, 10_000), none(22, 10_000)]).to.deep.equal([true, false]);
  });
});
