import type { Measured } from './span.ts';

export type ClaimOutcome = 'pass' | 'fail' | 'unknown' | 'invalid' | 'not-applicable';

/** Within what time from their intended times half, 99 % and all of some requests were answered; milliseconds. */
export interface Latencies {
  readonly p50: Measured;
  readonly p99: Measured;
  readonly max: Measured;
}

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
  /** Of those, how many this machine missed: they may have failed. Absent for none. */
  readonly untold?: number;
  readonly longestOutageMs?: Measured;
  /** How long answers took, where a load or a limit asks for it. */
  readonly latencyMs?: Latencies;
  /** One sentence: why this outcome. */
  readonly because: string;
  /** Lines a reader can check against the timeline. */
  readonly evidence: readonly string[];
}
