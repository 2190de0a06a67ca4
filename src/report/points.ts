import { claimName } from '../model/claim-name.ts';
import { counts, durationOf } from '../model/claim-verdicts.ts';
import type { ScenarioTrials } from '../model/campaign-result.ts';
import { isSeen, type Measured } from '../model/span.ts';
import type { ClaimOutcome } from '../model/verdict.ts';

/** What one trial says of one claim. */
export interface Point {
  readonly trial: number;
  /** Id of the run. */
  readonly run: string;
  readonly measured: Measured;
  readonly outcome: ClaimOutcome;
}

/**
 * The durations of a claim by trial, those alone that count: of a trial that could not be measured where others were, all
 * that is known is that it took some time.
 */
export function pointsOf(
  { trials, runs }: Pick<ScenarioTrials, 'trials' | 'runs'>,
  claim: string,
): readonly Point[] {
  return trials.flatMap(({ number, verdicts }, at) => {
    const verdict = verdicts.find((_, index) => claimName(verdicts, index) === claim);
    if (verdict === undefined || !counts(verdict)) return [];
    const { outcome } = verdict;
    const measured = durationOf(verdict) ?? { atLeast: 0 };
    return [{ trial: number, run: runs[at]?.run ?? '', measured, outcome }];
  });
}

/** The middle of a span, or what it lasted at least: where it is drawn, and no figure. */
export function middleOf(measured: Measured): number {
  return isSeen(measured) ? (measured.lo + measured.hi) / 2 : measured.atLeast;
}

/** The shortest first; one whose end was not seen comes after all others. */
export function inOrder(points: readonly Point[]): readonly Point[] {
  return points.toSorted(
    (a, b) =>
      Number(!isSeen(a.measured)) - Number(!isSeen(b.measured)) ||
      middleOf(a.measured) - middleOf(b.measured),
  );
}
