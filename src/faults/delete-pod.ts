/**
 * Deletes pods, without grace unless told otherwise: what a crash of theirs looks like to all others. Whatever manages
 * them makes new ones.
 *
 * Momentary: there is nothing to take back. By uid, so that a pod that took the name since is never hit. Ignores
 * disruption budgets, as a crash does.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-forced
 */
import { z } from 'zod';
import { duration } from '../model/fields.ts';
import type { DesignContext, Fault, Impossible } from '../model/fault.ts';
import type { Act, Intent, Proof } from '../model/intent.ts';
import type { PodFacts } from '../model/snapshot.ts';
import { aimedAt, choosePods, podFields, sayPod, type PodsMeant } from './pods.ts';

export interface DeletePodParams extends PodsMeant, Readonly<Record<string, unknown>> {
  /** ms, whole seconds */
  readonly grace: number;
}

/** Beyond its grace, the kubelet may need so long to tell that a pod has ended. */
const lateMs = 10_000;

export const deletePod = {
  summary: 'delete pods by their labels, at once and whatever their disruption budget says',
  schema: z.strictObject({
    ...podFields,
    grace: duration
      .default(0)
      .refine((ms) => ms % 1000 === 0, 'needs whole seconds, such as 0s or 30s')
      .describe('What the pods get to end by themselves, in whole seconds; 0s kills them'),
  }),
  example: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  design,
} satisfies Fault<DeletePodParams>;

function design(params: DeletePodParams, context: DesignContext): Intent | Impossible {
  const { id } = context;
  const { grace } = params;
  const how = sayGrace(params);
  const pods = choosePods(params, context, 'delete', how);
  if ('impossible' in pods) return pods;
  return {
    id,
    fault: 'delete-pod',
    says: `delete ${pods.map(sayPod).join(', ')}${how}`,
    ...aimedAt(pods, params),
    prepare: [],
    inject: pods.map((pod) => remove(pod, grace)),
    bit: pods.map(isGone),
    bitWithinMs: grace + lateMs,
    undo: [],
    gone: [],
    undoBy: 'nothing',
  };
}

function sayGrace({ grace }: DeletePodParams): string {
  return grace === 0 ? ' without grace' : `, with ${grace / 1000} s to end`;
}

function remove({ namespace, name, uid }: PodFacts, graceMs: number): Act {
  return {
    kube: 'DELETE',
    path: `/api/v1/namespaces/${namespace}/pods/${name}`,
    body: { gracePeriodSeconds: graceMs / 1000, preconditions: { uid } },
  };
}

function isGone({ namespace, name, uid }: PodFacts): Proof {
  return { noPod: { namespace, name }, uid, says: `${namespace}/${name} is gone` };
}
