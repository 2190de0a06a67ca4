import type { Claim } from '../model/claim.ts';
import type { Expectation } from '../model/scenario.ts';
import type { Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { isSeen } from '../model/span.ts';
import { voidBecause } from './guards.ts';
import { eventsOf } from './series.ts';
import { claims } from './table.ts';

/** Claims by name; each is given only what its own schema made of the scenario. */
export type JudgingTable = Readonly<Record<string, Omit<Claim<never>, 'schema'>>>;

type Judging = Omit<Claim<object>, 'schema'>;

/**
 * What a timeline says of every expectation of its plan, in their order; the same timeline gives the same verdicts.
 * A claim that throws is *unknown*; where the run proves nothing about timing, timing claims are *invalid*.
 */
export function judge(timeline: Timeline, table: JudgingTable = claims): readonly Verdict[] {
  const reason = voidBecause(timeline);
  return timeline.plan.scenario.expect.map((expectation) => {
    const claim = claimOf(table, expectation);
    const verdict = judged(claim, expectation, timeline);
    return reason === undefined ? verdict : voided(verdict, claim, reason);
  });
}

/**
 * Has the end of every claim been seen, so that waiting longer shows nothing new? For `wait: { until: seen }`.
 * Cheap to ask again and again of the same growing array of events.
 */
export function allSeen(timeline: Timeline, table: JudgingTable = claims): boolean {
  // A fault that did not bite has no end to wait for.
  if (eventsOf(timeline, 'fault').some(({ state }) => state === 'missed')) return true;
  return timeline.plan.scenario.expect.every((expectation) => {
    const claim = claimOf(table, expectation);
    try {
      return claim?.seen(expectation.params, timeline) ?? true;
    } catch {
      // It cannot tell, so it has not seen it; judging will say why.
      return false;
    }
  });
}

function claimOf(table: JudgingTable, { claim }: Expectation): Judging | undefined {
  return table[claim] as Judging | undefined;
}

function judged(
  claim: Judging | undefined,
  { claim: name, params }: Expectation,
  timeline: Timeline,
): Verdict {
  const unknown = (title: string, because: string): Verdict => ({
    claim: name,
    outcome: 'unknown',
    title,
    because,
    evidence: [],
  });
  if (claim === undefined) return unknown(name, `this Holdfast has no claim "${name}"`);
  try {
    return claim.judge(params, timeline);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return unknown(titleOf(claim, name, params), `the claim could not be judged: ${text}`);
  }
}

function titleOf(claim: Judging, name: string, params: object): string {
  try {
    return claim.title(params);
  } catch {
    // The name will do; why the claim cannot be judged is told beside it.
    return name;
  }
}

function voided(verdict: Verdict, claim: Judging | undefined, reason: string): Verdict {
  const { outcome, because, evidence } = verdict;
  if (outcome === 'not-applicable') return verdict;
  // What came too late did come: when, is what cannot be trusted here.
  const late = verdict.measuredMs !== undefined && isSeen(verdict.measuredMs);
  if (outcome === 'fail' && claim?.failureStands === true && !late) return verdict;
  return {
    ...verdict,
    outcome: 'invalid',
    because: reason,
    evidence: [...evidence, `without that it would have been ${outcome}: ${because}`],
  };
}
