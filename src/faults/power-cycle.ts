/**
 * Takes the power of nodes away for a moment. Their devices give it back by themselves; a node that has none but its
 * own kernel (`power: { sysrq: true }`) is reset by it, which is as sudden and leaves it without power for no time.
 */
import { z } from 'zod';
import { count, duration, selector } from '../model/fields.ts';
import { booted, bootsWithinMs, serves, wholeMachines } from './machine.ts';
import { revertsByItself } from './power-off.ts';
import { prepareReset, reset } from './reboot.ts';
import type { DesignContext, Fault, Impossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import type { NodeFacts } from '../model/snapshot.ts';

export interface PowerCycleParams extends Readonly<Record<string, unknown>> {
  readonly target: Selector;
  readonly count: Count;
  /** Milliseconds. */
  readonly 'off-for': number;
}

export const powerCycle = {
  summary: 'take the power of nodes away for a moment',
  schema: z.strictObject({
    target: selector,
    count: count.default('one'),
    'off-for': duration
      .default(10_000)
      .describe('How long they are without power; 10s if not said'),
  }),
  example: { target: 'leader', 'off-for': '10s' },
  design,
} satisfies Fault<PowerCycleParams>;

function design(
  { 'off-for': forMs }: PowerCycleParams,
  { id, targets, snapshot }: DesignContext,
): Intent | Impossible {
  const unable = targets.filter((node) => !isReset(node) && !revertsByItself(node));
  if (unable.length > 0)
    return {
      impossible:
        `${unable.map(({ name }) => name).join(', ')} has no power device that switches on again by itself; ` +
        'put {seconds} into its off command if it can, say { sysrq: true } if a reset by the kernel will do, ' +
        'or use power-off, a wait and a heal',
    };
  const plugs = targets.filter((node) => !isReset(node)).map(({ name }) => name);
  const resets = targets.filter(isReset);
  return {
    id,
    fault: 'power-cycle',
    says: [
      ...(plugs.length > 0
        ? [`take the power of ${plugs.join(', ')} away for ${forMs / 1000} s`]
        : []),
      ...(resets.length > 0
        ? [`reset ${resets.map(({ name }) => name).join(', ')} by the kernel (sysrq)`]
        : []),
    ].join(' and '),
    ...wholeMachines(targets, snapshot),
    loss: 'brief',
    prepare: [
      ...plugs.map((node) => ({ power: 'try' as const, node })),
      ...resets.map(prepareReset),
    ],
    inject: [
      ...plugs.map((node) => ({ power: 'off' as const, node, forMs })),
      ...resets.map(reset),
    ],
    bit: targets.map(booted),
    bitWithinMs: forMs + bootsWithinMs(targets),
    undo: plugs.map((node) => ({ power: 'on', node })),
    gone: [
      ...plugs.map((node) => ({
        power: 'on' as const,
        node,
        says: `the power device of ${node} says on`,
      })),
      ...targets.flatMap((node) => serves(node, snapshot)),
    ],
    undoBy: plugs.length > 0 ? 'device' : 'nothing',
  };
}

/** Nothing can keep it off, but its kernel can reset it. */
function isReset({ power }: NodeFacts): boolean {
  return power?.by === 'sysrq';
}
