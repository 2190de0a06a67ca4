import { countOf } from './countof.ts';
import { exitCodeOf, worst, type Outcome } from './outcome.ts';
import type { FaultSummary, Trial } from './result.ts';
import type { ClaimOutcome, Verdict } from './verdict.ts';

/** How a run ended, apart from what its claims say. */
export interface Ending {
  /** The signal that interrupted it. */
  readonly interrupted?: 'SIGINT' | 'SIGTERM';
  /** What made it stop, or not begin. */
  readonly stopped?: Stop;
}

export interface Stop {
  readonly outcome: Exclude<Outcome, 'pass' | 'residue' | 'interrupted'>;
  /** One sentence: what happened, and what to do next. */
  readonly reason: string;
}

/** All that decides about the outcome of a run. */
export interface Facts extends Ending {
  readonly trials: readonly Trial[];
  /** What could not be put back. */
  readonly residue: readonly string[];
}

export interface Conclusion {
  readonly outcome: Outcome;
  readonly exitCode: number;
  readonly reason: string;
  readonly healed: boolean;
}

/** The worst that holds for a run, its exit code, and why: the one owner of the table of exits. */
export function conclude(facts: Facts): Conclusion {
  const { trials, residue, interrupted, stopped } = facts;
  const outcome = worst([
    ...(residue.length > 0 ? (['residue'] as const) : []),
    ...(interrupted === undefined ? [] : (['interrupted'] as const)),
    ...(stopped === undefined ? [] : [stopped.outcome]),
    ...counted(trials).map((trial) => trial.outcome),
    // The mildest of all that is not a pass: whatever stopped or interrupted the run is worse.
    ...(trials.length === 0 ? (['skipped'] as const) : []),
  ]);
  return {
    outcome,
    exitCode: exitCodeOf(outcome, interrupted),
    reason: reasonOf(outcome, facts),
    healed: residue.length === 0,
  };
}

/** What several runs, campaigns or game days came to, each by itself. */
export interface Concluding extends Pick<Conclusion, 'outcome' | 'exitCode' | 'reason'> {
  /** What it is of. */
  readonly name: string;
}

/**
 * The worst of what several came to, none of which takes anything from another.
 * @param all at least one
 * @param residue what any of them could not put back
 */
export function concludeTogether(
  all: readonly Concluding[],
  residue: readonly string[],
): Conclusion {
  const outcome = worst(all.map((one) => one.outcome));
  const such = all.filter((one) => one.outcome === outcome);
  return {
    outcome,
    // Of those that a signal interrupted, SIGTERM has an exit code of its own.
    exitCode: such[0]?.exitCode ?? exitCodeOf(outcome),
    reason:
      outcome === 'pass'
        ? `all ${such.length}: every claim that applies holds`
        : inAll(such.map(({ name, reason }) => `${name}: ${reason}`)),
    healed: residue.length === 0,
  };
}

/** Of the trials of a campaign, so large a share may be invalid before it says nothing as a whole. */
const mostInvalid = 0.1;

/** The trials that decide: a few that prove nothing are told and take nothing from the others. */
function counted(trials: readonly Trial[]): readonly Trial[] {
  const valid = trials.filter(({ outcome }) => outcome !== 'invalid');
  const isFew = trials.length - valid.length <= mostInvalid * trials.length;
  return isFew ? valid : trials;
}

/** The outcome of one trial by its claims and faults: a fault that was not proved makes it invalid, never a pass. */
export function trialOutcome(
  verdicts: readonly Verdict[],
  faults: readonly FaultSummary[],
): Outcome {
  const unproved = faults.some(({ bit }) => !bit);
  const judged = verdicts.filter(({ outcome }) => outcome !== 'not-applicable');
  return worst([
    ...(unproved ? (['invalid'] as const) : []),
    ...judged.map(({ outcome }) => outcome as Exclude<ClaimOutcome, 'not-applicable'>),
    ...(judged.length === 0 ? (['skipped'] as const) : []),
  ]);
}

function reasonOf(outcome: Outcome, facts: Facts): string {
  const { residue, interrupted, stopped, trials } = facts;
  if (outcome === 'residue') return inAll(residue);
  if (outcome === 'interrupted')
    return `${interrupted ?? 'a signal'} interrupted the run; all that it did was taken back`;
  if (outcome === stopped?.outcome) return stopped.reason;
  const verdicts = trials.flatMap((trial) => trial.verdicts);
  const of = (wanted: ClaimOutcome): readonly string[] =>
    verdicts
      .filter((verdict) => verdict.outcome === wanted)
      .map(({ claim, because }) => `${claim}: ${because}`);
  if (outcome === 'pass') {
    const [passed, rest] = [of('pass').length, of('not-applicable').length];
    const invalid = trials.filter((trial) => trial.outcome === 'invalid').length;
    return [
      `${trials.length > 1 ? `${countOf(trials.length, 'trial')}: ` : ''}${countOf(passed, 'claim')} held`,
      ...(rest === 0 ? [] : [`${countOf(rest, 'claim')} did not apply`]),
      ...(invalid === 0 ? [] : [`${countOf(invalid, 'trial')} showed nothing`]),
    ].join(', ');
  }
  if (outcome === 'skipped')
    return inAll(of('not-applicable')) || 'nothing was claimed, so nothing was judged';
  const because = inAll(of(outcome as ClaimOutcome)) || 'a fault was not proved to have bitten';
  const such = trials.filter((trial) => trial.outcome === outcome).length;
  return trials.length > 1 ? `${such} of ${countOf(trials.length, 'trial')}: ${because}` : because;
}

/** The first of some reasons, and how many more there are. */
function inAll(reasons: readonly string[]): string {
  const [first = ''] = reasons;
  return reasons.length > 1 ? `${first} (and ${reasons.length - 1} more)` : first;
}
