/**
 * The probability that a standard normal variable is above a value.
 * @param z from 0
 * @see Numerical Recipes, section 6.2 (erfcc): a fit whose relative error is below 1.2e-7
 */
export function normalTail(z: number): number {
  const t = 1 / (1 + z / (2 * Math.SQRT2));
  const fitted = coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  return 0.5 * t * Math.exp((-z * z) / 2 + fitted);
}

const coefficients = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
];
