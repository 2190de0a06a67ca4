import type { Plan } from '../model/plan.ts';
import type { HistoryEntry } from './history.ts';

/** From a start to the first step and from the healing to the end; measured in the lab, where they take 35 to 50 s. */
const aroundMs = 45_000;
/** Proving and taking back a fault. */
const faultMs = 3000;
/** The mean of the random wait before the first step. */
const phaseMs = 15_000;
/** Where nothing is predicted, what is waited for comes in half of the time it is given. */
const shareOfWait = 0.5;

/** How long a trial of a scenario took typically, by the newest of a history; undefined if there are none. */
export function estimateFrom(
  history: readonly HistoryEntry[],
  scenario: string,
): number | undefined {
  const times = history
    .filter(({ configuration }) => configuration.scenario === scenario)
    .slice(-newest)
    .map(({ tookMs }) => tookMs)
    .sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)];
}

const newest = 20;

/** How long a run of a plan takes, roughly; milliseconds. Trials that were done tell it better. */
export function estimateOf({ steps, predicted }: Pick<Plan, 'steps' | 'predicted'>): number {
  const predictedMs = Math.max(0, ...predicted.map(({ p95Ms }) => p95Ms));
  const inSteps = steps.map((step) => {
    switch (step.kind) {
      case 'fault':
        return faultMs;
      case 'hold':
        return step.forMs;
      case 'until-seen':
      case 'until-well':
        return Math.min(step.atMostMs, Math.max(predictedMs, shareOfWait * step.atMostMs));
      case 'heal':
        return 0;
    }
  });
  return inSteps.reduce((sum, ms) => sum + ms, aroundMs + phaseMs);
}
