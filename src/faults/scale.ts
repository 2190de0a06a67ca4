/**
 * Gives a Deployment another number of replicas, as `kubectl scale` does. Taken back to the number of before.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#scaling-a-deployment
 */
import { z } from 'zod';
import { isImpossible, type DesignContext, type Fault, type Impossible } from '../model/fault.ts';
import { objectName } from '../model/fields.ts';
import type { Intent } from '../model/intent.ts';
import { changing, isNow, notThere, podsOf } from './change.ts';

export interface ScaleParams extends Readonly<Record<string, unknown>> {
  readonly deployment: string;
  readonly replicas: number;
}

export const scale = {
  summary: 'give a Deployment another number of replicas',
  schema: z.strictObject({
    deployment: objectName,
    replicas: z.int().min(0).max(1000).describe('How many it shall have'),
  }),
  example: { deployment: 'holdfast/web', replicas: 6 },
  design,
} satisfies Fault<ScaleParams>;

function design(
  { deployment: object, replicas }: ScaleParams,
  context: DesignContext,
): Intent | Impossible {
  const facts = context.snapshot.objects.deployments[object];
  if (facts === undefined) return notThere('Deployment', object, `scale ${object} to ${replicas}`);
  if (facts.replicas === replicas)
    return { impossible: `${object} has ${replicas} replicas already` };
  const path = ['spec', 'replicas'];
  const field = { kind: 'deployments', object, uid: facts.uid, path } as const;
  // Which pods go, its controller chooses.
  const hit = replicas < facts.replicas ? podsOf(object, facts, context) : [];
  const change = changing(field, facts.replicas, replicas, context, hit);
  if (isImpossible(change)) return change;
  return {
    ...change,
    fault: 'scale',
    says: `scale ${object} from ${facts.replicas} to ${replicas}`,
    bit: [
      { ...isNow(field, replicas, `${object} wants ${replicas} replicas`), rollout: 'observed' },
    ],
  };
}
