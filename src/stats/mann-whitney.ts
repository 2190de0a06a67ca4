import type { Measured } from '../model/span.ts';
import { order } from './order.ts';
import { normalTail } from './normal.ts';

/** Whether two samples may be of one distribution. */
export interface RankTest {
  /** The probability that a value of the second is longer than one of the first, and half that neither is known to be. */
  readonly superiority: number;
  /** Two-sided: how often chance alone would bring a difference as large. */
  readonly p: number;
}

/**
 * The test of Mann and Whitney for durations whose ends need not have been seen, which is Gehan's: each pair is told
 * apart as far as its spans allow, and overlapping ones are a tie. Its variance is that of all ways to deal the same
 * values out, so ties and spans are accounted for; normal approximation with a correction for continuity.
 * @see E. A. Gehan, A generalized Wilcoxon test, Biometrika 52 (1965)
 */
export function mannWhitney(first: readonly Measured[], second: readonly Measured[]): RankTest {
  const all = [...first, ...second];
  const [n, m] = [first.length, second.length];
  // The score of a value: how many are shorter less how many are longer.
  const scores = all.map((one) => all.reduce<number>((sum, other) => sum + order(one, other), 0));
  const observed = scores.slice(n).reduce((sum, score) => sum + score, 0);
  const squares = scores.reduce((sum, score) => sum + score * score, 0);
  const variance = (n * m * squares) / ((n + m) * (n + m - 1));
  const superiority = 0.5 + observed / (2 * n * m);
  // None of samples of which one is empty, and of values of which none is known to be longer than another.
  if (!(variance > 0)) return { superiority: 0.5, p: 1 };
  // The sum of scores moves in steps of 2.
  const z = Math.max(0, Math.abs(observed) - 1) / Math.sqrt(variance);
  return { superiority, p: Math.min(1, 2 * normalTail(z)) };
}
