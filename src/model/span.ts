/** An interval in which a true value lies: milliseconds, `lo ≤ hi`; instants are on the run's monotonic clock. */
export interface Span {
  readonly lo: number;
  readonly hi: number;
}

/** A duration whose end was not seen: it lasted at least so many milliseconds. Never a number to average. */
export interface AtLeast {
  readonly atLeast: number;
}

/** What a clock of a claim can say of a duration in milliseconds. */
export type Measured = Span | AtLeast;

export type AgainstLimit = 'pass' | 'fail' | 'unknown';

/** Tells a duration whose end was seen from one whose end was not. */
export function isSeen(measured: Measured): measured is Span {
  return 'lo' in measured;
}

/**
 * The duration from one instant to a later one, each known to within its span: as wide as both together, and never less
 * than nothing.
 */
export function between(from: Span, to: Span): Span {
  return { lo: Math.max(0, to.lo - from.hi), hi: Math.max(0, to.hi - from.lo) };
}

/** The part two spans share, or undefined if they share none (then one of the two clocks lied). */
export function intersection(a: Span, b: Span): Span | undefined {
  const lo = Math.max(a.lo, b.lo);
  const hi = Math.min(a.hi, b.hi);
  return lo <= hi ? { lo, hi } : undefined;
}

/** The longest of some durations: not seen to end if one of them was not. */
export function longest(all: readonly Measured[]): Measured {
  const lo = Math.max(0, ...all.map((one) => (isSeen(one) ? one.lo : one.atLeast)));
  const seen = all.filter(isSeen);
  return seen.length < all.length
    ? { atLeast: lo }
    : { lo, hi: Math.max(lo, ...seen.map((one) => one.hi)) };
}

/**
 * Judges a duration by its limit with a guard band: pass only if all of it is within, fail only if all of it is beyond.
 * @param limitMs milliseconds
 */
export function againstLimit(measured: Measured, limitMs: number): AgainstLimit {
  if (!isSeen(measured)) return measured.atLeast > limitMs ? 'fail' : 'unknown';
  if (measured.hi <= limitMs) return 'pass';
  return measured.lo > limitMs ? 'fail' : 'unknown';
}

/** Prints a duration for people: `1.84 s (+0.03/−0.04)` around its middle, or `> 45.0 s`. */
export function sayDuration(measured: Measured): string {
  if (!isSeen(measured)) return `> ${saySeconds(measured.atLeast)}`;
  const middle = (measured.lo + measured.hi) / 2;
  const half = ((measured.hi - measured.lo) / 2000).toFixed(2);
  return `${saySeconds(middle)} (±${half})`;
}

/** Prints milliseconds as seconds: two decimals below ten seconds, one above. */
export function saySeconds(ms: number): string {
  return `${(ms / 1000).toFixed(Math.abs(ms) < 10_000 ? 2 : 1)} s`;
}

/** Prints an instant of the run's clock for evidence: `24.150 s`. */
export function sayInstant(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}
