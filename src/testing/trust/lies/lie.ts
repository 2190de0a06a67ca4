/** What Holdfast says of something: of a run, a fault, a plan. */
export interface Said {
  /** Of the run or, where there is no run, of what was asked. */
  readonly outcome: string;
  /** Of the claim, if one was judged. */
  readonly claim?: string;
  readonly because: string;
}

/** A lie that is planted, and what must be said of it: never that all is well, and with the right reason. */
export interface Lie {
  /** What is not as it seems, in one line. */
  readonly lie: string;
  /** What is said of the same thing without the lie: the lie, and nothing else, must be what changes it. */
  readonly honest: () => Said | Promise<Said>;
  /** The outcome without the lie; a pass for most. */
  readonly honestOutcome: string;
  /** What is said with it. */
  readonly told: () => Said | Promise<Said>;
  readonly outcome: string;
  /** Of the claim, where one is judged. */
  readonly claim?: string;
  readonly because: RegExp;
}
