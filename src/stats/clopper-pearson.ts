import { atLeast } from './binomial.ts';

/**
 * The lower bound of the exact interval of Clopper and Pearson for a share: with so many hits in so many trials, the
 * true share is above it with the confidence given.
 * @param confidence of the two-sided interval
 */
export function lowerBound(hits: number, trials: number, confidence = 0.95): number {
  return shareWithTail(hits, trials, (1 - confidence) / 2);
}

/**
 * The share that so many hits in so many trials demonstrate: the true one is at least so large, with the confidence
 * given. One-sided, as nobody minds if it is larger: 59 hits of 59 demonstrate 95 %, 299 of 299 demonstrate 99 %.
 * @returns from 0 to 1; 0 of no trials
 */
export function demonstratedShare(hits: number, trials: number, confidence = 0.95): number {
  return shareWithTail(hits, trials, 1 - confidence);
}

/** How many trials without a miss demonstrate a share: 59 for 0.95, 299 for 0.99, both with a confidence of 0.95. */
export function trialsToDemonstrate(share: number, confidence = 0.95): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(share) - 1e-9);
}

/** The share with which so many hits or more are as improbable as the tail says. */
function shareWithTail(hits: number, trials: number, tail: number): number {
  if (hits === 0) return 0;
  let [lo, hi] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (lo + hi) / 2;
    if (atLeast(hits, trials, middle) < tail) lo = middle;
    else hi = middle;
  }
  return lo;
}
