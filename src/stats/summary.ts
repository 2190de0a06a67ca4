import { isSeen, type Measured } from '../model/span.ts';
import type { QuantileEstimate, Summary } from '../model/statistics.ts';
import { rankBounds } from './ranks.ts';

/** The quantiles that are told. */
export const toldShares = [0.5, 0.9, 0.95] as const;

/**
 * Sums up measured durations, each known to within its span. A bound from below is one of the spans' lower ends and one
 * from above of their upper ends, so that what is claimed of the true durations holds; that of an end that was not seen
 * has none above.
 * @returns undefined of no values
 */
export function summarise(values: readonly Measured[]): Summary | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const sorted = sortedEnds(values);
  return {
    n,
    censored: values.filter((value) => !isSeen(value)).length,
    min: ranked(sorted, 1),
    max: ranked(sorted, n),
    quantiles: toldShares.map((share) => ({
      share,
      ms: ranked(sorted, Math.ceil(share * n)),
      ...boundsOf(sorted, share),
    })),
  };
}

/** The median; undefined of no values. */
export function medianOf(values: readonly Measured[]): Measured | undefined {
  if (values.length === 0) return undefined;
  return ranked(sortedEnds(values), Math.ceil(values.length / 2));
}

/** The lower and the upper ends of all spans, each sorted; the upper end of one that was not seen is infinite. */
interface SortedEnds {
  readonly lows: readonly number[];
  readonly highs: readonly number[];
}

function sortedEnds(values: readonly Measured[]): SortedEnds {
  const sort = (ends: readonly number[]): readonly number[] => ends.toSorted((a, b) => a - b);
  return {
    lows: sort(values.map((value) => (isSeen(value) ? value.lo : value.atLeast))),
    highs: sort(values.map((value) => (isSeen(value) ? value.hi : Infinity))),
  };
}

/** The value of a rank, from 1: it is not below the lower end of that rank, and not above the upper one. */
function ranked({ lows, highs }: SortedEnds, rank: number): Measured {
  const lo = lows[rank - 1] ?? 0;
  const hi = highs[rank - 1] ?? Infinity;
  return hi === Infinity ? { atLeast: lo } : { lo, hi };
}

function boundsOf(
  { lows, highs }: SortedEnds,
  share: number,
): Pick<QuantileEstimate, 'lowerMs' | 'upperMs'> {
  const { lower, upper } = rankBounds(lows.length, share);
  const lowerMs = lower === undefined ? undefined : lows[lower - 1];
  const upperMs = upper === undefined ? undefined : highs[upper - 1];
  return {
    ...(lowerMs !== undefined && { lowerMs }),
    ...(upperMs !== undefined && upperMs !== Infinity && { upperMs }),
  };
}
