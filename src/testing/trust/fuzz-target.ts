import type fc from 'fast-check';

/** One thing that is fed what is not well formed. */
export interface Target<Case = unknown> {
  /** What is fed, for the table: "scenario files: bytes". */
  readonly what: string;
  readonly cases: fc.Arbitrary<Case>;
  /**
   * Feeds one case.
   * @throws whatever the code throws, but for the errors that it says it throws; Error with what is wrong otherwise
   */
  readonly feed: (one: Case) => void | Promise<void>;
  /** How many cases there are in the trust suite: as many as go into half a minute or less. */
  readonly runs: number;
  /** Ends what all its cases share, such as a server. */
  readonly close?: () => Promise<void>;
}

/** Makes a target: one of a list need not know what the others are fed. */
export function target<Case>(one: Target<Case>): Target {
  return one as unknown as Target;
}

/** Fails if something that must hold does not. */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
