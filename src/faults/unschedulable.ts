/**
 * Cordoning, as the faults do it that need it: a node that takes no new pods (`spec.unschedulable`).
 * Done through the API; taken back by kubectl on a control plane that is no target, so that a timer there can do it
 * without us.
 * @see https://kubernetes.io/docs/concepts/architecture/nodes/#manual-node-administration
 */
import { quote } from '../model/quote.ts';
import type { NodeFacts } from '../model/snapshot.ts';
import type { DesignContext, Impossible } from '../model/fault.ts';
import type { Act, Intent, Proof } from '../model/intent.ts';
import { byPeers, kubectlOf, peersOf } from './peers.ts';

/** What each fault that cordons holds, does and takes back, whatever else it does. */
export type Cordoning = Pick<Intent, 'holds' | 'inject' | 'bit' | 'undo' | 'gone' | 'undoBy'>;

/** Cordons the targets of a fault, or tells why that cannot be done or could not be taken back. */
export function cordoning({ targets, snapshot }: DesignContext): Cordoning | Impossible {
  const strangers = targets.filter(({ datastoreOnly }) => datastoreOnly === true);
  if (strangers.length > 0)
    return {
      impossible: `Kubernetes knows no Node ${strangers.map(({ name }) => name).join(', ')}: no pods are there that could go`,
    };
  const already = targets.filter((node) => !node.schedulable).map(({ name }) => name);
  if (already.length > 0)
    return {
      impossible:
        `${already.join(', ')} is cordoned already: there is nothing to do, and to take it back would undo ` +
        `what somebody else did; say \`kubectl uncordon ${already.join(' ')}\` first, or aim at another node`,
    };
  const peers = peersOf(targets, snapshot);
  if (peers.length === 0)
    return {
      impossible:
        `no control plane besides ${targets.map(({ name }) => name).join(', ')} is Ready, so nobody could ` +
        'uncordon it if Holdfast died; aim at fewer nodes',
    };
  return {
    holds: targets.map(({ name }) => `${name}/unschedulable`),
    inject: targets.map(cordon),
    bit: targets.map(({ name }) => schedulability(name, true, `${name} is cordoned`)),
    undo: targets.map(({ name }) =>
      byPeers(peers, `${kubectlOf(snapshot)} uncordon ${quote(name)}`),
    ),
    gone: targets.map(({ name }) => schedulability(name, null, `${name} is not cordoned`)),
    undoBy: 'peer',
  };
}

function cordon({ name }: NodeFacts): Act {
  return { kube: 'PATCH', path: nodePath(name), body: { spec: { unschedulable: true } } };
}

/** The API leaves the field out where it is false. */
function schedulability(name: string, is: true | null, says: string): Proof {
  return { get: nodePath(name), at: 'spec.unschedulable', is, says };
}

function nodePath(name: string): string {
  return `/api/v1/nodes/${name}`;
}
