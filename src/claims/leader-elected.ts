import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { limit, type Limit } from '../model/fields.ts';
import { between } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import { afterFault } from './after.ts';
import { electionAfter } from './election.ts';
import { injectedBy, neverFired, sinceOf, type Injected } from './injected.ts';
import { membersBefore, nodeOf, type MembersBefore } from './members.ts';
import { tooSparse, vacuous } from './sampling.ts';
import { everyMsOf, seriesOf } from './series.ts';
import { timingClaim, type Finding } from './timing.ts';

interface LeaderElectedParams {
  readonly within: Limit;
  readonly after?: string | undefined;
}

/** A majority of the configured voters names the same new leader, and that leader names itself. */
export const leaderElected: Claim<LeaderElectedParams> = timingClaim({
  name: 'leader-elected',
  summary: 'a majority of the voters names the same new leader, which agrees',
  schema: z.strictObject({
    within: limit,
    after: afterFault,
  }),
  probes: ['leader', 'roles'],
  promise: 'a new leader',
  find: findElected,
});

/** The election that a fault caused. */
export function findElected(
  { after }: Pick<LeaderElectedParams, 'after'>,
  timeline: Timeline,
): Finding {
  const injected = injectedBy(timeline, after);
  if (injected === undefined) return { kind: 'pending', because: neverFired };
  const { snapshot } = timeline.plan;
  const before = membersBefore(timeline, injected.fired.lo);
  const wrong = wrongVictim(timeline, injected, before) ?? unwatched(timeline, injected, before);
  if (wrong !== undefined) return wrong;
  const election = electionAfter(timeline, injected, before);
  const leaderBefore = `the leader before was ${before.leader ?? 'unknown'} on ${nodeOf(snapshot, before.leader ?? '')}`;
  if (!('leader' in election)) {
    const { deniedUntil, evidence } = election;
    return {
      kind: 'measured',
      measured: { atLeast: Math.max(0, deniedUntil - injected.fired.hi) },
      says: 'no new leader was seen',
      evidence: [leaderBefore, ...evidence],
    };
  }
  const evidence = [leaderBefore, ...election.evidence];
  const sparse = tooSparse(election.span, everyMsOf(timeline, 'leader'));
  if (sparse !== undefined) return { kind: 'invalid', because: sparse, evidence };
  return {
    kind: 'measured',
    measured: between(injected.fired, election.span),
    clocks: { 'own-word': between(injected.fired, election.ownWord) },
    says: `${nodeOf(snapshot, election.leader)} was elected`,
    evidence,
  };
}

/** Did the fault take the leader down? If it was meant to and did not, the run shows nothing. */
function wrongVictim(
  { plan }: Timeline,
  { step, intent }: Injected,
  { leader }: MembersBefore,
): Finding | undefined {
  if (intent.membersDown.length === 0)
    return { kind: 'not-applicable', because: 'the fault takes no member of the datastore down' };
  if (leader === undefined)
    return {
      kind: 'invalid',
      because: 'no majority of the voters named the same leader just before the fault',
    };
  if (intent.membersDown.includes(leader)) return undefined;
  const hit = `the fault hit ${intent.targets.join(', ')} while ${nodeOf(plan.snapshot, leader)} led`;
  const aimed = plan.steps.find((planned) => planned.id === step);
  return aimed?.kind === 'fault' && aimed.params.target === 'leader'
    ? { kind: 'invalid', because: `the leader had moved: ${hit}` }
    : { kind: 'not-applicable', because: `no election is due: ${hit}` };
}

function unwatched(
  timeline: Timeline,
  { step, fired, intent }: Injected,
  { voters }: MembersBefore,
): Finding | undefined {
  const nodes = voters.map((id) => nodeOf(timeline.plan.snapshot, id));
  const blind = nodes.find((node) => seriesOf(timeline, 'leader', node).length === 0);
  if (blind !== undefined)
    return {
      kind: 'invalid',
      because: `${blind} was a voter when the fault fired and its leader was not sampled: roles had changed since the plan`,
    };
  // Those that an earlier fault keeps down had nothing to say before this one.
  const earlier = (sinceOf(timeline, step)?.down ?? []).filter(
    (id) => !intent.membersDown.includes(id),
  );
  const silent = earlier.map((id) => nodeOf(timeline.plan.snapshot, id));
  const watched = seriesOf(timeline, 'leader').filter(
    ({ node }) => node !== undefined && nodes.includes(node) && !silent.includes(node),
  );
  const because = vacuous(timeline, watched, fired.lo);
  return because === undefined ? undefined : { kind: 'invalid', because };
}
