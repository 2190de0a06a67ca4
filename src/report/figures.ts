import { isSeen, sayDuration, saySeconds } from '../model/span.ts';
import type { Prediction } from '../model/plan.ts';
import type { Verdict } from '../model/verdict.ts';
import { sayShare } from './sentence.ts';

/** What stands for a figure that there is none of. */
export const none = '–';

/** The limit of a claim for a table, as exact as it was written: `≤ 5 s`; a claim about shares has it in its title. */
export function sayLimit({ limitMs }: Verdict): string {
  return limitMs === undefined ? none : `≤ ${limitMs / 1000} s`;
}

/** What was measured: a duration with its bounds, or the share of requests that failed with the longest outage. */
export function sayMeasured({ measuredMs, failed, requests, longestOutageMs }: Verdict): string {
  const figures: string[] = [];
  if (measuredMs) figures.push(sayDuration(measuredMs));
  if (failed !== undefined && requests !== undefined)
    figures.push(`${failed}/${requests} failed (${sayShare(failed, requests)})`);
  if (longestOutageMs && !(isSeen(longestOutageMs) && longestOutageMs.hi === 0))
    figures.push(`outage ${sayDuration(longestOutageMs)}`);
  return figures.join(', ') || none;
}

/** The clocks told beside the measured one: `own-word 1.81 s (±0.02)`; undefined if there are none. */
export function sayClocks({ clocks = {} }: Verdict): string | undefined {
  const told = Object.entries(clocks).map(([name, is]) => `${name} ${sayDuration(is)}`);
  return told.length === 0 ? undefined : told.join(', ');
}

/** What the cluster's own settings predict: `4.10 s, p95 5.90 s`. */
export function sayPredicted(claim: string, predicted: readonly Prediction[]): string {
  const prediction = predicted.find((prediction) => prediction.claim === claim);
  if (prediction === undefined) return none;
  return `${saySeconds(prediction.p50Ms)}, p95 ${saySeconds(prediction.p95Ms)}`;
}
