import { numberOf } from '../model/count.ts';
import { isWorker, memberOn, podsWith, sayLabels } from '../model/snapshot.ts';
import type { Random } from '../model/random.ts';
import type { ClusterSelector, Count, SelectorWord } from '../model/scenario.ts';
import type { Member, NodeFacts, Snapshot } from '../model/snapshot.ts';

/**
 * The nodes that a selector means in this cluster; none if there are not as many as asked for.
 * Members that do not answer are never picked by role: killing the dead proves nothing.
 * @param count of those that it fits; nodes that are named are all meant
 */
export function pick(
  selector: ClusterSelector,
  snapshot: Snapshot,
  random: Random,
  count: Count = 'one',
): readonly NodeFacts[] {
  const candidates = fitting(selector, snapshot);
  if (typeof selector === 'object' && !('runs' in selector)) return candidates;
  const wanted = numberOf(count, candidates.length);
  return wanted > candidates.length ? [] : inOrderOf(snapshot, random.sample(candidates, wanted));
}

/** Words for a selector that found too few. */
export function sayNobody(
  selector: ClusterSelector,
  snapshot: Snapshot,
  count: Count = 'one',
): string {
  const { name } = snapshot.cluster;
  const names = snapshot.nodes.map((node) => node.name).join(', ');
  if (typeof selector === 'object') {
    if ('holder-of' in selector) {
      const holder = snapshot.leases[selector['holder-of']];
      return holder === undefined
        ? `nobody holds a Lease ${selector['holder-of']} in kube-system of ${name}; held there are: ${Object.keys(snapshot.leases).join(', ') || 'none'}`
        : `the Lease ${selector['holder-of']} of ${name} is held by "${holder}", which is none of its nodes: ${names}`;
    }
    if ('runs' in selector) {
      const { namespace, labels } = selector.runs;
      const found = fitting(selector, snapshot).length;
      return `pods in namespace ${namespace} with ${sayLabels(labels)} stand on ${found} nodes of ${name}; ${count} were asked for`;
    }
    const wanted = 'node' in selector ? [selector.node] : selector.nodes;
    const missing = wanted.filter((one) => !snapshot.nodes.some((node) => node.name === one));
    return `there is no node "${missing.join('", "')}" in ${name}; its nodes: ${names}`;
  }
  const found = fitting(selector, snapshot).length;
  if (found === 0) return `no node of ${name} is ${sayWord(selector)}`;
  return `${name} has ${found} nodes of which each is ${sayWord(selector)}; ${count} were asked for`;
}

function fitting(selector: ClusterSelector, snapshot: Snapshot): readonly NodeFacts[] {
  const { nodes } = snapshot;
  if (typeof selector === 'string') return nodes.filter((node) => plays(selector, node, snapshot));
  if ('holder-of' in selector) {
    const holder = snapshot.leases[selector['holder-of']];
    return nodes.filter((node) => node.name === holder);
  }
  if ('runs' in selector) {
    const stand = podsWith(snapshot, selector.runs).map(({ node }) => node);
    return nodes.filter((node) => stand.includes(node.name));
  }
  const names = 'node' in selector ? [selector.node] : selector.nodes;
  const found = nodes.filter((node) => names.includes(node.name));
  return found.length === new Set(names).size ? found : [];
}

function inOrderOf(snapshot: Snapshot, picked: readonly NodeFacts[]): readonly NodeFacts[] {
  return snapshot.nodes.filter((node) => picked.includes(node));
}

function plays(word: SelectorWord, node: NodeFacts, snapshot: Snapshot): boolean {
  if (word === 'control-plane') return node.controlPlane;
  if (word === 'worker') return isWorker(node);
  if (word === 'endpoint-holder') return node.holdsEndpoint === true;
  const member = memberOn(snapshot, node.name);
  return member?.answers === true && holdsRole(word, member, snapshot);
}

function holdsRole(
  word: Exclude<SelectorWord, 'control-plane' | 'worker' | 'endpoint-holder'>,
  member: Member,
  snapshot: Snapshot,
): boolean {
  const leads = member.id === snapshot.datastore.leader;
  switch (word) {
    case 'leader':
      return leads;
    case 'follower':
      return member.role === 'voter' && !leads;
    case 'voter':
    case 'stand-by':
      return member.role === word;
  }
}

function sayWord(word: SelectorWord): string {
  if (word === 'control-plane' || word === 'worker') return `a ${word}`;
  if (word === 'endpoint-holder')
    return 'known to hold the address of the endpoint, which is that of the kubeconfig if it is no node’s own';
  return `${word === 'leader' ? 'the leader' : `a ${word}`} with a datastore member that answers`;
}
