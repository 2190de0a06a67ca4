import { expect } from 'chai';
import type { Sample } from '../model/timeline.ts';
import { aboutOf, badLook, look } from '../testing/looks.ts';
import { podsIn } from '../testing/pods.ts';
import { findReplaced } from './replaced.ts';
import type { Finding } from './timing.ts';

/** Looks of every 100 ms at pods as `podsIn` reads them, from an instant to another. */
function told(from: number, until: number, pods: string): readonly Sample[] {
  return Array.from({ length: (until - from) / 100 + 1 }, (_, index) =>
    look('pods@pi3', from + index * 100, { pods: podsIn(pods) }),
  );
}

/** When as many pods are ready on nodes other than pi1, after a fault at 10.000 to 10.004 s that was taken back at 20 s. */
function found(looks: readonly Sample[], everyMs = 100): Finding {
  const { timeline, since } = aboutOf(looks);
  const series = timeline.plan.series.map((one) => ({ ...one, everyMs }));
  return findReplaced({ ...timeline, plan: { ...timeline.plan, series } }, since, {
    counts: ({ node }) => node !== 'pi1',
    kept: 'not on pi1',
    again: 'elsewhere',
    none: (ready) => `leaves all ${ready}`,
  });
}

const before = told(9000, 9900, 'a@pi1');

describe('pods in place of those that are gone', () => {
  it('are ready from the first look that shows them, after the last that denies it', () => {
    const looks = [...before, ...told(10_000, 14_900, ''), ...told(15_000, 19_900, 'c@pi3')];
    expect(found(looks)).to.deep.equal({
      kind: 'measured',
      measured: { lo: 4896, hi: 5010 },
      says: '1 pod was ready elsewhere',
      evidence: [
        '1 pod was ready before, 0 of them not on pi1',
        '1 other was told between 14.900 s and 15.010 s',
      ],
    });
  });

  it('are ready only if nobody denies it for two seconds before the fault is taken back', () => {
    const until = (from: number): Finding =>
      found([...before, ...told(10_000, from - 100, ''), ...told(from, 20_000, 'c@pi3')]);
    expect(until(18_000)).to.deep.include({ measured: { lo: 7896, hi: 8010 } });
    expect(until(18_100)).to.deep.include({ measured: { atLeast: 7996 } });
    const flicker = (at: number): Finding =>
      found([
        ...[...before, ...told(10_000, 10_900, ''), ...told(11_000, at - 100, 'c@pi3')],
        ...[...told(at, at, ''), ...told(at + 100, 20_000, 'c@pi3')],
      ]);
    expect(flicker(13_000)).to.deep.include({ measured: { lo: 2996, hi: 3110 } });
    expect(flicker(13_100)).to.deep.include({ measured: { lo: 896, hi: 1010 } });
  });

  it('are not seen where too few looks came around the change, by how often there are looks', () => {
    const silent = Array.from({ length: 9 }, (_, index) =>
      badLook('pods@pi3', 14_100 + index * 100, 'EDEADLINE'),
    );
    const looks = [
      ...[...before, ...told(10_000, 14_000, '')],
      ...[...silent, ...told(15_000, 19_900, 'c@pi3')],
    ];
    expect(found(looks)).to.deep.include({ kind: 'invalid' });
    expect(found(looks, 202)).to.deep.include({ kind: 'measured' });
  });
});
