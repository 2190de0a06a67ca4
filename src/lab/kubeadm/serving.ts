import { apiOf, withApi } from '../api.ts';
import type { LabPlatform } from '../platform.ts';
import { firstControlPlane, type Lab } from '../topology.ts';
import { membersMissing } from './etcd.ts';
import { controlPlaneEndpoint } from './places.ts';

interface Node {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly taints?: readonly { readonly key: string }[] };
}

export const questions: LabPlatform['questions'] = (lab) => [
  () => membersMissing(lab),
  () => endpointMissing(lab),
  () => cloudMissing(lab),
];

/** Whether the endpoint's address is held and its balancer finds an API server. */
async function endpointMissing(lab: Lab): Promise<string | undefined> {
  const endpoint = controlPlaneEndpoint(lab);
  const api = apiOf(lab, firstControlPlane(lab), `https://${endpoint}`);
  try {
    const { status, text } = await api.request('GET', '/readyz');
    return status === 200 ? undefined : `${endpoint}: ${text}`;
  } finally {
    api.close();
  }
}

/** Whether the cloud controller manager has come to know all nodes: pods may not stand on others. */
async function cloudMissing(lab: Lab): Promise<string | undefined> {
  const nodes = await withApi(lab, (api) => api.list<Node>('/api/v1/nodes'));
  const unknown = nodes.filter(({ spec }) =>
    spec.taints?.some(({ key }) => key === 'node.cloudprovider.kubernetes.io/uninitialized'),
  );
  if (unknown.length === 0) return undefined;
  const names = unknown.map(({ metadata }) => metadata.name).join(', ');
  return `unknown to the cloud controller manager: ${names}`;
}
