import type { Series } from '../model/plan.ts';
import { saySeconds, type Span } from '../model/span.ts';
import type { Limit } from '../model/fields.ts';
import type { Timeline } from '../model/timeline.ts';
import { sinceOf, type Since } from './injected.ts';
import { usedFrom, type Used } from './series.ts';

/** How long before a fault its series must have been working; milliseconds. */
export const calmMs = 2000;

/** How many good samples are enough to say that a series works, of those slow enough to have fewer: half of them. */
const enoughGood = 10;

/** A change must be seen to within this, or to within five slots of a slow series; milliseconds. */
const widestChangeMs = 500;

/**
 * Finds a series that did not work in the two seconds before an instant: what it does not tell later, tells nothing.
 * @returns what is wrong, in words; undefined if every series worked
 */
export function vacuous(
  timeline: Timeline,
  series: readonly Series[],
  before: number,
): string | undefined {
  for (const one of series) {
    const needed = Math.max(1, Math.min(enoughGood, Math.floor(calmMs / one.everyMs / 2)));
    const good = goodBefore(timeline, one, before).length;
    if (good < needed)
      return (
        `${one.id} had ${good} good samples in the ${saySeconds(calmMs)} before the fault ` +
        `and needs ${needed}: nothing can be told from it`
      );
  }
  return undefined;
}

/** The good samples of a series in the two seconds before an instant. */
export function goodBefore(timeline: Timeline, series: Series, before: number): readonly Used[] {
  return usedFrom(timeline, series, before - calmMs).filter(
    ({ ok, sent, got }) => ok && sent >= before - calmMs && got <= before,
  );
}

/** How coarsely a change may be seen by a series, to be called measured; milliseconds. */
export function widestChange(everyMs: number): number {
  return Math.max(widestChangeMs, 5 * everyMs);
}

/** A change may always be seen to within this share of the limit that it is judged by. */
const shareOfLimit = 1 / 20;

/**
 * Says that a change was seen too coarsely to be called measured; undefined if it was seen well.
 * @param limit what it is judged by: one of minutes needs no half seconds
 */
export function tooSparse(change: Span, everyMs: number, limit: Limit = 0): string | undefined {
  const limitMs = limit === 'predicted' ? 0 : limit;
  const widest = Math.max(widestChange(everyMs), limitMs * shareOfLimit);
  const width = change.hi - change.lo;
  if (width <= widest) return undefined;
  return (
    `the change was seen only to within ${saySeconds(width)}: the samples around it are too sparse ` +
    `(at most ${saySeconds(widest)} is good enough)`
  );
}

/**
 * Has nothing failed in the last two seconds of some series, all of them after what a claim counts from?
 * @param meant which series, once it is known what is counted from
 */
export function quietSince(
  timeline: Timeline,
  after: string | undefined,
  meant: (since: Since) => readonly Series[],
): boolean {
  const since = sinceOf(timeline, after);
  return since !== undefined && meant(since).every((one) => isQuiet(timeline, one, since.at));
}

function isQuiet(timeline: Timeline, series: Series, after: Span): boolean {
  const used = usedFrom(timeline, series, after.lo);
  const last = used.at(-1)?.due ?? 0;
  return last >= after.hi + calmMs && used.every(({ ok, due }) => ok || due < last - calmMs);
}
