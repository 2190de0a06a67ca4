import type { AnyOperation } from './operation.ts';

/**
 * What is wrong:
 * - `not linearizable`: no order of the operations on a register is possible and agrees with real time.
 * - `versions`: the resourceVersions of a register contradict each other or go back.
 * - `cache`: a cache told what nobody had written, or went back.
 * - `lost`: an element of a set was there, or acknowledged, and the last reads lack it.
 * - `stale`: so too, but only reads before the last lack it.
 * - `duplicated`: one read has an element twice.
 * - `unexpected`: a read has an element that nobody had tried to add, or whose addition certainly did not happen.
 * - `out of bounds`: a counter is less than what had been acknowledged, or more than all that had been asked for.
 * - `went back`: a counter is less than in a read before.
 */
export type Wrong =
  | 'not linearizable'
  | 'versions'
  | 'cache'
  | 'lost'
  | 'stale'
  | 'duplicated'
  | 'unexpected'
  | 'out of bounds'
  | 'went back';

/** Something that must not be, and the smallest part of the history that was found to show it. */
export interface Violation {
  readonly wrong: Wrong;
  readonly object: string;
  /** What is wrong, in a sentence without its full stop. */
  readonly because: string;
  /**
   * Operations of the history, by call. A condition that does not matter is left out of a write; one that was not answered
   * before what is wrong was seen is indeterminate; a read of a set has only the element that is wrong.
   */
  readonly operations: readonly AnyOperation[];
}
