import type { Outcome } from './outcome.ts';
import type { ClusterSummary } from './result.ts';
import type { ClaimComparison } from './statistics.ts';

/** What a gate says of an upgrade: `pass` is go. */
export interface GateResult {
  readonly schema: 'holdfast.dev/result/v1';
  readonly kind: 'gate';
  /** Id of what was measured after the upgrade. */
  readonly run: string;
  /** What was run: of a scenario or of a game day. */
  readonly scenario: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly cluster?: ClusterSummary;
  readonly outcome: Outcome;
  readonly exitCode: number;
  /** One sentence. */
  readonly reason: string;
  readonly healed: boolean;
  readonly residue: readonly string[];
  readonly seed: number;
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
