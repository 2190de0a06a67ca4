/**
 * Takes the power of nodes away by their devices, all at once, and gives it back, one after another.
 *
 * Needs a power device of each target in the cluster file. Leaves nothing on the nodes. A device that can switch on
 * again by itself is told to when a dead man would undo the fault; otherwise nobody but `holdfast heal` does.
 */
import { z } from 'zod';
import { count, selector } from '../model/fields.ts';
import { serves, wholeMachines } from './machine.ts';
import type { DesignContext, Fault, Impossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import type { NodeFacts } from '../model/snapshot.ts';

export interface PowerOffParams extends Readonly<Record<string, unknown>> {
  readonly target: Selector;
  readonly count: Count;
}

export const powerOff = {
  summary: 'take the power of nodes away until healed',
  schema: z.strictObject({ target: selector, count: count.default('one') }),
  example: { target: 'leader' },
  design,
} satisfies Fault<PowerOffParams>;

function design(
  _: PowerOffParams,
  { id, targets, snapshot, random }: DesignContext,
): Intent | Impossible {
  const without = withoutSwitch(targets);
  if (without.length > 0)
    return {
      impossible:
        `the cluster file names no device that switches the power of ${without.join(', ')}; ` +
        'write one under power: of the node, { command: { off: …, on: …, state: … } }',
    };
  const names = targets.map(({ name }) => name);
  // Which comes back first decides what the others find.
  const order = random.sample(names, names.length);
  const many = order.length > 1 ? `, to be given back in the order ${order.join(', ')}` : '';
  return {
    id,
    fault: 'power-off',
    says: `take the power of ${names.join(', ')}${many}`,
    ...wholeMachines(targets, snapshot),
    prepare: names.map((node) => ({ power: 'try', node })),
    inject: names.map((node) => ({ power: 'off', node })),
    bit: names.flatMap((node) => [
      { power: 'off', node, says: `the power device of ${node} says off` },
      { node, answers: false, says: `${node} does not answer` },
    ]),
    undo: order.map((node) => ({ power: 'on', node })),
    gone: targets.flatMap((node) => [
      { power: 'on', node: node.name, says: `the power device of ${node.name} says on` },
      ...serves(node, snapshot),
    ]),
    undoBy: targets.every(revertsByItself) ? 'device' : 'journal',
  };
}

/** Names of the nodes that no device switches. */
function withoutSwitch(targets: readonly NodeFacts[]): readonly string[] {
  return targets.filter(({ power }) => power?.by !== 'switch').map(({ name }) => name);
}

export function revertsByItself({ power }: NodeFacts): boolean {
  return power?.by === 'switch' && power.reverts;
}
