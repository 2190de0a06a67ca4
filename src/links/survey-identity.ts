/** Is this the cluster, and are these the machines, that the cluster file says? */
import type { ClusterFile } from '../model/clusterfile.ts';
import type { KubeReport } from './survey-kube.ts';
import type { Problems } from './survey-problems.ts';

/** Is it the cluster that the file says, with all the Nodes that it says? */
export function compareCluster(
  { clusterId, nodes }: ClusterFile,
  kube: KubeReport,
): readonly string[] | undefined {
  if (kube.id !== clusterId)
    return [
      `this is another cluster: the uid of its namespace kube-system is ${kube.id}, and the cluster file says cluster-id: ${clusterId}`,
    ];
  const has = kube.nodes.map((node) => node.name);
  const missing = nodes.filter(({ name, role }) => role === undefined && !has.includes(name));
  return missing.length === 0
    ? undefined
    : missing.map(({ name }) => `the cluster has no Node ${name}; it has: ${has.join(', ')}`);
}

/** Is the machine behind each address the Node it should be? One that did not say who it is has been told of before. */
export function compareBoots(
  { nodes }: ClusterFile,
  bootIds: ReadonlyMap<string, string>,
  kube: KubeReport,
): Problems {
  return new Map(
    nodes.flatMap(({ name, address }): [string, string][] => {
      const node = kube.nodes.find((each) => each.name === name);
      const bootId = bootIds.get(name);
      if (bootId === undefined || node === undefined || node.bootId === bootId) return [];
      const problem = `the machine behind ${address} is not Node ${name}: its boot id is ${bootId}, the Node's is ${node.bootId}; correct the address, or if it has only just booted, wait until its kubelet has reported`;
      return [[name, problem]];
    }),
  );
}
