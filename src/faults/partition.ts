/**
 * Cuts the targets, as a group, off from some other nodes or from all: a split of the network. Within either side
 * all goes on. The tables are on the targets alone.
 */
import { z } from 'zod';
import { count, selector } from '../model/fields.ts';
import type { DesignContext, Fault, Impossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import { cutBetween, cutIntent, direction, how, sayCut, taking, traffic } from './cut.ts';
import type { CutFields } from './cut.ts';

export interface PartitionParams extends Readonly<Record<string, unknown>>, CutFields {
  readonly target: Selector;
  readonly count: Count;
  readonly from?: Selector;
}

export const partition = {
  summary: 'cut a group of nodes off from the others',
  schema: z.strictObject({
    target: selector,
    count: count.default('one'),
    from: selector
      .describe('The other side, one of those that this fits; all other nodes if it is left out')
      .exactOptional(),
    direction: direction.default('both'),
    traffic: traffic.default('all'),
    how: how.default('drop'),
  }),
  example: { target: 'follower', from: 'leader' },
  design,
} satisfies Fault<PartitionParams>;

function design(params: PartitionParams, context: DesignContext): Intent | Impossible {
  const { targets, snapshot } = context;
  const others = taking(params.traffic, context.others, snapshot);
  return cutIntent(
    targets.map((node) => cutBetween(node, others, params.direction)),
    {
      fault: 'partition',
      says: sayCut(params, targets, others),
      traffic: params.traffic,
      fate: params.how,
    },
    context,
  );
}
