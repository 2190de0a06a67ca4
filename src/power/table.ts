import type { ClusterFile } from '../model/clusterfile.ts';
import { commandDevice } from './command.ts';
import type { PowerDevice } from './power.ts';

/** The power devices of a cluster's nodes, by node; a node without one is not in here. */
export function powerDevices(cluster: ClusterFile): ReadonlyMap<string, PowerDevice> {
  return new Map(
    cluster.nodes.flatMap(({ name, power }) =>
      power === undefined ? [] : [[name, commandDevice(name, power)]],
    ),
  );
}
