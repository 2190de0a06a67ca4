import type { KnownFailure } from './agenda.ts';
import type { Configuration } from './configuration.ts';
import type { Outcome } from './outcome.ts';
import type { Concluded, HarnessSummary, Result, Trial } from './result.ts';
import type { ClaimComparison, ClaimStatistics, ClockStatistics } from './statistics.ts';

/** What the trials of one scenario say together. */
export interface ScenarioTrials {
  /** How many were asked for; `trials` has those that were done. */
  readonly asked: number;
  readonly trials: readonly Trial[];
  /** The run of each trial, in the same order. */
  readonly runs: readonly TrialRun[];
  readonly claims: readonly ClaimStatistics[];
  readonly clocks: readonly ClockStatistics[];
  /** Against earlier nights of the same cluster and configuration. */
  readonly compared: readonly ClaimComparison[];
  readonly predicted: Result['predicted'];
  /** Under what all trials were run; absent if none was. */
  readonly configuration?: Configuration;
}

export interface TrialRun {
  readonly run: string;
  readonly seed: number;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** How this machine kept up; absent if nothing was sampled. */
  readonly harness?: HarnessSummary;
}

/** result.json of `run --trials n`. */
export interface CampaignResult extends Concluded, ScenarioTrials {
  readonly kind: 'campaign';
}

/** One scenario of a game day. */
export interface GamedayScenario extends ScenarioTrials {
  readonly scenario: string;
  readonly outcome: Outcome;
  readonly reason: string;
  /** Failures that were known and got no worse. */
  readonly tolerated: readonly KnownFailure[];
}

/** result.json of a game day; `scenario` is its name. */
export interface GamedayResult extends Concluded {
  readonly kind: 'gameday';
  readonly budgetMs?: number;
  readonly scenarios: readonly GamedayScenario[];
}
