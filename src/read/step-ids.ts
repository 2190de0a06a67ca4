import type { Step } from '../model/scenario.ts';
import type { WrittenStep } from './scenario-schema.ts';

/** Gives each step without an id its own: the fault's name, `wait` or `heal`, numbered from the second on. */
export function withIds(steps: readonly WrittenStep[]): readonly Step[] {
  const taken = new Set(steps.flatMap(({ id }) => id ?? []));
  return steps.map((step) => {
    const id = step.id ?? freeId(baseName(step), taken);
    taken.add(id);
    return { ...step, id };
  });
}

function baseName(step: WrittenStep): string {
  if (step.kind === 'fault') return step.fault;
  return step.kind === 'heal' ? 'heal' : 'wait';
}

function freeId(base: string, taken: ReadonlySet<string>): string {
  // One more number than there are names: one of them is free.
  const numbered = Array.from({ length: taken.size }, (_, index) => `${base}-${index + 2}`);
  return [base, ...numbered].find((id) => !taken.has(id)) ?? base;
}
