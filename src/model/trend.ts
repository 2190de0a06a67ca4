import type { Measured } from './span.ts';
import type { ClaimComparison } from './statistics.ts';

/** The nights of one scenario under one configuration. */
export interface Trend {
  readonly scenario: string;
  /** The configuration in words. */
  readonly under: string;
  readonly claims: readonly ClaimTrend[];
}

export interface ClaimTrend {
  readonly claim: string;
  /** The oldest first. */
  readonly nights: readonly NightOfClaim[];
  /** The last night against those before it. */
  readonly last?: ClaimComparison;
}

export interface NightOfClaim {
  readonly night: string;
  /** Trials that were judged, and those of them that passed. */
  readonly trials: number;
  readonly passed: number;
  /** Absent where no duration is measured. */
  readonly median?: Measured;
  /** Between these it is with 95 % confidence; absent where so few trials have no such bound. Milliseconds. */
  readonly lowerMs?: number;
  readonly upperMs?: number;
}
