/**
 * The lower bound of the exact interval of Clopper and Pearson for a share: with so many hits in so many trials, the
 * true share is above it with the confidence given.
 * @param confidence of the two-sided interval
 */
export function lowerBound(hits: number, trials: number, confidence = 0.95): number {
  if (hits === 0) return 0;
  const tail = (1 - confidence) / 2;
  let [lo, hi] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (lo + hi) / 2;
    if (atLeast(hits, trials, middle) < tail) lo = middle;
    else hi = middle;
  }
  return lo;
}

/** The probability of so many hits or more, if each trial hits with a share. */
function atLeast(hits: number, trials: number, share: number): number {
  let sum = 0;
  for (let k = hits; k <= trials; k++)
    sum += Math.exp(logChoose(trials, k) + k * Math.log(share) + (trials - k) * Math.log1p(-share));
  return sum;
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const logFactorials = [0];

function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= n; i++)
    logFactorials.push((logFactorials[i - 1] ?? 0) + Math.log(i));
  return logFactorials[n] ?? 0;
}
