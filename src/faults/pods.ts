/** What the faults that aim at pods have in common. */
import { z } from 'zod';
import type { Impossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import { ownNamespace } from '../model/namespace.ts';
import type { PodSelector } from '../model/scenario.ts';
import { leaseKey, podsWith, sayLabels, type PodFacts, type Snapshot } from '../model/snapshot.ts';

/** Pods by their labels, or the one of them that leads. */
export interface PodsMeant extends PodSelector {
  readonly leads?: string | undefined;
}

export const leads = z
  .string()
  .min(1)
  .optional()
  .describe('Only the pod that holds the Lease of this name, in the namespace of the pods');

/** A holder gives the name of its pod, or of its host, which is the node's where the pod has its network. */
export function podsMeant(meant: PodsMeant, snapshot: Snapshot): readonly PodFacts[] {
  const fitting = podsWith(snapshot, meant);
  if (meant.leads === undefined) return fitting;
  const holder = snapshot.leases[leaseKey(meant.namespace, meant.leads)];
  return fitting.filter(({ name, node }) => name === holder || node === holder);
}

/** The Lease that is lost with the pods. */
export function leasesLost({ namespace, leads }: PodsMeant): Pick<Intent, 'leases'> {
  return leads === undefined ? {} : { leases: [leaseKey(namespace, leads)] };
}

/**
 * Why a fault finds too few pods. A plan is made before the run's own workload is there; another namespace must have its
 * pods already.
 * @param deed and how: around the pods, what will be done with them, in words
 */
export function noPods(
  { namespace, labels, leads }: PodsMeant,
  found: number,
  deed: string,
  how = '',
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
