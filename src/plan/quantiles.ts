import { randomFrom } from '../model/random.ts';
import type { Random } from '../model/random.ts';

/** Enough for quantiles that are steady to about one percent. */
const draws = 20_000;

/**
 * The median and the 95th percentile of what a model draws; always from the same seed, as a prediction depends on the
 * cluster's settings and on nothing else.
 */
export function quantiles(draw: (random: Random) => number): { p50Ms: number; p95Ms: number } {
  const random = randomFrom(0).child('predict');
  const drawn = Float64Array.from({ length: draws }, () => draw(random)).sort();
  const at = (share: number): number => Math.round(drawn[Math.floor(share * draws)] ?? 0);
  return { p50Ms: at(0.5), p95Ms: at(0.95) };
}
