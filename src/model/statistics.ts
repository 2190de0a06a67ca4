import type { Measured } from './span.ts';

/** A quantile of the values, and between what it is, with 95 % confidence, in all that could have been measured. */
export interface QuantileEstimate {
  /** Share of the values below it: 0.5 is the median. */
  readonly share: number;
  /** The value of that rank among those measured. */
  readonly ms: Measured;
  /** Milliseconds; absent where so few values have no such bound. */
  readonly lowerMs?: number;
  readonly upperMs?: number;
}

/** What some durations say of one clock; milliseconds. */
export interface Summary {
  readonly n: number;
  /** Whose end was not seen; they count as longer than all that had ended by then. */
  readonly censored: number;
  readonly min: Measured;
  /** The largest of n, and never the worst that can come. */
  readonly max: Measured;
  readonly quantiles: readonly QuantileEstimate[];
}

/** How much each value tells of the next one. */
export interface Autocorrelation {
  /** Of neighbours, from -1 to 1; about 0 if they are independent. */
  readonly lag1: number;
  /** So far from 0 that chance alone would bring it once in a hundred times. */
  readonly significant: boolean;
}

/** What later trials say against earlier ones. */
export const changes = ['regressed', 'same', 'better', 'not enough data'] as const;
export type Change = (typeof changes)[number];

export interface Comparison {
  readonly change: Change;
  /** Values on each side. */
  readonly before: number;
  readonly after: number;
  readonly medianBefore?: Measured;
  readonly medianAfter?: Measured;
  /** By how much a later one is longer, typically; milliseconds. Absent where there is not enough data. */
  readonly shiftMs?: number;
  /** A smaller shift matters to nobody; milliseconds. */
  readonly marginMs?: number;
  /** How often chance alone would bring as much, after Holm's correction for all that is compared together. */
  readonly p?: number;
}

/** What the trials of a campaign say of one claim. */
export interface ClaimStatistics {
  readonly claim: string;
  /** The claim and its limit in words. */
  readonly title: string;
  readonly limitMs?: number;
  /** Trials by what came of it; *unknown* counts as a miss in every share. */
  readonly passed: number;
  readonly failed: number;
  readonly unknown: number;
  /** These show nothing and count for nothing. */
  readonly invalid: number;
  readonly notApplicable: number;
  /** Of what it measures; absent where it measures no duration. */
  readonly summary?: Summary;
  readonly autocorrelation?: Autocorrelation;
  /** The share of all that could have been measured which holds, at least, with 95 % confidence; from 0 to 1. */
  readonly demonstrated?: number;
  /** That in words, or why nothing is claimed. */
  readonly sentence: string;
}

/** What the trials of a campaign say of one clock, which judges nothing. */
export interface ClockStatistics {
  readonly clock: string;
  readonly title: string;
  readonly of?: string;
  readonly summary: Summary;
  readonly autocorrelation?: Autocorrelation;
}

/** A claim's durations against those of earlier trials. */
export interface ClaimComparison extends Comparison {
  readonly claim: string;
  readonly title: string;
}
