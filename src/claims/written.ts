import type { Timeline } from '../model/timeline.ts';
import { seriesOf, usedOf } from './series.ts';

/**
 * So long before the end of what is known, a look may have left of which nothing is written down, as a timeline may be
 * cut off anywhere: a deadline and the batches in which samples come. Milliseconds.
 */
const underWayMs = 1500;
/** So many looks may be under way then: a deadline has room for a dozen. */
const mostUnderWay = 20;

/**
 * Tells which numbers may have been written through a node's API server by an instant: each is that of a look, counted in
 * the order of their intended times, and that look had left.
 * @returns undefined of a node through which nobody writes
 */
export function writtenThrough(
  timeline: Timeline,
  node: string,
): ((n: number, at: number) => boolean) | undefined {
  const [series] = seriesOf(timeline, 'write', node);
  if (series === undefined) return undefined;
  const used = usedOf(timeline, series);
  const knownUntil = Math.max(0, ...used.map(({ got }) => got)) - underWayMs;
  return (n, at) => {
    const spare = at > knownUntil ? mostUnderWay : 0;
    return n <= spare || (used[n - spare - 1]?.sent ?? Infinity) <= at;
  };
}
