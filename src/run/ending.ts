import type { Outcome } from '../model/outcome.ts';

/** Why a run ended before its steps were done: an outcome and one sentence. */
export class Stop extends Error {
  override readonly name = 'Stop';
  readonly outcome: Outcome;

  constructor(outcome: Outcome, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.outcome = outcome;
  }
}

/** How the doing of a run ended; what was seen is in its timeline. */
export interface Ending {
  /** Absent if all steps were done. */
  readonly stopped?: { readonly outcome: Outcome; readonly reason: string };
  /** What could not be taken back, a line each. */
  readonly residue: readonly string[];
}
