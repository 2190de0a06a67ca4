import type { Intent } from '../model/intent.ts';
import { quorumWithout } from '../model/quorum.ts';
import { areOne, type Snapshot } from '../model/snapshot.ts';

/** Have standing faults taken every API server down, or the datastore that they all need? */
export function isWithoutApi(snapshot: Snapshot, standing: readonly Intent[]): boolean {
  const { nodes, services } = snapshot;
  const down = standing.flatMap(({ targets, nodesDown = [], service }) =>
    service !== undefined && areOne(services[service], services['api-server'])
      ? targets
      : nodesDown,
  );
  const { live, majority } = quorumWithout(
    snapshot,
    standing.flatMap(({ membersDown }) => membersDown),
  );
  return (
    live < majority ||
    nodes.filter(({ controlPlane }) => controlPlane).every(({ name }) => down.includes(name))
  );
}
