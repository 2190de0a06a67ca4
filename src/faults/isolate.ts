/**
 * Cuts each target off from every other node, in both directions or in one, by a table on the target.
 *
 * What the controller needs goes on to work: its SSH and the API of the target. Pods on the target talk to one another.
 * Pods of a data plane that goes past nftables, such as one of eBPF, may not be cut off from pods elsewhere.
 */
import { z } from 'zod';
import { count, selector } from '../model/fields.ts';
import type { DesignContext, Fault, Impossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import type { NodeFacts } from '../model/snapshot.ts';
import { allBut, cutBetween, cutIntent, direction, how, sayCut, taking, traffic } from './cut.ts';
import type { CutFields } from './cut.ts';

export interface IsolateParams extends Readonly<Record<string, unknown>>, CutFields {
  readonly target: Selector;
  readonly count: Count;
}

export const isolate = {
  summary: 'cut each target off from all other nodes',
  schema: z.strictObject({
    target: selector,
    count: count.default('one'),
    direction: direction.default('both'),
    traffic: traffic.default('all'),
    how: how.default('drop'),
  }),
  example: { target: 'leader' },
  design,
} satisfies Fault<IsolateParams>;

function design(params: IsolateParams, context: DesignContext): Intent | Impossible {
  const { targets, snapshot } = context;
  const othersOf = (node: NodeFacts): readonly NodeFacts[] =>
    taking(params.traffic, allBut(node, snapshot), snapshot);
  const cuts = targets.map((node) => cutBetween(node, othersOf(node), params.direction));
  const alone = targets.length === 1 ? targets.flatMap(othersOf) : 'every other node';
  const says = sayCut(params, targets, alone);
  return cutIntent(
    cuts,
    { fault: 'isolate', says, traffic: params.traffic, fate: params.how },
    context,
  );
}
