import { countOf } from '../model/countof.ts';
import type { Autocorrelation } from '../model/statistics.ts';

/** What is known of a claim over all trials. */
interface Told {
  readonly claim: string;
  /** The promise in words, for a claim without a limit of its own. */
  readonly title: string;
  readonly passed: number;
  /** In which it was judged and applied. */
  readonly trials: number;
  readonly demonstrated: number;
  /** Milliseconds. */
  readonly limitMs?: number;
}

/** What a trial is called where the claim is about something that has a name. */
const nouns: Readonly<Record<string, string>> = { 'leader-elected': 'failover' };

/** `58 of 59 failovers ≤ 5 s: with 95 % confidence at least 92.2 % are.` */
export function sayDemonstrated(told: Told): string {
  const { claim, title, passed, trials, demonstrated, limitMs } = told;
  if (trials === 0) return 'It applied to no trial, so nothing is claimed.';
  const of = `${passed} of ${countOf(trials, nouns[claim] ?? 'trial')}`;
  // Rounded down, as more would not have been demonstrated.
  const share = (Math.floor(demonstrated * 1000 + 1e-9) / 10).toFixed(1);
  return limitMs === undefined
    ? `${of} held (${title}): with 95 % confidence at least ${share} % do.`
    : `${of} ≤ ${limitMs / 1000} s: with 95 % confidence at least ${share} % are.`;
}

/** Trials that hang together show less than their number: nothing is claimed of a share then. */
export function sayDependent({ lag1 }: Autocorrelation, trials: number): string {
  return `Each trial tells of the next one (lag-1 autocorrelation ${lag1.toFixed(2)}), so ${trials} of them show less than ${trials} would, and no share is claimed.`;
}
