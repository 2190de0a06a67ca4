import { expect } from 'chai';
import type { Sample } from '../../model/timeline.ts';
import { aboutOf, badLook, look } from '../../testing/looks.ts';
import type { Reading } from './kind.ts';
import { watchTold } from './watch-told.ts';

const watch = (sent: number, n: number): Sample =>
  look('watch@pi1', sent, { of: 'pi2', n, opened: 1 });
const write = (sent: number, n: number): Sample => look('write@pi2', sent, { status: 200, n });
/** A write that may have been done or not: what it would have written is known. */
const lost = (sent: number, n: number): Sample => ({
  ...badLook('write@pi2', sent, 'EDEADLINE'),
  value: { n },
});

function read(...looks: readonly Sample[]): readonly Reading[] {
  return watchTold.read(aboutOf(looks));
}

describe('until a watch tells of a later write', () => {
  const before = write(10_000, 6);

  it('is of one that was sent after all of the fault, by the look that first tells it', () => {
    expect(
      read(before, write(10_004, 7), write(10_200, 8), watch(10_100, 6), watch(10_300, 7)),
    ).to.deep.equal([{ of: 'pi1', measuredMs: { lo: 96, hi: 310 } }]);
  });

  it('is of the first number that may have been written, as long as one was acknowledged', () => {
    const looks = [before, watch(10_100, 6), watch(10_300, 7)];
    // One of which not even the number is known tells nothing.
    const unknown = badLook('write@pi2', 10_020, 'EDEADLINE');
    for (const first of [[], [unknown]])
      expect(read(...looks, ...first, lost(10_050, 7), write(10_200, 8))).to.deep.equal([
        { of: 'pi1', measuredMs: { lo: 96, hi: 310 } },
      ]);
    const none = [
      { of: 'pi1', because: 'no write was acknowledged through pi2, whose object it watches' },
    ];
    expect(read(...looks, lost(10_050, 7))).to.deep.equal(none);
    expect(read(...looks)).to.deep.equal(none);
    expect(read(...looks, write(19_991, 7))).to.deep.equal(none);
    expect(read(...looks, write(19_990, 7))[0]).to.have.property('measuredMs');
    expect(read(watch(10_100, 6))).to.deep.equal(none);
  });

  it('is told by looks that had an answer, and denied by those', () => {
    const silent = [10_060, 10_200].map((sent) => badLook('watch@pi1', sent, 'EDEADLINE'));
    expect(read(write(10_050, 7), ...silent, watch(10_100, 6), watch(10_300, 7))).to.deep.equal([
      { of: 'pi1', measuredMs: { lo: 96, hi: 310 } },
    ]);
  });

  it('is not looked for after the healing', () => {
    expect(read(write(10_050, 7), watch(10_100, 6), watch(20_001, 7))).to.deep.equal([
      { of: 'pi1', measuredMs: { atLeast: 96 } },
    ]);
    expect(read(write(10_050, 7), watch(20_000, 7))).to.deep.equal([
      { of: 'pi1', measuredMs: { lo: 0, hi: 10_010 } },
    ]);
    expect(read(write(10_050, 7), watch(20_001, 7))).to.deep.equal([
      { of: 'pi1', because: 'watch@pi1 was not sampled after the fault' },
    ]);
  });
});
