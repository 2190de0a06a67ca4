/**
 * Cordons nodes: they keep the pods they have and take no new ones.
 *
 * Needs a control plane that is no target: it uncordons. Leaves nothing on the targets.
 */
import { z } from 'zod';
import { count, selector } from '../model/fields.ts';
import { isImpossible, type DesignContext, type Fault, type Impossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import { cordoning } from './unschedulable.ts';

export interface CordonParams extends Readonly<Record<string, unknown>> {
  readonly target: Selector;
  readonly count: Count;
}

export const cordon = {
  summary: 'cordon nodes, so that they take no new pods',
  schema: z.strictObject({ target: selector, count: count.default('one') }),
  example: { target: 'leader' },
  design,
} satisfies Fault<CordonParams>;

function design(_params: CordonParams, context: DesignContext): Intent | Impossible {
  const done = cordoning(context);
  if (isImpossible(done)) return done;
  const targets = context.targets.map(({ name }) => name);
  return {
    id: context.id,
    fault: 'cordon',
    says: `cordon ${targets.join(', ')}`,
    targets,
    membersDown: [],
    podsHit: [],
    prepare: [],
    ...done,
  };
}
