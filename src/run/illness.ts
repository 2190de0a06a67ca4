import type { Snapshot } from '../model/snapshot.ts';

/** Why a cluster is not fit to be broken, or undefined. */
export function illness(snapshot: Snapshot): string | undefined {
  const notReady = snapshot.nodes.filter((node) => !node.ready).map((node) => node.name);
  if (notReady.length > 0) return `not Ready: ${notReady.join(', ')}`;
  const silent = snapshot.datastore.members.filter((member) => !member.answers);
  if (silent.length > 0)
    return `datastore members that do not answer: ${silent.map((one) => one.node ?? one.address).join(', ')}`;
  if (snapshot.datastore.leader === undefined)
    return 'the datastore has no leader that a majority agrees on';
  return undefined;
}
