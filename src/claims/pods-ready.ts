import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { countOf } from '../model/countof.ts';
import { limit, type Limit } from '../model/fields.ts';
import { between, sayInstant } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import { afterFault } from './after.ts';
import { neverFired, sinceOf } from './injected.ts';
import { notTold, podLooks, podsOf } from './pod-looks.ts';
import { toldFrom } from './pods-told.ts';
import { tooSparse } from './sampling.ts';
import { everyMsOf, type Used } from './series.ts';
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
  const before = looks.findLast(({ got }) => got <= since.before);
  if (before === undefined) return { kind: 'invalid', because: notTold };
  const had = readyIn(before);
  if (had === ready)
    return { kind: 'not-applicable', because: `${countOf(ready, 'pod')} ready before already` };
  const later = looks.filter(({ sent }) => sent >= since.at.lo && sent <= since.until);
  const { denied, shown } = toldFrom(later, (look) => readyIn(look) === ready, since.at.lo);
  const said = `${countOf(had, 'pod')} ready before`;
  if (shown === undefined) {
    const counts = later.map(readyIn);
    const most = ready > had ? Math.max(had, ...counts) : Math.min(had, ...counts);
    return {
      kind: 'measured',
      measured: { atLeast: Math.max(0, denied - since.at.hi) },
      says: `${countOf(ready, 'ready pod')} not seen`,
      evidence: [said, `${ready > had ? 'never more' : 'never fewer'} than ${most} were told`],
    };
  }
  const evidence = [
    said,
    `${ready} told between ${sayInstant(shown.lo)} and ${sayInstant(shown.hi)}`,
  ];
  const sparse = tooSparse(shown, everyMsOf(timeline, 'pods'));
  if (sparse !== undefined) return { kind: 'invalid', because: sparse, evidence };
  return {
    kind: 'measured',
    measured: between(since.at, shown),
    says: `${countOf(ready, 'pod')} ${ready === 1 ? 'was' : 'were'} ready`,
    evidence,
  };
}

function readyIn(look: Used): number {
  return podsOf(look).filter((pod) => pod.ready).length;
}
