/** A search of what one service of one node said, for the lines that a pattern matches. */
export interface LogSearch {
  readonly node: string;
  /** By the word that faults use for it, or a unit of systemd by its full name. */
  readonly service: string;
  /** A regular expression, as Perl and JavaScript have it. */
  readonly pattern: string;
  /** From when on, on the run's clock; milliseconds. */
  readonly since: number;
}
