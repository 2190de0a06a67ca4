import type { Prediction } from './plan.ts';

/**
 * What is predicted for a claim as it is asked: where a prediction is of some things alone, such as one Lease or one
 * alert, for a claim that names one of them.
 */
export function predictionFor(
  predicted: readonly Prediction[],
  claim: string,
  params: object,
): Prediction | undefined {
  const named = Object.values(params) as readonly unknown[];
  return predicted.find(
    (one) =>
      one.claim === claim && (one.of === undefined || one.of.some((of) => named.includes(of))),
  );
}
