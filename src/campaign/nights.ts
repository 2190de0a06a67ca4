import { fewestASide } from '../stats/comparison.ts';

/** Older trials say less of the cluster as it is; more of them add nothing to the test. */
const mostBefore = 200;

/**
 * Splits nights, the last of which is the one in question: where it has fewer than ten trials, those before it are
 * counted to it until there are ten. What is left before, up to 200 trials, is what they are compared with.
 */
export function splitNights<T>(nights: readonly (readonly T[])[]): { before: T[]; after: T[] } {
  let from = nights.length;
  let counted = 0;
  while (from > 0 && (from === nights.length || counted < fewestASide)) {
    from -= 1;
    counted += nights[from]?.length ?? 0;
  }
  return {
    before: nights.slice(0, from).flat().slice(-mostBefore),
    after: nights.slice(from).flat(),
  };
}
