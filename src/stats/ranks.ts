import { cumulative } from './binomial.ts';

/** Which of some sorted values bound a quantile, counted from 1; absent where so few values bound it by none. */
export interface RankBounds {
  readonly lower?: number;
  readonly upper?: number;
}

/** Of a two-sided interval of 95 %. */
const tail = 0.025;

/**
 * The order statistics that hold a quantile between them with a confidence of at least 95 %, whatever the distribution:
 * each side errs with at most 2.5 %. Of 20 values the median is between the 6th and the 15th, and the 95th percentile is
 * above the 17th: no value of so few is above it with such confidence.
 * @param share of the values that are below the quantile, such as 0.95
 * @see H. A. David, H. N. Nagaraja, Order Statistics (2003), section 7.1
 */
export function rankBounds(n: number, share: number): RankBounds {
  const upTo = cumulative(n, share);
  // So many values or fewer are below the quantile with a probability that is the tail's at most.
  const lower = upTo.filter((probability) => probability <= tail).length;
  const upper = upTo.findIndex((probability) => 1 - probability <= tail) + 1;
  return { ...(lower > 0 && { lower }), ...(upper <= n && { upper }) };
}
