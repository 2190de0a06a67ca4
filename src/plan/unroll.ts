import { randomFrom } from '../model/random.ts';
import { pick, sayNobody } from './pick.ts';
import type { EachStep, FaultParams, Scenario, Selector, Step } from '../model/scenario.ts';
import type { NodeFacts, Snapshot } from '../model/snapshot.ts';
import type { Refusal } from './refusal.ts';

/** The steps one after the other: those of an `each` once for each of its nodes, with the node in the place of `it`. */
export function unroll({
  scenario,
  snapshot,
  seed,
}: {
  readonly scenario: Scenario;
  readonly snapshot: Snapshot;
  readonly seed: number;
}): readonly Step[] | Refusal {
  const steps: Step[] = [];
  for (const step of scenario.steps) {
    if (step.kind !== 'each') {
      steps.push(step);
      continue;
    }
    const nodes = nodesOf(step, snapshot, seed);
    if (typeof nodes === 'string')
      return { outcome: 'refused', reason: `step ${step.id}: ${nodes}` };
    steps.push(...nodes.flatMap(({ name }, index) => turnOf(step, name, index + 1)));
  }
  return steps;
}

/** The nodes in the order of their turns; in words why there are none. */
function nodesOf(
  { id, of }: EachStep,
  snapshot: Snapshot,
  seed: number,
): readonly NodeFacts[] | string {
  const random = randomFrom(seed).child(`step ${id}`);
  const found = of === 'node' ? snapshot.nodes : pick(of, snapshot, random, 'all');
  if (found.length === 0 && of !== 'node') return sayNobody(of, snapshot, 'all');
  return typeof of === 'object' ? found : random.child('order').sample(found, found.length);
}

function turnOf({ steps }: EachStep, node: string, turn: number): readonly Step[] {
  const own = new Set(steps.map(({ id }) => id));
  const idOf = (id: string): string => (own.has(id) ? `${id}-${turn}` : id);
  return steps.map((step): Step => {
    const id = idOf(step.id);
    if (step.kind === 'heal') return { ...step, id, step: idOf(step.step) };
    if (step.kind !== 'fault') return { ...step, id };
    return { ...step, id, params: paramsOf(step.params, node, idOf) };
  });
}

function paramsOf(params: FaultParams, node: string, idOf: (id: string) => string): FaultParams {
  const inTurn = (selector: Selector): Selector => {
    if (selector === 'it') return { node };
    if (typeof selector !== 'object' || !('hit-by' in selector)) return selector;
    return { 'hit-by': idOf(selector['hit-by']) };
  };
  const { target, from } = params;
  return {
    ...params,
    ...(target !== undefined && { target: inTurn(target) }),
    ...(from !== undefined && { from: inTurn(from) }),
  };
}
