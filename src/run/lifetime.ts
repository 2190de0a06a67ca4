import type { Intent } from '../model/intent.ts';
import type { PlannedStep } from '../model/plan.ts';

/** Beyond what the steps may take: so much later a node that has heard nothing takes its fault back by itself. */
const defaultGraceMs = 30_000;
/** How long the first fault, once armed, waits for the steady state that arming it, or chance, has just disturbed. */
export const readyTimeoutMs = 15_000;
/** What firing and proving another fault may take while one stands. */
const faultStepMs = 20_000;

/** What an intent may take by itself, from its arming until it is proved; zero for those that bite at once. */
export function ownTimeMs({ inject, bitWithinMs = 0 }: Intent): number {
  const evictions = inject.map((act) => ('evict' in act ? act.atMostMs : 0));
  return bitWithinMs + Math.max(0, ...evictions);
}

/**
 * The whole time that a node is given before it takes a fault back by itself, from its arming.
 * @param isFirst of the run: armed, it may wait for the steady state
 */
export function lifetimeMs(
  intent: Intent,
  later: readonly PlannedStep[],
  id: string,
  isFirst: boolean,
  graceMs?: number,
): number {
  return (isFirst ? readyTimeoutMs : 0) + ownTimeMs(intent) + aloneForMs(later, id, graceMs);
}

/**
 * How long a node waits before it takes a fault back by itself: all that may come before its healing, and a grace.
 * @param later the steps after the fault's own
 * @param id of the fault's step
 */
export function aloneForMs(
  later: readonly PlannedStep[],
  id: string,
  graceMs = defaultGraceMs,
): number {
  let ms = graceMs;
  for (const step of later) {
    if (step.kind === 'heal' && (step.step === 'all' || step.step === id)) break;
    if (step.kind === 'hold') ms += step.forMs;
    if (step.kind === 'until-seen' || step.kind === 'until-well') ms += step.atMostMs;
    if (step.kind === 'fault')
      ms += faultStepMs + (step.intent === undefined ? 0 : ownTimeMs(step.intent));
  }
  return ms;
}
