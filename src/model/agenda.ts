/** What a campaign or a game day will do, decided before it begins: agenda.json in its folder. */
export interface Agenda {
  readonly schema: 'holdfast.dev/agenda/v1';
  readonly kind: 'campaign' | 'gameday';
  /** Id, and the name of its folder. */
  readonly run: string;
  /** Of the scenario or of the game day. */
  readonly name: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** 32 bits; every choice of every trial comes from it. */
  readonly seed: number;
  readonly cluster: { readonly file: string; readonly id: string };
  readonly scenarios: readonly AgendaScenario[];
  /** In the order in which they are run. */
  readonly trials: readonly PlannedTrial[];
  /** The share of all that could be measured that every claim is to hold in, with 95 % confidence; absent for no such aim. */
  readonly demonstrate?: number;
  /** Nothing is begun that would end later than so long after the start; absent for no bound. Milliseconds. */
  readonly budgetMs?: number;
  /** How many trials may fail before no more are begun; absent for all. */
  readonly stopAfter?: number;
  /** How long the cluster may take to be well again before the next trial; milliseconds. */
  readonly recoverMs: number;
  readonly known: readonly KnownFailure[];
}

/** A scenario as it was when the campaign began. */
export interface AgendaScenario {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly trials: number;
  /** How long one of its trials takes, by earlier ones or by its steps; milliseconds. */
  readonly estimateMs: number;
  /** Why none of its trials is run; they are then not in the agenda. */
  readonly skipped?: string;
}

export interface PlannedTrial {
  /** From 1 over the whole agenda. */
  readonly number: number;
  readonly scenario: string;
  /** From 1 of this scenario. */
  readonly trial: number;
  readonly seed: number;
}

/** A claim that is known to fail and may do so for a while, if it gets no worse. */
export interface KnownFailure {
  readonly scenario: string;
  readonly claim: string;
  readonly reason: string;
  /** The last day on which it is tolerated: `2026-12-31`. */
  readonly until: string;
}

/** A trial that is over: a line of trials.jsonl. What came of it is in the folder of its run. */
export interface FinishedTrial extends PlannedTrial {
  /** Id of its run, and the name of the folder within the campaign's. */
  readonly run: string;
  readonly startedAt: string;
  readonly finishedAt: string;
}
