/** What the faults that aim at pods have in common. */
import { z } from 'zod';
import { numberOf } from '../model/count.ts';
import { count, podLabels } from '../model/fields.ts';
import type { DesignContext, Impossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import { ownNamespace } from '../model/namespace.ts';
import type { Count, PodSelector } from '../model/scenario.ts';
import { leaseKey, podsWith, sayLabels, type PodFacts, type Snapshot } from '../model/snapshot.ts';

/** Pods by their labels, or the one of them that leads. */
export interface PodsMeant extends PodSelector {
  readonly leads?: string | undefined;
  readonly count: Count;
}

/** What a person writes to say which pods. */
export const podFields = {
  namespace: z.string().min(1).describe('The namespace of the pods'),
  labels: podLabels,
  leads: z
    .string()
    .min(1)
    .optional()
    .describe('Only the pod that holds the Lease of this name, in the namespace of the pods'),
  count: count.default('one'),
};

/**
 * Chooses the pods, or says why there are too few. A plan is made before the run's own workload is there; another
 * namespace must have its pods already.
 * @param deed what will be done with them, in a word, and how
 */
export function choosePods(
  meant: PodsMeant,
  { snapshot, random }: DesignContext,
  deed: string,
  how = '',
): readonly PodFacts[] | Impossible {
  const fitting = podsMeant(meant, snapshot);
  const wanted = numberOf(meant.count, fitting.length);
  return fitting.length < wanted
    ? noPods(meant, fitting.length, `${deed} ${meant.count} of the pods`, how)
    : random.sample(fitting, wanted);
}

/** What an intent that aims at pods holds on to and takes away: their nodes are none of its victims. */
export function aimedAt(
  pods: readonly PodFacts[],
  { namespace, leads }: PodsMeant,
): Pick<Intent, 'targets' | 'holds' | 'membersDown' | 'leases' | 'podsHit'> {
  return {
    targets: [],
    holds: pods.map(({ uid }) => `pod ${uid}`),
    membersDown: [],
    ...(leads !== undefined && { leases: [leaseKey(namespace, leads)] }),
    podsHit: pods.map(({ namespace, name }) => `${namespace}/${name}`),
  };
}

/** A holder gives the name of its pod, or of its host, which is the node's where the pod has its network. */
function podsMeant(meant: PodsMeant, snapshot: Snapshot): readonly PodFacts[] {
  const fitting = podsWith(snapshot, meant);
  if (meant.leads === undefined) return fitting;
  const holder = snapshot.leases[leaseKey(meant.namespace, meant.leads)];
  return fitting.filter(({ name, node }) => name === holder || node === holder);
}

function noPods(
  { namespace, labels, leads }: PodsMeant,
  found: number,
  deed: string,
  how: string,
): Impossible {
  const leading = leads === undefined ? '' : ` that holds the Lease ${leads}`;
  const which = `in namespace ${namespace} with ${sayLabels(labels)}${leading}`;
  return {
    impossible: `${found === 0 ? 'no pod stands' : `only ${found} of them stand${found === 1 ? 's' : ''}`} on a node ${which}`,
    ...(namespace === ownNamespace && { untilDeployed: `${deed} ${which}${how}` }),
  };
}

export function sayPod({ namespace, name, node }: PodFacts): string {
  return `${namespace}/${name} on ${node}`;
}
