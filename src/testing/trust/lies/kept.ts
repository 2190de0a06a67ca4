/** Lies about what was written: what was acknowledged and is not there, and what is there and nobody wrote. */
import type { ReadSeen } from '../../../model/timeline.ts';
import { leaderLoss } from '../../timelines.ts';
import { inTimeline, samples, type Rewritten } from './in-timeline.ts';
import type { Sample } from '../../../model/timeline.ts';
import type { Lie } from './lie.ts';

const survive = ['acknowledged-writes-survive', {}] as const;

export const keptLies: readonly Lie[] = [
  inTimeline({
    lie: 'the new leader does not have what was acknowledged in the last half second before the fault',
    claim: survive,
    truth: { losses: [{ node: 'pi1', from: -500, to: 0, goneAt: 1000 }] },
    outcome: 'fail',
    because: /[23] acknowledged writes are lost; the first: \d+ was written through pi1/,
  }),
  inTimeline({
    lie: 'an API server says 200 to every write and stores none of them',
    claim: survive,
    truth: { losses: [{ node: 'pi2', from: -90_000, to: 90_000, goneAt: -90_000 }] },
    outcome: 'fail',
    because:
      /acknowledged writes are lost; the first: 1 was written through pi2 .*returned nothing in its place/,
  }),
  inTimeline({
    lie: 'more is lost than the scenario allows',
    claim: ['acknowledged-writes-survive', { 'may-lose': '1s' }],
    truth: { losses: [{ node: 'pi1', from: -1500, to: 0, goneAt: 1000 }] },
    outcome: 'fail',
    because: /\d acknowledged writes are lost; the first/,
  }),
  inTimeline({
    lie: 'the object is gone as a whole after the fault',
    claim: survive,
    written: reads(({ value }, after) => {
      const seen = value as ReadSeen;
      return seen.of === 'pi2' && after > 10_000 ? { value: { ...seen, kept: [] } } : {};
    }),
    outcome: 'fail',
    because: /acknowledged writes are lost.*returned nothing in its place/,
  }),
  inTimeline({
    lie: 'a read shows a number that is far beyond all that was written',
    claim: survive,
    written: ahead(5000),
    outcome: 'fail',
    because: /a read through pi3 at \d+\.\d+ s returned \d+, which nobody had written/,
  }),
  inTimeline({
    lie: 'a read shows a number that is written only half a second later',
    claim: survive,
    written: ahead(5),
    outcome: 'fail',
    because: /a read through pi3 at \d+\.\d+ s returned \d+, which nobody had written/,
  }),
  inTimeline({
    lie: 'nothing is read again until all of it has been overwritten',
    claim: survive,
    truth: {
      deaf: ['pi1', 'pi2', 'pi3', 'pi4'].map((node) => ({
        series: `read@${node}`,
        from: leaderLoss.fired - 3000,
        to: leaderLoss.heal,
      })),
    },
    outcome: 'unknown',
    because: /acknowledged writes were never looked at again/,
  }),
  inTimeline({
    lie: 'reads never worked through one of the API servers',
    claim: survive,
    truth: { deaf: [{ series: 'read@pi4', from: 0, to: 90_000 }] },
    outcome: 'invalid',
    because: /read@pi4 had 0 good samples before the fault and needs 10/,
  }),
];

function reads(change: (sample: Sample, after: number) => Rewritten) {
  return samples((sample, after) =>
    sample.series.startsWith('read@') && sample.value !== undefined ? change(sample, after) : {},
  );
}

/** One read shows a number that is so far ahead of the newest that it could show. */
function ahead(by: number) {
  return reads(({ series, value }, after) => {
    if (series !== 'read@pi3' || after < 20_000 || after >= 20_199) return {};
    const { of, kept } = value as ReadSeen;
    const newest = Math.max(...kept.map(([, last]) => last));
    return { value: { of, kept: [...kept, [newest + by, newest + by]] } };
  });
}
