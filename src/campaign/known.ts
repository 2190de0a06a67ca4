import type { KnownFailure } from '../model/agenda.ts';
import { claimName } from '../model/claim-name.ts';
import { trialOutcome } from '../model/conclude.ts';
import type { Trial } from '../model/result.ts';
import type { ClaimComparison } from '../model/statistics.ts';

/** Trials as they count where some failures are known, and which of these there were. */
export interface Tolerated {
  readonly trials: readonly Trial[];
  readonly tolerated: readonly KnownFailure[];
}

/** Did a trial fail by more than what is known to? For rules about how many may, while the trials are under way. */
export function hasFailed(
  scenario: string,
  trials: readonly Trial[],
  known: readonly KnownFailure[],
  today: string,
): boolean {
  return tolerate(scenario, trials, known, [], today).trials.some(
    ({ outcome }) => outcome === 'fail',
  );
}

/**
 * Takes failures that are known for what they are: they do not fail a trial, up to and with their last day, if the claim
 * has not regressed since. The verdicts stay as they are.
 * @param today as `2026-11-22`
 */
export function tolerate(
  scenario: string,
  trials: readonly Trial[],
  known: readonly KnownFailure[],
  compared: readonly ClaimComparison[],
  today: string,
): Tolerated {
  const valid = known.filter(
    (one) =>
      one.scenario === scenario &&
      one.until >= today &&
      !compared.some(({ claim, change }) => claim === one.claim && change === 'regressed'),
  );
  const tolerated = new Set<KnownFailure>();
  const counted = trials.map((trial) => {
    const verdicts = trial.verdicts.map((verdict, index) => {
      const claim = claimName(trial.verdicts, index);
      const one = valid.find((failure) => failure.claim === claim);
      if (one === undefined || verdict.outcome !== 'fail') return verdict;
      tolerated.add(one);
      return { ...verdict, outcome: 'pass' as const };
    });
    return { ...trial, outcome: trialOutcome(verdicts, trial.faults) };
  });
  return { trials: counted, tolerated: valid.filter((one) => tolerated.has(one)) };
}
