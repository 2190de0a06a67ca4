import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { limit, type Limit } from '../model/fields.ts';
import { endsKubelet } from '../model/snapshot.ts';
import { isSeen, sayDuration } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import { afterFault } from './after.ts';
import { endpointsUpdated } from './clocks/endpoints-updated.ts';
import { neverFired, sinceOf, type Since } from './injected.ts';
import { findReplaced } from './replaced.ts';
import { timingClaim, type Finding } from './timing.ts';

interface PodsMovedParams {
  readonly within: Limit;
  readonly after?: string | undefined;
}

/**
 * As many pods of the workload are ready on other nodes as were before the fault, in place of those on nodes that it takes
 * down. How long the Service still led to the dead ones is told beside it: requests that came there failed.
 */
export const podsMoved: Claim<PodsMovedParams> = timingClaim({
  name: 'pods-moved',
  summary: 'pods of the workload on nodes that went down are ready on other nodes',
  schema: z.strictObject({ within: limit, after: afterFault }),
  probes: ['pods', 'endpoints'],
  promise: 'the pods of nodes that went down ready on others',
  find: findPodsMoved,
});

function findPodsMoved({ after }: Pick<PodsMovedParams, 'after'>, timeline: Timeline): Finding {
  const since = sinceOf(timeline, after);
  if (since === undefined) return { kind: 'pending', because: neverFired };
  const down = nodesDown(timeline, since);
  if (down.length === 0) return { kind: 'not-applicable', because: 'the fault takes no node down' };
  const names = down.join(', ');
  const finding = findReplaced(timeline, since, {
    counts: ({ node }) => node === undefined || !down.includes(node),
    kept: `not on ${names}`,
    again: 'on other nodes',
    none: (ready) =>
      `takes ${names} down, where ${ready === 1 ? 'the only ready pod did not stand' : `none of the ${ready} ready pods stood`}`,
  });
  return finding.kind === 'measured'
    ? { ...finding, evidence: [...finding.evidence, ...ledTo(timeline, since)] }
    : finding;
}

/** The nodes of which nothing is heard while the fault stands. */
function nodesDown({ plan: { snapshot } }: Timeline, { intents }: Since): readonly string[] {
  return intents.flatMap(({ service, targets, nodesDown = [], loss }) =>
    endsKubelet(snapshot, service) && loss !== 'handed-over' ? targets : nodesDown,
  );
}

/** Why requests failed meanwhile. */
function ledTo(timeline: Timeline, since: Since): readonly string[] {
  return endpointsUpdated.read({ timeline, since }).flatMap(({ measuredMs }) => {
    if (measuredMs === undefined) return [];
    const until = isSeen(measuredMs) ? 'for' : 'to the end of the question, for';
    return `the Service led to the dead pods ${until} ${sayDuration(measuredMs)}: requests that came there failed`;
  });
}
