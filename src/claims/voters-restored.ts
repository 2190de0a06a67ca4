import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { limit, type Limit } from '../model/fields.ts';
import type { Series } from '../model/plan.ts';
import { between, type Span, sayInstant } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import { lastAbsence } from './absence.ts';
import { afterFault } from './after.ts';
import { electionAfter } from './election.ts';
import { horizonOf, injectedBy, neverFired, sinceOf, type Injected } from './injected.ts';
import { membersBefore, nodeOf, votersIn, type MembersBefore } from './members.ts';
import { calmMs, goodBefore, tooSparse, vacuous } from './sampling.ts';
import { seriesOf, usedFrom, type Used } from './series.ts';
import { timingClaim, type Finding } from './timing.ts';

interface VotersRestoredParams {
  readonly within: Limit;
  readonly after?: string | undefined;
}

/**
 * The configuration has as many live voters as before the fault, without its victims.
 * A victim that was seen not to answer and then answers again is back, and counts like any other member: after a
 * crash with restart, the voter that returns restores the number just as a promoted stand-by does.
 */
export const votersRestored: Claim<VotersRestoredParams> = timingClaim({
  name: 'voters-restored',
  summary: 'as many live voters as before, a stand-by promoted in place of each one lost',
  schema: z.strictObject({
    within: limit,
    after: afterFault,
  }),
  probes: ['roles', 'leader'],
  promise: 'full voters again',
  find: findVotersRestored,
});

/** When there are as many live voters again as before a fault. */
export function findVotersRestored(
  { after }: Pick<VotersRestoredParams, 'after'>,
  timeline: Timeline,
): Finding {
  const injected = injectedBy(timeline, after);
  if (injected === undefined) return { kind: 'pending', because: neverFired };
  const before = membersBefore(timeline, injected.fired.lo);
  const nothing = nothingToRestore(timeline, injected, before);
  if (nothing !== undefined) return { kind: 'not-applicable', because: nothing };
  const survivors = seriesOf(timeline, 'roles').filter(
    ({ node }) => node !== undefined && !victimsOf(timeline, injected).includes(node),
  );
  const vacant = vacuous(timeline, survivors, injected.fired.lo);
  if (vacant !== undefined) return { kind: 'invalid', because: vacant };
  return measure(timeline, injected, before, survivors);
}

function nothingToRestore(
  { plan }: Timeline,
  { intent }: Injected,
  { voters }: MembersBefore,
): string | undefined {
  if (!intent.membersDown.some((id) => voters.includes(id))) return 'the fault takes no voter down';
  const candidate = plan.snapshot.datastore.members.some(
    ({ id, role }) => role !== 'voter' && !intent.membersDown.includes(id),
  );
  return candidate
    ? undefined
    : `all ${voters.length} voters and no stand-by: no member could take the place of the one lost`;
}

function measure(
  timeline: Timeline,
  injected: Injected,
  before: MembersBefore,
  survivors: readonly Series[],
): Finding {
  const count = liveBefore(timeline, injected, before);
  const tellers = tellersOf(timeline, injected, before, survivors);
  const found = tellers
    .map((series) => changeSeenBy(timeline, injected, series, count))
    .sort((a, b) => (a.change?.hi ?? Infinity) - (b.change?.hi ?? Infinity));
  const [first] = found;
  if (first === undefined)
    return { kind: 'invalid', because: 'no surviving member tells its configuration' };
  const { series, change } = first;
  if (change === undefined)
    return {
      kind: 'measured',
      measured: {
        atLeast: Math.max(0, Math.min(...found.map((one) => one.deniedUntil)) - injected.fired.hi),
      },
      says: `${count} live voters were not seen again`,
      evidence: found.map(
        (one) =>
          `${one.series.id} told fewer live voters until ${sayInstant(one.deniedUntil)} at least`,
      ),
    };
  const evidence = [
    `${series.id} began to tell ${count} live voters between ${sayInstant(change.lo)} and ${sayInstant(change.hi)}`,
    ...(tellers.length > 1
      ? ['no new leader is known: this is the first member that told it']
      : []),
  ];
  const sparse = tooSparse(change, series.everyMs);
  if (sparse !== undefined) return { kind: 'invalid', because: sparse, evidence };
  return {
    kind: 'measured',
    measured: between(injected.fired, change),
    says: `${series.node ?? series.id} told ${count} live voters`,
    evidence,
  };
}

/** Voters that answered just before the fault: one that an earlier fault keeps down is not to be made up for. */
function liveBefore(timeline: Timeline, { fired }: Injected, { voters }: MembersBefore): number {
  return voters.filter((id) => {
    const own = seriesOf(timeline, 'roles', nodeOf(timeline.plan.snapshot, id));
    return own.every((series) => goodBefore(timeline, series, fired.lo).length > 0);
  }).length;
}

/** Only the leader's configuration is sure to be the newest; without a known leader, any survivor's may be. */
function tellersOf(
  timeline: Timeline,
  injected: Injected,
  before: MembersBefore,
  survivors: readonly Series[],
): readonly Series[] {
  const leader = leaderAfter(timeline, injected, before);
  const node = leader && nodeOf(timeline.plan.snapshot, leader);
  const own = survivors.filter((series) => series.node === node);
  return own.length > 0 ? own : survivors;
}

function leaderAfter(
  timeline: Timeline,
  injected: Injected,
  before: MembersBefore,
): string | undefined {
  // A follower was lost: its leader leads on.
  if (before.leader !== undefined && !injected.intent.membersDown.includes(before.leader))
    return before.leader;
  const election = electionAfter(timeline, injected, before);
  return 'leader' in election ? election.leader : undefined;
}

interface ToldBy {
  readonly series: Series;
  /** The instant at which it began to show enough live voters; absent if it did not. */
  readonly change?: Span;
  /** Send time of its last answer with fewer. */
  readonly deniedUntil: number;
}

function changeSeenBy(
  timeline: Timeline,
  injected: Injected,
  series: Series,
  count: number,
): ToldBy {
  const until = horizonOf(timeline, injected);
  const backAfter = backAfterIn(timeline, injected);
  let deniedUntil = injected.fired.lo;
  for (const sample of usedFrom(timeline, series, injected.fired.lo)) {
    if (sample.sent < injected.fired.lo || sample.sent > until) continue;
    const voters = votersIn(sample);
    if (voters === undefined) continue;
    const alive = voters.flatMap((id) => backAfter(id, sample.got) ?? []);
    if (alive.length < count) {
      deniedUntil = Math.max(deniedUntil, sample.sent);
      continue;
    }
    // A victim may have come back a little before the poll of its own that first showed it.
    const lo = Math.min(deniedUntil, ...alive);
    return { series, change: { lo: Math.max(injected.fired.lo, lo), hi: sample.got }, deniedUntil };
  }
  return { series, deniedUntil };
}

/**
 * Until when a member was certainly away that answers at an instant, by its own series; Infinity for one that never was,
 * undefined for one that does not answer. A victim does only once it was away and is back.
 */
function backAfterIn(
  timeline: Timeline,
  injected: Injected,
): (id: string, at: number) => number | undefined {
  const { snapshot } = timeline.plan;
  const polls = new Map<string, readonly Used[]>();
  const pollsOf = (id: string): readonly Used[] => {
    const known =
      polls.get(id) ??
      seriesOf(timeline, 'roles', nodeOf(snapshot, id)).flatMap((series) =>
        usedFrom(timeline, series, injected.fired.lo),
      );
    polls.set(id, known);
    return known;
  };
  return (id, at) => {
    const past = pollsOf(id).filter(({ got }) => got <= at);
    const good = past.findLast(({ ok, sent }) => ok && sent >= at - calmMs);
    if (good === undefined) return undefined;
    if (!injected.intent.membersDown.includes(id)) return Infinity;
    const absence = lastAbsence(past.filter(({ sent }) => sent >= injected.fired.lo));
    return absence !== undefined && good.sent > absence.silentAt ? absence.awayAt : undefined;
  };
}

/** The nodes whose members this fault, or another that stands, has taken down. */
function victimsOf(timeline: Timeline, { step }: Injected): readonly string[] {
  const down = sinceOf(timeline, step)?.down ?? [];
  return down.map((id) => nodeOf(timeline.plan.snapshot, id));
}
