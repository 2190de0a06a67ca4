import { expect } from 'chai';
import type { Sample } from '../model/timeline.ts';
import { intentOf } from '../testing/intent.ts';
import { badLook, deed, look, timelineWith } from '../testing/looks.ts';
import { quietSince, tooSparse, vacuous } from './sampling.ts';

function slots(from: number, count: number): readonly Sample[] {
  return Array.from({ length: count }, (_, index) =>
    look('write@pi2', from + index * 100, { status: 200 }),
  );
}

describe('a series that did not work before', () => {
  const because = (looks: readonly Sample[], everyMs = 100): string | undefined => {
    const timeline = timelineWith([...looks, badLook('write@pi2', 9995, 'EDEADLINE')]);
    return vacuous(
      timeline,
      timeline.plan.series.map((one) => ({ ...one, everyMs })),
      10_000,
    );
  };

  it('has fewer than ten good samples in two seconds', () => {
    expect(because(slots(8000, 10))).to.equal(undefined);
    expect(because(slots(8000, 9))).to.equal(
      'write@pi2 had 9 good samples in the 2.00 s before the fault and needs 10: nothing can be told from it',
    );
    // Two of these are no longer, or not yet, of those two seconds.
    expect(because([...slots(7999, 1), ...slots(8100, 9)])).to.include('had 9 good');
    expect(because([...slots(8100, 9), look('write@pi2', 9991, { status: 200 })])).to.include(
      'had 9',
    );
    expect(because([...slots(8100, 9), look('write@pi2', 9990, { status: 200 })])).to.equal(
      undefined,
    );
  });

  it('has fewer than half of those intended, if it is slow, and one at the least', () => {
    expect(because(slots(8000, 4), 250)).to.equal(undefined);
    expect(because(slots(8000, 3), 250)).to.include('needs 4');
    expect(because(slots(8000, 1), 5000)).to.equal(undefined);
    expect(because([], 5000)).to.include('had 0 good samples');
  });
});

describe('a change', () => {
  it('is seen well within half a second, five slots, or a twentieth of its limit', () => {
    const seen = (width: number, everyMs = 100, limit?: number | 'predicted'): boolean =>
      tooSparse({ lo: 1000, hi: 1000 + width }, everyMs, limit) === undefined;
    expect([seen(500), seen(501)]).to.deep.equal([true, false]);
    expect([seen(1000, 200), seen(1001, 200)]).to.deep.equal([true, false]);
    expect([seen(3000, 100, 60_000), seen(3001, 100, 60_000)]).to.deep.equal([true, false]);
    expect([seen(500, 100, 'predicted'), seen(501, 100, 'predicted')]).to.deep.equal([true, false]);
    expect(tooSparse({ lo: 0, hi: 900 }, 100)).to.equal(
      'the change was seen only to within 0.90 s: the samples around it are too sparse (at most 0.50 s is good enough)',
    );
  });
});

describe('quiet since a fault', () => {
  const fired = {
    ...({ type: 'fault', step: 'kill', state: 'fired', at: deed.hi, span: deed } as const),
    intent: intentOf('test', 'pi1', 'node-timer', []),
  };
  const isQuiet = (looks: readonly Sample[], happened = [fired]): boolean => {
    const timeline = timelineWith(looks, happened);
    return quietSince(timeline, undefined, () => timeline.plan.series);
  };

  it('is what has not failed for two seconds after it', () => {
    expect(isQuiet(slots(10_004, 21))).to.equal(true);
    expect(isQuiet(slots(10_003, 21))).to.equal(false);
    expect(isQuiet([])).to.equal(true);
    // One that was looked at before it alone is not known to be quiet.
    expect(isQuiet(slots(5000, 1))).to.equal(false);
    expect(isQuiet([badLook('write@pi2', 10_100, 'EDEADLINE')])).to.equal(false);
    const failed = (due: number): boolean =>
      isQuiet(
        [...slots(10_050, 31), badLook('write@pi2', due, 'EDEADLINE')].sort(
          (a, b) => a.due - b.due,
        ),
      );
    // The last of them is at 13.050 s.
    expect([failed(11_049), failed(11_050), failed(13_000)]).to.deep.equal([true, false, false]);
  });

  it('is nothing before it', () => {
    expect(isQuiet(slots(10_004, 21), [])).to.equal(false);
  });
});
