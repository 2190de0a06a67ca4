/** Lies about writes: what is an acknowledgement, and for how long there was none. */
import { leaderLoss } from '../../timelines.ts';
import { inTimeline, missed, samples } from './in-timeline.ts';
import type { Lie } from './lie.ts';

const resume = ['writes-resume', { within: '10s' }] as const;
const outage = ['write-outage', { longest: '5s' }] as const;
const nothing = ['nothing-acknowledged', { on: 'targets' }] as const;
const acknowledged = { ok: true, error: undefined, value: { status: 200, n: 1 } };
/** Of healing, after the fault. */
const healed = leaderLoss.heal - leaderLoss.fired;

export const writeLies: readonly Lie[] = [
  inTimeline({
    lie: 'a 409 is called an acknowledgement',
    claim: resume,
    written: samples((sample, after) =>
      sample.series === 'write@pi2' && after > 0 ? { ok: true, value: { status: 409, n: 1 } } : {},
    ),
    outcome: 'fail',
    because: /writes through pi2 were not seen to resume in the 30\.\d s|in the 29\.\d s/,
  }),
  inTimeline({
    lie: 'the probe of writes says yes to every slot and has seen no answer',
    claim: resume,
    written: samples((sample) =>
      sample.series === 'write@pi2' ? { ok: true, error: undefined, value: undefined } : {},
    ),
    outcome: 'invalid',
    because: /write@pi2 said yes at \d+\.\d+ s and had seen no answer/,
  }),
  inTimeline({
    lie: 'one write is acknowledged a second after the fault, and then none',
    claim: resume,
    truth: {
      writes: { pi2: 1000, pi3: 2120, pi4: 2390 },
      writesDown: [{ node: 'pi2', from: 1100, to: 90_000 }],
    },
    outcome: 'fail',
    because: /writes through pi2 were not seen to resume/,
  }),
  inTimeline({
    lie: 'only the API server of one survivor takes no writes, for twelve seconds',
    claim: outage,
    truth: { writesDown: [{ node: 'pi3', from: 15_000, to: 27_000 }] },
    outcome: 'fail',
    because:
      /the longest time without an acknowledged write was 1\d\.\d s .*through pi3.*beyond the limit/,
  }),
  inTimeline({
    lie: 'no write fails, as all of them wait: for most of a second nothing was written',
    claim: ['write-outage', { longest: '500ms' }],
    world: { writes: {}, writesWait: true },
    truth: { writes: { pi2: 850, pi3: 850, pi4: 850 } },
    outcome: 'unknown',
    because:
      /no time without an acknowledged write was longer than 0\.[89]\d s; the limit of 500 ms lies within/,
  }),
  inTimeline({
    lie: 'the slots of an outage were missed, those of one series alone',
    claim: outage,
    written: samples((sample, after) =>
      sample.series === 'write@pi4' && after > 8000 && after < 14_000 ? missed : {},
    ),
    outcome: 'unknown',
    because:
      /no time without an acknowledged write was longer than|the longest time without.*the limit of 5 s lies within/,
  }),
  inTimeline({
    lie: 'the last outage has not ended when the run does',
    claim: outage,
    truth: { writesDown: [{ node: 'pi2', from: 43_000, to: 90_000 }] },
    outcome: 'fail',
    because: /through pi2, had not ended after \d+\.\d+ s; that is beyond/,
  }),
  inTimeline({
    lie: 'the minority acknowledges one write',
    claim: nothing,
    world: { isolated: true },
    written: samples((sample, after) =>
      sample.series === 'write@pi1' && after > 10_000 && after < 10_097 ? acknowledged : {},
    ),
    outcome: 'fail',
    because: /1 write was acknowledged by pi1 while the fault was in force/,
  }),
  inTimeline({
    lie: 'the partition is said to have bitten and drops nothing',
    claim: nothing,
    world: { isolated: true },
    written: samples((sample, after) =>
      sample.series === 'write@pi1' && after > 0 && after < healed ? acknowledged : {},
    ),
    outcome: 'fail',
    because: /\d{3} writes were acknowledged by pi1 while the fault was in force/,
  }),
  inTimeline({
    lie: 'nothing comes to the minority at all, so that it could not acknowledge anything',
    claim: nothing,
    world: { isolated: true },
    truth: {
      deaf: ['write@pi1', 'leader@pi1'].map((series) => ({
        series,
        from: leaderLoss.fired,
        to: leaderLoss.heal + 2000,
      })),
    },
    outcome: 'invalid',
    because: /nothing shows that a write came to pi1 at all/,
  }),
  inTimeline({
    lie: 'the minority is hardly asked while it is cut off',
    claim: nothing,
    world: { isolated: true },
    written: samples((sample, after) =>
      sample.series === 'write@pi1' && after > 500 && after < healed - 1000 ? missed : {},
    ),
    outcome: 'invalid',
    because: /write@pi1 was tried \d+ times while the fault was in force.*too little to tell/,
  }),
];
