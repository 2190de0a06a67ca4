import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { limit, type Limit } from '../model/fields.ts';
import type { Timeline } from '../model/timeline.ts';
import { afterFaultOrHeal } from './after.ts';
import { neverFired, notYet, sinceOf } from './injected.ts';
import { leftBy, sayHitsNone } from './pod-looks.ts';
import { findReplaced } from './replaced.ts';
import { timingClaim, type Finding } from './timing.ts';

interface PodsRunParams {
  readonly within: Limit;
  readonly after?: string | undefined;
}

/**
 * As many pods of the workload are ready as before the fault, none of them one that the fault hits and none on a node
 * that it is aimed at. A pod on a dead node is told to be ready for a while; it does not count. Once the fault was taken
 * back, all count.
 */
export const podsRun: Claim<PodsRunParams> = timingClaim({
  name: 'pods-run',
  summary: 'as many pods of the workload are ready as before, in place of those that were hit',
  schema: z.strictObject({ within: limit, after: afterFaultOrHeal }),
  probes: ['pods'],
  fromHealing: true,
  promise: 'as many ready pods of the workload as before',
  find: findPodsRun,
});

/** When as many pods are ready in place of those that were hit. */
export function findPodsRun({ after }: Pick<PodsRunParams, 'after'>, timeline: Timeline): Finding {
  const since = sinceOf(timeline, after);
  if (since === undefined)
    return { kind: 'pending', because: after === 'heal' ? notYet(timeline) : neverFired };
  return findReplaced(timeline, since, {
    counts: leftBy(since),
    kept: 'not hit',
    again: after === 'heal' ? 'again' : 'in place of those that were hit',
    ...(after === 'heal' && { countsAgain: () => true }),
    none: sayHitsNone,
  });
}
