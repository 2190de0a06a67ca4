import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { limit, type Limit } from '../model/fields.ts';
import { between, isSeen, longest, type Measured, type Span, sayInstant } from '../model/span.ts';
import type { RolesSeen, Timeline } from '../model/timeline.ts';
import { lastAbsence } from './absence.ts';
import { afterFaultOrHeal } from './after.ts';
import { notYet, sinceOf, type Since } from './injected.ts';
import { leaderNamed, membersBefore, nodeOf } from './members.ts';
import { tooSparse } from './sampling.ts';
import { seriesOf, usedFrom, type Used } from './series.ts';
import { timingClaim, type Finding } from './timing.ts';

interface MemberReturnsParams {
  readonly within: Limit;
  readonly after?: string | undefined;
}

/**
 * Each member that the fault took down is a live member again: it answers, the leader's configuration lists it with a
 * role, and if that is a voter's, it names that leader; one without a vote names nobody else. Where a fault cuts a member off, it answers us all the time: that
 * it names the leader is what tells that it is back.
 */
export const memberReturns: Claim<MemberReturnsParams> = timingClaim({
  name: 'member-returns',
  summary: 'the datastore members that were hit are live members again',
  schema: z.strictObject({ within: limit, after: afterFaultOrHeal }),
  probes: ['roles', 'leader'],
  fromHealing: true,
  promise: 'the members that were hit are live again',
  find,
});

function find({ after, within }: MemberReturnsParams, timeline: Timeline): Finding {
  const since = sinceOf(timeline, after);
  if (since === undefined) return { kind: 'pending', because: notYet(timeline) };
  const victims = [...new Set(since.intents.flatMap(({ membersDown }) => membersDown))];
  if (victims.length === 0)
    return { kind: 'not-applicable', because: 'the fault takes no member of the datastore down' };
  const { leader } = membersBefore(timeline, since.until);
  if (leader === undefined)
    return {
      kind: 'measured',
      measured: { atLeast: 0 },
      says: 'no majority named a leader at last, and so nobody was seen to be back',
      evidence: [],
    };
  const returns = victims.map((id) => returnOf(timeline, id, leader, since, within));
  const evidence = returns.map((one) => one.evidence);
  const blind = returns.find(({ sparse }) => sparse !== undefined);
  if (blind?.sparse !== undefined) return { kind: 'invalid', because: blind.sparse, evidence };
  const missing = returns.filter(({ measured }) => !isSeen(measured));
  const names = (missing.length > 0 ? missing : returns).map(({ node }) => node).join(', ');
  return {
    kind: 'measured',
    measured: longest(returns.map(({ measured }) => measured)),
    ...(returns.length < 2
      ? {}
      : { clocks: Object.fromEntries(returns.map(({ node, measured }) => [node, measured])) }),
    says:
      missing.length > 0
        ? `${names} ${missing.length > 1 ? 'were' : 'was'} not seen to be back`
        : `${names} ${returns.length > 1 ? 'were' : 'was'} back`,
    evidence,
  };
}

interface Return {
  readonly node: string;
  readonly measured: Measured;
  readonly sparse?: string;
  readonly evidence: string;
}

/** When something that is asked of again and again became true for good; `lo` alone if it did not. */
type Change = Span | { readonly lo: number };

function returnOf(
  timeline: Timeline,
  id: string,
  leader: string,
  since: Since,
  within: Limit,
): Return {
  const { snapshot } = timeline.plan;
  const node = nodeOf(snapshot, id);
  const told = listed(pollsOf(timeline, 'roles', nodeOf(snapshot, leader), since), id, since);
  const changes = [
    answering(pollsOf(timeline, 'roles', node, since), since),
    told.change,
    ...naming(pollsOf(timeline, 'leader', node, since), leader, told.role === 'voter', since),
  ];
  const lo = Math.max(since.at.lo, ...changes.map((change) => change.lo));
  const ends = changes.map((change) => ('hi' in change ? change.hi : Infinity));
  const hi = Math.max(lo, ...ends);
  if (hi === Infinity)
    return {
      node,
      measured: { atLeast: Math.max(0, lo - since.at.hi) },
      evidence: `${node} was not a live member at ${sayInstant(lo)} and not seen to be one after it`,
    };
  const { everyMs = 0 } = seriesOf(timeline, 'roles', node)[0] ?? {};
  const sparse = tooSparse({ lo, hi }, everyMs, within);
  return {
    node,
    measured: between(since.at, { lo, hi }),
    ...(sparse === undefined ? {} : { sparse: `${node}: ${sparse}` }),
    evidence: `${node} was back as ${told.role} between ${sayInstant(lo)} and ${sayInstant(hi)}`,
  };
}

function pollsOf(
  timeline: Timeline,
  probe: string,
  node: string,
  { at, until }: Since,
): readonly Used[] {
  const [series] = seriesOf(timeline, probe, node);
  if (series === undefined) return [];
  return usedFrom(timeline, series, at.lo).filter(({ sent }) => sent >= at.lo && sent <= until);
}

/** It answers after its last absence; a poll or two that were lost are none. */
function answering(polls: readonly Used[], { at }: Since): Change {
  const absence = lastAbsence(polls);
  const lo = Math.max(at.lo, absence?.awayAt ?? at.lo);
  const back = Math.max(at.hi, absence?.silentAt ?? at.hi);
  const first = polls.find(({ ok, sent }) => ok && sent >= back);
  return first === undefined ? { lo } : { lo, hi: first.got };
}

/** The leader's configuration has it. */
function listed(
  polls: readonly Used[],
  id: string,
  { at }: Since,
): { readonly change: Change; readonly role?: string } {
  const roleIn = ({ value }: Used): string | undefined =>
    (value as RolesSeen).members.find((member) => member.id === id)?.role;
  const answers = polls.filter(({ ok }) => ok);
  const denied = answers.findLastIndex((poll) => roleIn(poll) === undefined);
  const lo = answers[denied]?.sent ?? at.lo;
  const first = answers[denied + 1];
  const last = answers.at(-1);
  const role = last && roleIn(last);
  if (first === undefined || role === undefined) return { change: { lo } };
  return { change: { lo, hi: first.got }, role };
}

/**
 * It names the leader: what no answer is that names another, nor, of a voter, one that names nobody. A member without a
 * vote that is not asked has nothing to say.
 */
function naming(
  polls: readonly Used[],
  leader: string,
  votes: boolean,
  { at }: Since,
): readonly Change[] {
  const words = polls.flatMap((poll) => {
    const names = leaderNamed(poll);
    return names === undefined ? [] : [{ sent: poll.sent, got: poll.got, names }];
  });
  const agreed = votes ? [leader] : [leader, ''];
  const denied = words.findLastIndex(({ names }) => !agreed.includes(names));
  // A member without a vote may have been silent and said nothing wrong: that it answers is asked elsewhere.
  if (!votes && denied < 0) return [];
  const lo = words[denied]?.sent ?? at.lo;
  const first = words[denied + 1];
  return [first === undefined ? { lo } : { lo, hi: first.got }];
}
