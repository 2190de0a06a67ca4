import type { EachStep, Step } from '../model/scenario.ts';
import type { SingleStep, WrittenStep } from './scenario-schema.ts';

/** Gives each step without an id its own: the fault's name, `wait`, `heal` or `each`, numbered from the second on. */
export function withIds(steps: readonly WrittenStep[]): readonly (Step | EachStep)[] {
  const all = steps.flatMap((step) => (step.kind === 'each' ? [step, ...step.steps] : [step]));
  const taken = new Set(all.flatMap(({ id }) => id ?? []));
  const named = <S extends WrittenStep>(step: S): S & { readonly id: string } => {
    const id = step.id ?? freeId(baseName(step), taken);
    taken.add(id);
    return { ...step, id };
  };
  return steps.map((step) =>
    step.kind === 'each'
      ? { ...named(step), steps: step.steps.map((inner) => named(inner)) }
      : named(step),
  );
}

function baseName(step: SingleStep | { readonly kind: 'each' }): string {
  if (step.kind === 'fault') return step.fault;
  return step.kind === 'heal' || step.kind === 'each' ? step.kind : 'wait';
}

function freeId(base: string, taken: ReadonlySet<string>): string {
  // One more number than there are names: one of them is free.
  const numbered = Array.from({ length: taken.size }, (_, index) => `${base}-${index + 2}`);
  return [base, ...numbered].find((id) => !taken.has(id)) ?? base;
}
