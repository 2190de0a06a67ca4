import { probeKinds } from '../probes/kinds.ts';
import type { Series } from '../model/plan.ts';
import type { ProbedAt, ProbeKind } from '../model/probe.ts';
import type { Scenario, Workload } from '../model/scenario.ts';
import type { Snapshot } from '../model/snapshot.ts';

/**
 * All series of a run, whatever its claims read, as every report has all clocks, but for those that are dear: one for
 * each node that a probe looks from, in the order of the table.
 * @param read the probes that the run's claims read, each with the tightest limit that is judged by it, in milliseconds
 */
export function seriesFor(
  snapshot: Snapshot,
  { workload, load }: Pick<Scenario, 'workload' | 'load'>,
  read: ReadonlyMap<string, number>,
): readonly Series[] {
  return Object.entries<ProbeKind>(probeKinds)
    .filter(([, kind]) => kind.ofWorkload !== true || workload !== undefined)
    .filter(([, kind]) => kind.outside !== true || wayOf(workload) !== 'pod')
    .filter(([probe, kind]) => kind.onDemand !== true || read.has(probe))
    .filter(([, { everyMs }]) => everyMs !== undefined || load !== undefined)
    .flatMap(([probe, kind]) => {
      const at = kind.outside === true && wayOf(workload) === 'address' ? 'cluster' : kind.at;
      const nodes = at === 'cluster' ? [] : nodesProbedAt(at, snapshot);
      const rateMs = (1000 * Math.max(1, nodes.length)) / (load?.perSecond ?? 1);
      const everyMs = rhythm({ everyMs: rateMs, ...kind }, read.get(probe));
      if (at === 'cluster') return [{ id: probe, probe, everyMs }];
      return nodes.map((node) => ({
        id: `${probe}@${node}`,
        probe,
        node,
        everyMs,
        ...(kind.optional === true && { optional: true as const }),
      }));
    });
}

/** The way in from outside: a port of each node, one address for all, or none. */
function wayOf(workload: Workload | undefined): 'nodes' | 'address' | 'pod' {
  if (typeof workload !== 'object' || workload.by === 'node-port') return 'nodes';
  return workload.by === 'pod' ? 'pod' : 'address';
}

type Rhythm = Required<Pick<ProbeKind, 'everyMs'>> & Pick<ProbeKind, 'calmMs'>;

/** A limit of so many slots is judged well enough. */
const slotsOfLimit = 25;

/** As close as the claims need, and no closer. @param limitMs the tightest that is judged by it; none if no claim reads it */
function rhythm({ everyMs, calmMs }: Rhythm, limitMs = Infinity): number {
  return calmMs !== undefined && limitMs >= slotsOfLimit * calmMs ? calmMs : everyMs;
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
