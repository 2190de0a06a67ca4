/**
 * Loses a share of the packets between each target and every other node, each packet by its own chance: a bad cable, a
 * full queue. A packet that passes two targets meets one chance, not two.
 */
import { z } from 'zod';
import { count, selector, share, wrong } from '../model/fields.ts';
import type { DesignContext, Fault, Impossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import { allBut, cutIntent, taking, traffic } from './cut.ts';

export interface LoseParams extends Readonly<Record<string, unknown>> {
  readonly target: Selector;
  readonly count: Count;
  readonly share: number;
  readonly traffic: 'all' | 'datastore';
}

export const lose = {
  summary: 'lose a share of the packets between each target and all other nodes',
  schema: z.strictObject({
    target: selector,
    count: count.default('one'),
    share: share
      .refine((value) => value >= 1e-6, { error: wrong('at least 0.0001%') })
      .describe('Of the packets in each direction, such as 30%'),
    traffic: traffic.default('all'),
  }),
  example: { target: 'leader', share: '30%', traffic: 'datastore' },
  design,
} satisfies Fault<LoseParams>;

function design(params: LoseParams, context: DesignContext): Intent | Impossible {
  const { targets, others, snapshot } = context;
  const names = targets.map(({ name }) => name).join(', ');
  const percent = `${Number((params.share * 100).toFixed(4))}%`;
  const what = params.traffic === 'datastore' ? "the datastore's packets" : 'the packets';
  return cutIntent(
    targets.map((node) => ({
      node,
      from: taking(params.traffic, allBut(node, snapshot), snapshot),
      to: taking(params.traffic, others, snapshot),
    })),
    {
      fault: 'lose',
      says:
        `lose ${percent} of ${what} ` +
        (others.length === 0 ? `among ${names}` : `between ${names} and every other node`),
      traffic: params.traffic,
      fate: { perMillion: Math.round(params.share * 1e6) },
    },
    context,
  );
}
