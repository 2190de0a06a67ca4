import type { Measured } from '../model/span.ts';
import type { Autocorrelation } from '../model/statistics.ts';
import { order } from './order.ts';

/** Fewer values show nothing. */
const fewest = 10;
/** Of the normal distribution, two-sided: 1 %. */
const beyond = 2.576;

/**
 * The correlation of neighbours in the order in which they were measured, of their ranks: one value that is far out, or
 * whose end was not seen, weighs no more than another. Trials of one cluster need not be independent; where they are
 * not, n of them show less than n.
 * @returns undefined where there are too few, or all are the same
 */
export function autocorrelation(values: readonly Measured[]): Autocorrelation | undefined {
  const n = values.length;
  if (n < fewest) return undefined;
  // The score of a value is how many are shorter less how many are longer: its rank, with zero in the middle.
  const scores = values.map((one) =>
    values.reduce<number>((sum, other) => sum + order(one, other), 0),
  );
  const squares = sum(scores.map((score) => score * score));
  if (squares === 0) return undefined;
  const lag1 = sum(scores.slice(1).map((score, index) => score * (scores[index] ?? 0))) / squares;
  // Independent values have -1/n in the mean.
  return { lag1, significant: Math.abs(lag1 + 1 / n) > beyond / Math.sqrt(n) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
