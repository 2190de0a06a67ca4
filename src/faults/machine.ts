/**
 * What all faults that take whole machines down have in common.
 * @see systemctl(1) is-system-running, ss(8)
 */
import { quote } from '../model/quote.ts';
import { memberOn } from '../model/snapshot.ts';
import type { Intent, Proof } from '../model/intent.ts';
import type { NodeFacts, Snapshot } from '../model/snapshot.ts';
import { controlOf } from './control/of.ts';

/** How long some machines may take to boot and serve; milliseconds. */
export function bootsWithinMs(nodes: readonly NodeFacts[]): number {
  return Math.max(0, ...nodes.map((node) => node.bootsWithinMs));
}

/** What goes down with some machines: everything on them. */
export function wholeMachines(
  targets: readonly NodeFacts[],
  snapshot: Snapshot,
): Pick<Intent, 'targets' | 'holds' | 'membersDown' | 'nodesDown' | 'podsHit' | 'goneWithinMs'> {
  const names = targets.map(({ name }) => name);
  return {
    targets: names,
    holds: names.map((name) => `${name}/power`),
    membersDown: names.flatMap((name) => memberOn(snapshot, name)?.id ?? []),
    nodesDown: names,
    podsHit: snapshot.pods
      .filter(({ node }) => names.includes(node))
      .map(({ namespace, name }) => `${namespace}/${name}`),
    goneWithinMs: bootsWithinMs(targets),
  };
}

/** The node has booted since the survey. */
export function booted({ name, bootId }: NodeFacts): Proof {
  return {
    from: name,
    says: `${name} has booted anew`,
    sh: [
      'read -r boot </proc/sys/kernel/random/boot_id || exit 2',
      `[ "$boot" != ${quote(bootId)} ]`,
    ].join('\n'),
  };
}

/** The node is up, is not about to go down, and its services run. */
export function serves(
  { name, controlPlane, datastoreOnly }: NodeFacts,
  snapshot: Snapshot,
): readonly Proof[] {
  const { datastore, kubelet, 'api-server': apiServer } = snapshot.services;
  const main = datastoreOnly === true ? datastore : kubelet;
  const ports = [
    ...(memberOn(snapshot, name) === undefined ? [] : [datastore.port]),
    // On a worker, another program may hold the port of the API server.
    ...(controlPlane ? [apiServer.port] : []),
  ].filter((port) => port !== undefined);
  return [
    {
      from: name,
      says: `${name} is up`,
      sh: [
        // It fails in every state but one, and prints which.
        'state=$(systemctl is-system-running)',
        '[ -n "$state" ] || exit 2',
        '[ "$state" != stopping ] && [ "$state" != offline ]',
      ].join('\n'),
    },
    {
      from: name,
      says: `${main.process} runs on ${name}`,
      sh: controlOf(main).runs,
    },
    ...ports.map((port) => ({
      from: name,
      says: `port ${port} of ${name} listens`,
      sh: [`listening=$(ss -Hltn "sport = :${port}") || exit 2`, '[ -n "$listening" ]'].join('\n'),
    })),
  ];
}
