import type { Measured } from './span.ts';

/** One thing that happens after a fault, and how long it took: told in every report, and judged by nobody. */
export interface Clock {
  /** Its name in the table of clocks. */
  readonly clock: string;
  /** What it is, for people: "until the old leader does not name itself any more". */
  readonly title: string;
  /** Of which node, lease or path, if of one of several. */
  readonly of?: string;
  /** From the first fault; milliseconds. */
  readonly measuredMs?: Measured;
  /** Why there is no figure. */
  readonly because?: string;
}
