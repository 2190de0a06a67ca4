/** One part of the trust suite: it tries to make Holdfast say what is not true. */
export interface Part {
  /** One line for `npm run trust -- --help`. */
  readonly summary: string;
  /**
   * Tries, and tells how it goes.
   * @param say a line of progress
   */
  readonly run: (say: (line: string) => void) => Promise<Tried>;
}

/** What came of a part. */
export interface Tried {
  /** Its section of docs/trust.md, without the heading: figures, tables, the command that made them. */
  readonly markdown: string;
  /** Where trust is not deserved, a line each; empty if all is well. */
  readonly broken: readonly string[];
}
