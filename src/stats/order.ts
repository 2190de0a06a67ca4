import { isSeen, type Measured } from '../model/span.ts';

/**
 * Which of two durations is the longer, as far as is known: 1 the first, -1 the second, 0 if their spans overlap. One
 * whose end was not seen is the longer if it had lasted as long as the other by then.
 */
export function order(a: Measured, b: Measured): -1 | 0 | 1 {
  if (isLonger(a, b)) return 1;
  return isLonger(b, a) ? -1 : 0;
}

function isLonger(a: Measured, b: Measured): boolean {
  if (!isSeen(b)) return false;
  return isSeen(a) ? a.lo > b.hi : a.atLeast >= b.hi;
}
