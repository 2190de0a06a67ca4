import { join } from 'node:path';
import { openKube, type Kube } from '../links/kube.ts';
import { loadKubeconfig } from '../links/kubeconfig.ts';
import { labDir } from './paths.ts';
import { apiServer, controlPlanes, firstControlPlane, type Lab, type LabNode } from './topology.ts';

/** A request that is not answered in this time counts as not answered. */
export const requestMs = 3000;

/** The administrator's link to the API server of a node, or to another server that passes on to one. */
export function apiOf(lab: Lab, node: LabNode, server = apiServer(lab, node)): Kube {
  const credentials = loadKubeconfig(join(labDir(lab.name), 'kubeconfig'));
  return openKube({ node: node.name, server, credentials, deadlineMs: requestMs });
}

/** Links to all API servers of a lab. */
export function apisOf(lab: Lab): readonly Kube[] {
  return controlPlanes(lab).map((node) => apiOf(lab, node));
}

/** Does some work with a link to the first API server. */
export async function withApi<T>(lab: Lab, work: (api: Kube) => Promise<T>): Promise<T> {
  const api = apiOf(lab, firstControlPlane(lab));
  try {
    return await work(api);
  } finally {
    api.close();
  }
}
