/** Which nodes of a cluster file are what. */
import type { ClusterFile } from '../model/clusterfile.ts';
import type { KubeReport } from './survey-kube.ts';

export function controlPlanes(cluster: ClusterFile, kube: KubeReport): string[] {
  const names = kube.nodes.filter((node) => node.controlPlane).map((node) => node.name);
  return cluster.nodes.map((node) => node.name).filter((name) => names.includes(name));
}

/** The nodes of an external etcd. */
export function outsiders({ nodes }: ClusterFile): readonly string[] {
  return nodes.filter(({ role }) => role === 'etcd').map(({ name }) => name);
}
