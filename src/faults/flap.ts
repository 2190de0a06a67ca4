/**
 * Cuts each target off from every other node and lets it back, by turns: a loose plug. A transient unit on the target
 * goes on with it, whatever becomes of Holdfast, and ends by itself after so many times.
 */
import { z } from 'zod';
import { formatDuration } from '../model/duration.ts';
import { count, duration, selector, wrong } from '../model/fields.ts';
import type { DesignContext, Fault, Impossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import { allBut, cutBetween, cutIntent, sayCut } from './cut.ts';

export interface FlapParams extends Readonly<Record<string, unknown>> {
  readonly target: Selector;
  readonly count: Count;
  readonly on: number;
  readonly off: number;
  readonly times: number;
}

/** It takes a second to see that a node does not answer, and some more to ask. */
const shortestMs = 3000;

export const flap = {
  summary: 'cut each target off from all other nodes and let it back, by turns',
  schema: z.strictObject({
    target: selector,
    count: count.default('one'),
    on: duration
      .refine((ms) => ms >= shortestMs, { error: wrong('at least 3s: less cannot be proved') })
      .default(5000)
      .describe('For how long it is cut off each time; at least 3s'),
    off: duration.default(5000).describe('For how long it is let back in between'),
    times: z.int().min(1).max(1000).default(6).describe('How often it is cut off'),
  }),
  example: { target: 'leader', on: '5s', off: '5s', times: 6 },
  design,
} satisfies Fault<FlapParams>;

function design({ on, off, times }: FlapParams, context: DesignContext): Intent | Impossible {
  const { targets, snapshot, others } = context;
  const cuts = targets.map((node) => cutBetween(node, allBut(node, snapshot), 'both'));
  const whole = { direction: 'both', traffic: 'all', how: 'drop' } as const;
  const cut = sayCut(whole, targets, targets.length > 1 ? 'every other node' : others);
  return cutIntent(
    cuts,
    {
      fault: 'flap',
      says: `${cut}, ${times} times for ${formatDuration(on)} with ${formatDuration(off)} between`,
      traffic: 'all',
      fate: 'drop',
      flapping: { onMs: on, offMs: off, times },
    },
    context,
  );
}
