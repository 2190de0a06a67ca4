import { isSeen, type Measured } from '../model/span.ts';
import type { Comparison } from '../model/statistics.ts';
import { holm } from './holm.ts';
import { mannWhitney } from './mann-whitney.ts';
import { medianOf } from './summary.ts';

/** The durations of one clock, before and after. */
export interface Sides {
  readonly before: readonly Measured[];
  readonly after: readonly Measured[];
}

/** Fewer on a side tell nothing. */
export const fewestASide = 10;
/**
 * The chance of a false alarm among all comparisons that are made together: a little below 5 %, as the distribution of the
 * test is the normal one only nearly.
 */
const level = 0.04;

const leastMarginMs = 250;
const marginOfMedian = 0.05;

/**
 * Compares several clocks at once. One has regressed, or become better, if the test of Mann and Whitney says so after
 * Holm's correction for all of them, and the typical shift is one that matters: at least 250 ms and 5 % of the median.
 */
export function compareAll(pairs: readonly Sides[]): readonly Comparison[] {
  const told = pairs.map((pair) => (isEnough(pair) ? testOf(pair) : undefined));
  const adjusted = holm(told.flatMap((one) => (one === undefined ? [] : [one.p])));
  let next = 0;
  return pairs.map((pair, index) => {
    const one = told[index];
    if (one === undefined) return { change: 'not enough data', ...countsOf(pair) };
    const p = adjusted[next++] ?? 1;
    const matters = p <= level && Math.abs(one.shiftMs) >= one.marginMs;
    const change = !matters ? 'same' : one.shiftMs > 0 ? 'regressed' : 'better';
    return { change, ...countsOf(pair), shiftMs: one.shiftMs, marginMs: one.marginMs, p };
  });
}

function isEnough({ before, after }: Sides): boolean {
  return before.length >= fewestASide && after.length >= fewestASide;
}

function countsOf({ before, after }: Sides): Omit<Comparison, 'change'> {
  const [medianBefore, medianAfter] = [medianOf(before), medianOf(after)];
  return {
    before: before.length,
    after: after.length,
    ...(medianBefore !== undefined && { medianBefore }),
    ...(medianAfter !== undefined && { medianAfter }),
  };
}

function testOf({ before, after }: Sides): { p: number; shiftMs: number; marginMs: number } {
  const median = medianOf(before);
  const marginMs = Math.max(
    leastMarginMs,
    marginOfMedian * (median === undefined ? 0 : pointOf(median)),
  );
  return { p: mannWhitney(before, after).p, shiftMs: shiftMs(before, after), marginMs };
}

/** The estimate of Hodges and Lehmann: the median of all differences of a later and an earlier duration. */
function shiftMs(before: readonly Measured[], after: readonly Measured[]): number {
  const earlier = before.map(pointOf);
  const differences = after
    .flatMap((one) => earlier.map((other) => pointOf(one) - other))
    .sort((a, b) => a - b);
  const half = differences.length / 2;
  const [low, high] = [differences[Math.ceil(half) - 1], differences[Math.floor(half)]];
  return ((low ?? 0) + (high ?? 0)) / 2;
}

/** The middle of a span; of an end that was not seen, how far it was seen. */
function pointOf(measured: Measured): number {
  return isSeen(measured) ? (measured.lo + measured.hi) / 2 : measured.atLeast;
}
