import { probeKinds } from '../probes/kinds.ts';
import type { Series } from '../model/plan.ts';
import type { ProbedAt, ProbeKind } from '../model/probe.ts';
import type { Snapshot } from '../model/snapshot.ts';

/**
 * All series of a run, whatever its claims read, as every report has all clocks, but for those that are dear: one for
 * each node that a probe looks from, in the order of the table.
 * @param read names of the probes that the run's claims read
 */
export function seriesFor(
  snapshot: Snapshot,
  hasWorkload: boolean,
  read: ReadonlySet<string>,
): readonly Series[] {
  return Object.entries<ProbeKind>(probeKinds)
    .filter(([, kind]) => kind.ofWorkload !== true || hasWorkload)
    .filter(([probe, kind]) => kind.onDemand !== true || read.has(probe))
    .flatMap(([probe, { at, everyMs, optional }]) =>
      at === 'cluster'
        ? [{ id: probe, probe, everyMs }]
        : nodesProbedAt(at, snapshot).map((node) => ({
            id: `${probe}@${node}`,
            probe,
            node,
            everyMs,
            ...(optional === true && { optional }),
          })),
    );
}

function nodesProbedAt(at: Exclude<ProbedAt, 'cluster'>, snapshot: Snapshot): readonly string[] {
  const members = snapshot.datastore.members.map((member) => member.node);
  return snapshot.nodes
    .filter((node) => {
      switch (at) {
        case 'voter':
          // Every member, whatever its role now: a stand-by may become a voter while we look.
          return members.includes(node.name);
        case 'control-plane':
          return node.controlPlane;
        case 'node':
          return node.datastoreOnly !== true;
      }
    })
    .map((node) => node.name);
}
