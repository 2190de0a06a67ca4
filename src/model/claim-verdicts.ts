import type { Trial } from './result.ts';
import type { Measured } from './span.ts';
import type { Verdict } from './verdict.ts';

/** All verdicts of one claim, in the order of the trials. */
export interface ClaimVerdicts {
  /** The claim's name; where a scenario claims it several times, with its place among those: `write-outage 2`. */
  readonly claim: string;
  readonly title: string;
  readonly verdicts: readonly Verdict[];
}

/** The verdicts of some trials of one scenario by claim, in the scenario's order. */
export function verdictsByClaim(trials: readonly Trial[]): readonly ClaimVerdicts[] {
  const first = trials[0]?.verdicts ?? [];
  return first.map(({ claim, title }, index) => ({
    claim: nameOf(first, index),
    title,
    verdicts: trials
      .flatMap(({ verdicts }) => verdicts[index] ?? [])
      .filter((verdict) => verdict.claim === claim),
  }));
}

/** The name of a claim among the verdicts of its trial. */
export function nameOf(verdicts: readonly Verdict[], index: number): string {
  const claim = verdicts[index]?.claim ?? '';
  const before = verdicts.slice(0, index).filter((verdict) => verdict.claim === claim).length;
  return before === 0 ? claim : `${claim} ${before + 1}`;
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

function counts({ outcome }: Verdict): boolean {
  return outcome !== 'invalid' && outcome !== 'not-applicable';
}
