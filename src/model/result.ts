import type { Clock } from './clock.ts';
import type { Datastore, Snapshot } from './snapshot.ts';
import type { Outcome } from './outcome.ts';
import type { Prediction } from './plan.ts';
import type { Span } from './span.ts';
import type { Verdict } from './verdict.ts';

/** result.json: a contract with other programs; its JSON Schema is docs/schema/result.json. */
export interface Result {
  readonly schema: 'holdfast.dev/result/v1';
  readonly kind: 'run';
  readonly run: string;
  readonly scenario: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Absent if the run ended before the cluster was surveyed. */
  readonly cluster?: ClusterSummary;
  readonly outcome: Outcome;
  readonly exitCode: number;
  /** One sentence: why this outcome. */
  readonly reason: string;
  /** Everything this run did has been taken back, and was seen to be. */
  readonly healed: boolean;
  /** What could not be put back: where, what, and the command that would. */
  readonly residue: readonly string[];
  readonly seed: number;
  readonly trials: readonly Trial[];
  readonly predicted: readonly Prediction[];
  readonly harness?: HarnessSummary;
}

/** What every result.json says, whatever its kind. */
export type Concluded = Omit<Result, 'kind' | 'trials' | 'predicted' | 'harness'>;

export interface ClusterSummary {
  readonly name: string;
  readonly id: string;
  readonly platform: Snapshot['cluster']['platform'];
  readonly kubernetes: string;
  readonly datastore: {
    readonly kind: Datastore['kind'];
    readonly voters: number;
    readonly standbys: number;
  };
  readonly nodes: number;
}

export interface Trial {
  readonly number: number;
  readonly outcome: Outcome;
  readonly faults: readonly FaultSummary[];
  readonly verdicts: readonly Verdict[];
  /** What is told of the first fault besides; empty where its timings mean nothing. */
  readonly clocks: readonly Clock[];
  /** What was measured far from what the cluster's own settings predict; a sentence each. */
  readonly findings: readonly string[];
}

export interface FaultSummary {
  readonly fault: string;
  readonly target: string;
  /** Milliseconds on the run's clock; absent if it was never fired. */
  readonly firedMs?: Span;
  readonly bit: boolean;
  readonly gone: boolean;
}

export interface HarnessSummary {
  readonly slots: number;
  readonly missedSlots: number;
  readonly loopDelayP99Ms: number;
  readonly cpuPercent: number;
  readonly rssBytes: number;
  /** How late 99 of 100 samples left at most, after their intended time; absent if none left. Milliseconds. */
  readonly lateP99Ms?: number;
}
