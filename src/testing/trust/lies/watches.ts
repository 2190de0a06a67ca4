/** Lies about watches, which are open and tell nothing, or tell what is not so. */
import type { WatchSeen } from '../../../model/timeline.ts';
import { inTimeline, samples } from './in-timeline.ts';
import type { Lie } from './lie.ts';

const alive = ['watches-alive', { within: '20s', on: 'every-survivor' }] as const;

export const watchLies: readonly Lie[] = [
  inTimeline({
    lie: 'a watch is open and silent, while reads and writes work',
    claim: alive,
    truth: { silences: [{ node: 'pi3', from: 2000, to: 90_000 }] },
    outcome: 'fail',
    because: /what was written was not told any more by the watch on pi3 in the \d+\.\d s after/,
  }),
  inTimeline({
    lie: 'a watch tells a number that is far beyond all that was written, and the same for ever',
    claim: alive,
    written: samples((sample) => {
      if (sample.series !== 'watch@pi3' || sample.ok !== true) return {};
      return { value: { ...(sample.value as WatchSeen), n: 1_000_000 } };
    }),
    outcome: 'fail',
    because: /the watch on pi3 told 1000000 of pi4 at \d+\.\d+ s, which nobody had written/,
  }),
  inTimeline({
    lie: 'a watch told nothing before the fault either',
    claim: alive,
    truth: { silences: [{ node: 'pi2', from: -30_000, to: 90_000 }] },
    outcome: 'invalid',
    because: /0 looks at the watch on pi2 told anything before the fault/,
  }),
  inTimeline({
    lie: 'nothing is written that a watch could have told',
    claim: alive,
    world: { writes: {} },
    truth: { deaf: [{ series: 'write@pi4', from: 15_000, to: 90_000 }] },
    outcome: 'invalid',
    because: /looks at the watch on pi3 told anything .*was nothing written\?/,
  }),
  inTimeline({
    lie: 'a watch is said to be alive and nothing is told of what it told',
    claim: alive,
    written: samples((sample) =>
      sample.series === 'watch@pi4' ? { ok: true, error: undefined, value: undefined } : {},
    ),
    outcome: 'invalid',
    because: /watch@pi4 said yes at \d+\.\d+ s and had seen no answer/,
  }),
];
