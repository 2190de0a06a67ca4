import type { EndpointsSeen, PodsSeen } from '../../model/timeline.ts';
import type { Used } from '../series.ts';
import { firstShown, lastBefore, looksOf, type Looking, type Reading } from './kind.ts';

/** From the fault until the workload's Service does not lead any more to the pods that it hits. */
export const endpointsUpdated = {
  summary: 'until the Service does not lead to the pods that were hit',
  read: (about: Looking): readonly Reading[] => {
    const looks = looksOf(about, 'endpoints');
    const before = lastBefore(about, looks);
    if (before === undefined) return [{ because: 'the endpoints of no workload were told' }];
    const gone = hitByNode(about);
    if (gone.size === 0) return [{ because: 'the fault hits no ready pod of the workload' }];
    const left = (look: Used, node: string): number =>
      (look.value as EndpointsSeen).ready[node] ?? 0;
    const updated = (look: Used): boolean =>
      [...gone].every(([node, count]) => left(look, node) <= left(before, node) - count);
    return [{ measuredMs: firstShown(about, looks, updated) }];
  },
};

/** How many ready pods of the workload are hit on each node. */
function hitByNode(about: Looking): ReadonlyMap<string, number> {
  const hit = new Set(about.since.intents.flatMap(({ podsHit }) => podsHit));
  const told = lastBefore(about, looksOf(about, 'pods'))?.value as PodsSeen | undefined;
  const nodes = (told?.pods ?? []).flatMap(({ name, node, ready }) =>
    ready && node !== undefined && hit.has(name) ? node : [],
  );
  return new Map(
    [...new Set(nodes)].map((node) => [node, nodes.filter((one) => one === node).length]),
  );
}
