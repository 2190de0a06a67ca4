import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { countOf } from '../model/countof.ts';
import { limit, type Limit } from '../model/fields.ts';
import { sayInstant } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import { afterFault } from './after.ts';
import { lastBefore } from './clocks/kind.ts';
import { neverFired, sinceOf } from './injected.ts';
import { notTold, podLooks, readyIn } from './pod-looks.ts';
import { findTold } from './pods-told.ts';
import { timingClaim, type Finding } from './timing.ts';

interface PodsReadyParams {
  readonly ready: number;
  readonly within: Limit;
  readonly after?: string | undefined;
}

/** Just so many pods of the workload are ready: that a change of their number came to what was asked, in time. */
export const podsReady: Claim<PodsReadyParams> = timingClaim({
  name: 'pods-ready',
  summary: 'just so many pods of the workload are ready, as after a scaling',
  schema: z.strictObject({
    ready: z.int().min(0).max(1000).describe('How many'),
    within: limit,
    after: afterFault,
  }),
  probes: ['pods'],
  promise: ({ ready }) => `just ${countOf(ready, 'ready pod')} of the workload`,
  find,
});

function find({ ready, after }: PodsReadyParams, timeline: Timeline): Finding {
  const since = sinceOf(timeline, after);
  if (since === undefined) return { kind: 'pending', because: neverFired };
  const looks = podLooks(timeline, since.before);
  const before = lastBefore({ timeline, since }, looks);
  if (before === undefined) return { kind: 'invalid', because: notTold };
  const had = readyIn(before);
  if (had === ready)
    return { kind: 'not-applicable', because: `${countOf(ready, 'pod')} ready before already` };
  const isMore = ready > had;
  return findTold(timeline, since, looks, {
    isSo: (look) => readyIn(look) === ready,
    before: `${countOf(had, 'pod')} ready before`,
    shown: {
      says: `${countOf(ready, 'pod')} ${ready === 1 ? 'was' : 'were'} ready`,
      evidence: ({ lo, hi }) => `${ready} told between ${sayInstant(lo)} and ${sayInstant(hi)}`,
    },
    missed: {
      says: `${countOf(ready, 'ready pod')} not seen`,
      evidence: (_denied, later) => {
        const counts = [had, ...later.map((look) => readyIn(look))];
        const most = isMore ? Math.max(...counts) : Math.min(...counts);
        return `${isMore ? 'never more' : 'never fewer'} than ${most} were told`;
      },
    },
  });
}
