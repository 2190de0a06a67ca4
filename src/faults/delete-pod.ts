/**
 * Deletes pods, without grace unless told otherwise: what a crash of theirs looks like to all others. Whatever manages
 * them makes new ones.
 *
 * Momentary: there is nothing to take back. By uid, so that a pod that took the name since is never hit. Ignores
 * disruption budgets, as a crash does.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-forced
 */
import { z } from 'zod';
import { numberOf } from '../model/count.ts';
import { count, duration, podLabels } from '../model/fields.ts';
import { ownNamespace } from '../model/namespace.ts';
import { podsWith, sayLabels } from '../model/snapshot.ts';
import type { DesignContext, Fault, Impossible } from '../model/fault.ts';
import type { Act, Intent, Proof } from '../model/intent.ts';
import type { Count } from '../model/scenario.ts';
import type { PodFacts } from '../model/snapshot.ts';

export interface DeletePodParams extends Readonly<Record<string, unknown>> {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly count: Count;
  /** ms, whole seconds */
  readonly grace: number;
}

/** Beyond its grace, the kubelet may need so long to tell that a pod has ended. */
const lateMs = 10_000;

export const deletePod = {
  summary: 'delete pods by their labels, at once and whatever their disruption budget says',
  schema: z.strictObject({
    namespace: z.string().min(1).describe('The namespace of the pods'),
    labels: podLabels,
    count: count.default('one'),
    grace: duration
      .default(0)
      .refine((ms) => ms % 1000 === 0, 'needs whole seconds, such as 0s or 30s')
      .describe('What the pods get to end by themselves, in whole seconds; 0s kills them'),
  }),
  example: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  design,
} satisfies Fault<DeletePodParams>;

function design(
  params: DeletePodParams,
  { id, snapshot, random }: DesignContext,
): Intent | Impossible {
  const { grace } = params;
  const fitting = podsWith(snapshot, params);
  const wanted = numberOf(params.count, fitting.length);
  if (fitting.length < wanted) return tooFew(params, fitting.length);
  const pods = random.sample(fitting, wanted);
  return {
    id,
    fault: 'delete-pod',
    says: `delete ${pods.map(sayPod).join(', ')}${sayGrace(params)}`,
    // It aims at pods: their nodes are none of its victims.
    targets: [],
    holds: pods.map(({ uid }) => `pod ${uid}`),
    membersDown: [],
    podsHit: pods.map((pod) => `${pod.namespace}/${pod.name}`),
    prepare: [],
    inject: pods.map((pod) => remove(pod, grace)),
    bit: pods.map(isGone),
    bitWithinMs: grace + lateMs,
    undo: [],
    gone: [],
    undoBy: 'nothing',
  };
}

/** A plan is made before the run's own workload is there; another namespace must have its pods already. */
function tooFew(params: DeletePodParams, found: number): Impossible {
  const { namespace, labels, count } = params;
  const which = `in namespace ${namespace} with ${sayLabels(labels)}`;
  return {
    impossible: `${found === 0 ? 'no pod stands' : `only ${found} of them stand${found === 1 ? 's' : ''}`} on a node ${which}`,
    ...(namespace === ownNamespace && {
      untilDeployed: `delete ${count} of the pods ${which}${sayGrace(params)}`,
    }),
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

function sayPod({ namespace, name, node }: PodFacts): string {
  return `${namespace}/${name} on ${node}`;
}
