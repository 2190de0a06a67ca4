/** Who takes back what was done through the API if Holdfast dies: control planes that are no targets, by kubectl. */
import type { Act } from '../model/intent.ts';
import { memberOn, type NodeFacts, type Snapshot } from '../model/snapshot.ts';

/** One may be lost while the fault stands; more timers than two would only be more to take back. */
const mostPeers = 2;
/** How often a peer tries, with three seconds between: five minutes, in which a datastore finds a new leader. */
const attempts = 100;

/** Control planes that stand, and are not hit: those whose datastore member answers are asked first. */
export function peersOf(targets: readonly NodeFacts[], snapshot: Snapshot): readonly string[] {
  const answers = ({ name }: NodeFacts): boolean => memberOn(snapshot, name)?.answers !== false;
  return snapshot.nodes
    .filter((node) => node.controlPlane && node.ready && !targets.includes(node))
    .sort((a, b) => Number(answers(b)) - Number(answers(a)))
    .slice(0, mostPeers)
    .map(({ name }) => name);
}

/**
 * Tries until it is done: the API server may be waiting for a datastore that has just lost its leader.
 * @param condition of the shell
 */
export function byPeers(peers: readonly string[], condition: string): Act {
  const sh = [
    'tried=0',
    `until ${condition}; do`,
    '  tried=$((tried + 1))',
    `  [ "$tried" -lt ${attempts} ] || exit 1`,
    '  sleep 3',
    'done',
  ].join('\n');
  return { onAny: peers, sh };
}

/** kubectl would keep what it learns of the API in a home folder; nothing of us is to stay on the node. */
export function kubectlOf({ kubectl }: Snapshot): string {
  return `${kubectl} --cache-dir=/dev/null --request-timeout=5s`;
}
