import type { KnownFailure } from './agenda.ts';

/** What a person wrote in a game day's file, checked; durations are milliseconds. */
export interface Gameday {
  readonly name: string;
  readonly title: string;
  readonly scenarios: readonly {
    /** A name of one of the package's, or a path. */
    readonly scenario: string;
    readonly trials: number;
  }[];
  readonly order: 'shuffled' | 'as-written';
  /** How long all of it may take. */
  readonly budgetMs?: number;
  /** How many trials may fail before no more are begun. */
  readonly stopAfter?: number;
  /** How long the cluster may take to be well again between two trials. */
  readonly recoverMs: number;
  readonly known: readonly KnownFailure[];
}
