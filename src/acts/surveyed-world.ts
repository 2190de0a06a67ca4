import type { Links } from '../links/open.ts';
import type { ClusterFile } from '../model/clusterfile.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { powerDevices } from '../power/table.ts';
import type { World } from './world.ts';

/** The world of a cluster that was surveyed. @param now the run's clock */
export function surveyedWorld(
  cluster: ClusterFile,
  { nodes }: Pick<Snapshot, 'nodes'>,
  links: Links,
  now: World['now'],
): World {
  return {
    links,
    controlPlanes: nodes.filter(({ controlPlane }) => controlPlane).map(({ name }) => name),
    power: powerDevices(cluster),
    now,
  };
}
