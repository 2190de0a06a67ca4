/**
 * The probability of so many hits or more in some trials, if each hits with a share.
 * @param hits from 0; more than there are trials are impossible
 * @param share above 0 and below 1
 */
export function atLeast(hits: number, trials: number, share: number): number {
  if (hits <= 0) return 1;
  let sum = 0;
  for (let k = hits; k <= trials; k++) {
    const one = exactly(k, trials, share);
    sum += one;
    // Beyond the mean each is smaller than the one before: the rest cannot be seen in the sum.
    if (k > trials * share && one < sum * Number.EPSILON * Number.EPSILON) break;
  }
  return Math.min(1, sum);
}

/**
 * The probabilities of no hit or fewer, of one or fewer, and so on: one more than there are trials.
 * @param share above 0 and below 1
 */
export function cumulative(trials: number, share: number): readonly number[] {
  let sum = 0;
  return Array.from({ length: trials + 1 }, (_, hits) => {
    sum += exactly(hits, trials, share);
    return Math.min(1, sum);
  });
}

function exactly(hits: number, trials: number, share: number): number {
  return Math.exp(
    logChoose(trials, hits) + hits * Math.log(share) + (trials - hits) * Math.log1p(-share),
  );
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
