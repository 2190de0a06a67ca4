import type { Series } from '../model/plan.ts';
import { between, type Measured, type Span } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import type { Since } from './injected.ts';
import { tooSparse } from './sampling.ts';
import { usedFrom, type Used } from './series.ts';

/** Requests count as resumed only if no slot is bad for so long after it; milliseconds. */
const sustainedMs = 2000;

/** Since when the requests of a series succeed again. */
export interface Resumed {
  readonly measured: Measured;
  /** The first good one, after which none is bad for two seconds; absent if there is none. */
  readonly first?: Used;
  /** The last bad one before it; absent if none was. */
  readonly lastBad?: Used;
  /** Nothing good and lasting came, or something bad before it. */
  readonly interrupted: boolean;
  /** How many were bad after the first good one. */
  readonly laterBad: number;
  /** Why the change was seen too coarsely to be called measured. */
  readonly sparse?: string;
}

/**
 * From a deed until requests that were sent after it succeed, and go on for two seconds: by the receipt of the first, not
 * before the sending of the last bad one.
 */
export function resumedOn(
  timeline: Timeline,
  { at, until }: Pick<Since, 'at' | 'until'>,
  series: Series,
): Resumed {
  const slots = usedFrom(timeline, series, at.hi).filter(({ sent }) => sent >= at.hi);
  const found = resumption(slots, series.everyMs);
  if (found === undefined || found.first.sent > until) {
    const last = slots.findLast(({ ok, sent }) => !ok && sent <= until);
    // Until its last refusal it had certainly not resumed; with refusals up to the end, that is the whole horizon.
    const measured = { atLeast: Math.max(0, (last?.sent ?? at.hi) - at.hi) };
    return { measured, interrupted: true, laterBad: 0 };
  }
  const { first, span, lastBad } = found;
  const sparse = lastBad && tooSparse({ lo: lastBad.due, hi: first.due }, series.everyMs);
  return {
    measured: between(at, span),
    first,
    ...(lastBad === undefined ? {} : { lastBad }),
    interrupted: lastBad !== undefined,
    laterBad: slots.slice(slots.indexOf(first)).filter(({ ok }) => !ok).length,
    ...(sparse === undefined ? {} : { sparse }),
  };
}

interface Resumption {
  readonly first: Used;
  readonly span: Span;
  /** Undefined if no request failed before. */
  readonly lastBad: Used | undefined;
}

/** The first good slot after which no slot is bad for two seconds that were seen to pass. */
function resumption(slots: readonly Used[], everyMs: number): Resumption | undefined {
  let first: Used | undefined;
  let lastBad: Used | undefined;
  for (const slot of slots) {
    if (first !== undefined && slot.due > first.due + sustainedMs) break;
    if (!slot.ok) {
      lastBad = slot;
      first = undefined;
    } else first ??= slot;
  }
  if (first === undefined) return undefined;
  const { due, sent } = first;
  const sustained = slots.filter((slot) => slot.due >= due && slot.due <= due + sustainedMs);
  // The two seconds must have passed, and enough of their slots must have been used to say that none was bad.
  const enough = sustainedMs / everyMs / 2;
  const arePast = slots.some((slot) => slot.due >= due + sustainedMs);
  if (!arePast || sustained.length < enough) return undefined;
  // Requests sent around the first good slot may have been answered in another order: the first receipt counts.
  const hi = Math.min(...sustained.map(({ got }) => got));
  const lo = Math.min(sent, lastBad?.sent ?? sent);
  return { first, span: { lo, hi }, lastBad };
}
