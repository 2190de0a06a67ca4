import { endsKubelet } from '../../model/snapshot.ts';
import type { NodesSeen } from '../../model/timeline.ts';
import type { Used } from '../series.ts';
import { firstShown, looksOf, type ClockKind } from './kind.ts';

/** From the fault until an API server tells that a node it takes down is not Ready. */
export const nodeNotReady: ClockKind = {
  summary: 'until a node that was taken down is told not to be Ready',
  read: (about) => {
    const { intents } = about.since;
    const { snapshot } = about.timeline.plan;
    const down = intents.flatMap(({ nodesDown = [], service, targets }) =>
      endsKubelet(snapshot, service) ? targets : nodesDown,
    );
    if (down.length === 0) return [{ because: 'the fault takes no node down' }];
    const looks = looksOf(about, 'nodes');
    return [...new Set(down)].sort().map((node) => ({
      of: node,
      measuredMs: firstShown(about, looks, ({ value }: Used) => !isReady(value, node)),
    }));
  },
};

function isReady(value: unknown, node: string): boolean {
  return (value as NodesSeen).ready[node] ?? false;
}
