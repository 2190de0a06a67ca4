import { isSeen, type Measured } from '../model/span.ts';
import type { Latencies } from '../model/verdict.ts';

/** How some requests fared. */
export interface Fates {
  /** Of each that was answered well, from its intended time; milliseconds. */
  readonly answeredMs: readonly number[];
  /** How many were not. */
  readonly failed: number;
  /** How many may have been answered at once, or never. */
  readonly untold: number;
}

/**
 * Within what time the half, 99 % and all of some requests were answered, by their rank: nothing is interpolated. One that
 * failed was never answered; what is not known of others widens the rank to an interval.
 */
export function latenciesOf({ answeredMs, failed, untold }: Fates): Latencies {
  const sorted = answeredMs.toSorted((a, b) => a - b);
  const count = sorted.length + failed + untold;
  const within = (share: number): Measured => {
    const rank = Math.ceil(share * count) - 1;
    // At the best, those of which nothing is known were the quickest; at the worst, they were never answered.
    const lo = rank < untold ? 0 : sorted[rank - untold];
    const hi = sorted[rank];
    if (lo !== undefined && hi !== undefined) return { lo, hi };
    return { atLeast: lo ?? Math.max(deadlineMs, sorted.at(-1) ?? 0) };
  };
  return { p50: within(0.5), p99: within(0.99), max: within(1) };
}

/** A request that failed had not been answered after so long, whatever it was that failed; milliseconds. */
const deadlineMs = 1000;

export function sayLatencies({ p50, p99, max }: Latencies): string {
  return `answered: half within ${sayLatency(p50)}, 99 % within ${sayLatency(p99)}, all within ${sayLatency(max)}`;
}

/** `12 ms`, `12 to 40 ms`, `1000 ms or more`. */
export function sayLatency(measured: Measured): string {
  if (!isSeen(measured)) return `${sayMs(measured.atLeast)} ms or more`;
  const [lo, hi] = [sayMs(measured.lo), sayMs(measured.hi)];
  return lo === hi ? `${hi} ms` : `${lo} to ${hi} ms`;
}

function sayMs(ms: number): string {
  return ms.toFixed(ms < 10 ? 1 : 0);
}
