import type { Outcome } from './outcome.ts';
import type { Concluded } from './result.ts';
import type { ClaimComparison } from './statistics.ts';

/**
 * What a gate says of an upgrade: `pass` is go. Its `run` is what was measured after the upgrade, its `scenario` what was
 * run: a scenario or a game day.
 */
export interface GateResult extends Concluded {
  readonly kind: 'gate';
  /** Ids of what it is compared with. */
  readonly before: readonly string[];
  /** What the upgrade changed: versions and settings, a line each. */
  readonly changed: readonly string[];
  /** In what the two sides cannot be compared; a line each. */
  readonly differs: readonly string[];
  readonly scenarios: readonly GateScenario[];
}

export interface GateScenario {
  readonly scenario: string;
  /** Trials on each side. */
  readonly before: number;
  readonly after: number;
  /** After the upgrade, of this scenario alone. */
  readonly outcome: Outcome;
  readonly compared: readonly ClaimComparison[];
}
