import type { ClusterFile } from '../model/clusterfile.ts';
import { commandDevice } from './command.ts';
import type { PowerDevice } from './power.ts';

/**
 * The devices that switch a cluster's nodes, by node. A node that only its own kernel can reset has none: that is
 * asked of the node itself.
 */
export function powerDevices(cluster: ClusterFile): ReadonlyMap<string, PowerDevice> {
  return new Map(
    cluster.nodes.flatMap(({ name, power }) =>
      power === undefined || 'sysrq' in power ? [] : [[name, commandDevice(name, power)]],
    ),
  );
}
