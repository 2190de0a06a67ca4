import { claimName } from './claim-name.ts';
import type { Trial } from './result.ts';
import type { Measured } from './span.ts';
import type { Verdict } from './verdict.ts';

/** All verdicts of one claim, in the order of the trials. */
export interface ClaimVerdicts {
  /** As `claimName` has it. */
  readonly claim: string;
  readonly title: string;
  readonly verdicts: readonly Verdict[];
}

/** The verdicts of some trials of one scenario by claim, in the scenario's order. */
export function verdictsByClaim(trials: readonly Trial[]): readonly ClaimVerdicts[] {
  const first = trials[0]?.verdicts ?? [];
  return first.map(({ claim, title }, index) => ({
    claim: claimName(first, index),
    title,
    verdicts: trials
      .flatMap(({ verdicts }) => verdicts[index] ?? [])
      .filter((verdict) => verdict.claim === claim),
  }));
}

/**
 * What one verdict adds to the durations of its claim: nothing if it is invalid, does not apply or measures none. Of one
 * that could not be measured where others were, all that is known is that it took some time.
 */
export function durationOf(verdict: Verdict): Measured | undefined {
  if (!counts(verdict)) return undefined;
  return verdict.measuredMs ?? verdict.longestOutageMs;
}

/** The durations of a claim over its trials; empty if it measures none. */
export function durationsOf(verdicts: readonly Verdict[]): readonly Measured[] {
  if (verdicts.every((verdict) => durationOf(verdict) === undefined)) return [];
  return verdicts.filter(counts).map((verdict) => durationOf(verdict) ?? { atLeast: 0 });
}

/** Whether a verdict says anything of what was measured. */
export function counts({ outcome }: Pick<Verdict, 'outcome'>): boolean {
  return outcome !== 'invalid' && outcome !== 'not-applicable';
}
