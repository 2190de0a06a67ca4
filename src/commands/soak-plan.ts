import { stringify } from 'yaml';
import { ownNamespace } from '../model/namespace.ts';
import { scenarioClasses } from '../model/scenario.ts';
import { randomFrom, type Random } from '../model/random.ts';
import type { FaultTable } from '../model/tables.ts';
import { phaseOf } from '../plan/plan.ts';

/** What one kill of a soak does; all of it comes from the soak's seed and the number of the attempt. */
export interface Attempt {
  /** From zero. */
  readonly number: number;
  readonly fault: string;
  /** The scenario file. */
  readonly scenario: string;
  readonly holdMs: number;
  /** Of the run. */
  readonly seed: number;
  /** The kill comes so long after the fault was journaled, or after the start of a run that is not to come so far. */
  readonly after: 'journaled' | 'start';
  readonly killMs: number;
  /** The harness's network is cut so long before the kill; absent if it is not. */
  readonly cutBeforeMs?: number;
}

/** So much later than the hold the nodes take a fault back by themselves. */
export const graceMs = 10_000;

const holdMs = { least: 2000, most: 6000 };
// A run takes so long to survey, lock, deploy and see a steady state.
const startMs = 7000;
// Beside the hold: arming, firing, proving, and then undoing, proving, settling.
const aroundMs = 9000;
const shareEarly = 0.15;
const shareCut = 0.25;
const cutMostMs = 3000;
const phaseMostMs = 1000;

/** Decides an attempt: every fault of the table comes once before one comes again, in an order of the seed. */
export function planAttempt(seed: number, number: number, faults: FaultTable): Attempt {
  const names = Object.keys(faults);
  const cycle = Math.floor(number / names.length);
  const order = randomFrom(seed).child(`cycle ${cycle}`).sample(names, names.length);
  const fault = order[number % names.length] ?? '';
  const random = randomFrom(seed).child(`attempt ${number}`);
  const hold = Math.round(random.between(holdMs.least, holdMs.most));
  const early = random.next() < shareEarly;
  const cut = random.next() < shareCut;
  const killMs = Math.round(random.between(0, early ? startMs : hold + aroundMs));
  return {
    number,
    fault,
    scenario: scenarioOf(fault, faults[fault]?.example ?? {}, hold),
    holdMs: hold,
    seed: seedWithShortPhase(random),
    after: early ? 'start' : 'journaled',
    killMs,
    ...(cut && { cutBeforeMs: Math.round(random.between(0, Math.min(killMs, cutMostMs))) }),
  };
}

/** What must have been done to a lab before a fault is possible there. */
const before: Readonly<Record<string, object>> = {
  'add-member': { 'remove-member': { target: { node: 'pi4' } } },
  rollback: {
    update: { deployment: 'holdfast/web', image: 'docker.io/library/nginx:1.28' },
  },
};

/** Does a fault aim at the run's own workload? Others do without, so that they start soon. */
function aimsAtWorkload(example: object): boolean {
  return Object.values(example).some(
    (value) => typeof value === 'string' && value.startsWith(`${ownNamespace}/`),
  );
}

function scenarioOf(fault: string, example: object, hold: number): string {
  return stringify({
    apiVersion: 'holdfast.dev/v1',
    kind: 'Scenario',
    name: 'soak',
    title: `Holdfast is killed while it does ${fault}`,
    claim: 'Nothing of it is left on any node once its time is up.',
    class: [...scenarioClasses],
    ...(aimsAtWorkload(example) && { workload: 'web' }),
    steps: [
      ...[before[fault] ?? []].flat(),
      { [fault]: example },
      { wait: `${hold}ms` },
      { heal: 'all' },
    ],
  });
}

/** A run waits for up to half a minute before its first step, by its seed; a soak has no use for that. */
function seedWithShortPhase(random: Random): number {
  for (;;) {
    const seed = Math.floor(random.between(0, 2 ** 32));
    if (phaseOf(seed) < phaseMostMs) return seed;
  }
}
