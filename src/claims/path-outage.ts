import type { Measured, Span } from '../model/span.ts';
import type { Used } from './series.ts';

/**
 * The longest time for which a path failed on end: at least from the sending of its first bad slot to that of its last, at
 * most from that of the good one before to that of the good one after.
 * @param slots of one series, in the order of their intended times
 * @param cutAt from when on it does not count, whether or not it had ended
 */
export function pathOutage(slots: readonly Used[], from: number, cutAt?: number): Measured {
  let widest: Span = { lo: 0, hi: 0 };
  let good: Used | undefined;
  let bad: { readonly first: Used; readonly last: Used } | undefined;
  for (const slot of slots) {
    if (!slot.ok) {
      bad = { first: bad?.first ?? slot, last: slot };
      continue;
    }
    if (slot.due >= from) widest = longer(widest, outageBetween(good ?? slot, bad, slot));
    good = slot;
    bad = undefined;
  }
  if (bad === undefined) return widest;
  if (cutAt !== undefined) {
    const lo = bad.last.sent - bad.first.sent;
    return longer(widest, { lo, hi: Math.max(lo, cutAt - (good ?? bad.first).sent) });
  }
  return { atLeast: Math.max(widest.lo, bad.last.sent - bad.first.sent) };
}

/** What may lie between two good slots that follow each other: nothing is known of the time between their sendings. */
function outageBetween(
  before: Used,
  bad: { readonly first: Used; readonly last: Used } | undefined,
  after: Used,
): Span {
  const lo = bad === undefined ? 0 : bad.last.sent - bad.first.sent;
  return { lo, hi: Math.max(lo, after.sent - before.sent) };
}

function longer(a: Span, b: Span): Span {
  return { lo: Math.max(a.lo, b.lo), hi: Math.max(a.hi, b.hi) };
}
