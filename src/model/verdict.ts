import type { Measured } from './span.ts';

export type ClaimOutcome = 'pass' | 'fail' | 'unknown' | 'invalid' | 'not-applicable';

/** What the timeline says of one claim. */
export interface Verdict {
  readonly claim: string;
  readonly outcome: ClaimOutcome;
  /** The claim and its limit in words: "a new leader within 5 s". */
  readonly title: string;
  readonly limitMs?: number;
  readonly measuredMs?: Measured;
  /**
   * Durations from the same instant that are told beside the measured one and judge nothing: `own-word` of a new
   * leader, or each API server by the name of its node. Milliseconds.
   */
  readonly clocks?: Readonly<Record<string, Measured>>;
  /** Requests that failed and all requests intended, of claims about availability. */
  readonly failed?: number;
  readonly requests?: number;
  readonly longestOutageMs?: Measured;
  /** One sentence: why this outcome. */
  readonly because: string;
  /** Lines a reader can check against the timeline. */
  readonly evidence: readonly string[];
}
