import type { Kube } from '../links/kube.ts';
import { apisOf, requestMs, withApi } from './api.ts';
import { inside } from './machine.ts';
import type { Question } from './platform.ts';
import { platformOf } from './platforms.ts';
import { kubernetesNodes, type Lab } from './topology.ts';
import { untilAnswered } from './until.ts';

const servingTimeoutMs = 180_000;

interface Lease {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly renewTime?: string };
}

interface Node {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo?: { readonly bootID: string };
  };
}

/**
 * Waits until the cluster really serves: every node has renewed its Lease since `sinceMs` (a stored condition may be
 * from before the boot), every API server is ready, what its platform asks for is there, a name can be resolved and every node lets
 * users log in.
 * @param sinceMs wall clock of this host, which is that of its nodes; milliseconds since 1970
 * @throws LabError after so long, three minutes if not said, with what was still missing
 */
export async function untilServing(
  lab: Lab,
  sinceMs: number,
  timeoutMs = servingTimeoutMs,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  const servers = apisOf(lab);
  const questions: readonly Question[] = [
    ...servers.map((server) => () => serverMissing(server)),
    () => nodesMissing(lab, servers, sinceMs),
    ...platformOf(lab).questions(lab),
    () => namesMissing(lab),
    () => loginsMissing(lab),
    () => bootsMissing(lab, servers),
  ];
  try {
    for (const question of questions) {
      await untilAnswered(
        question,
        deadline - performance.now(),
        (missing) => `lab "${lab.name}" does not serve within ${timeoutMs / 1000} s: ${missing}`,
      );
    }
  } finally {
    for (const server of servers) server.close();
  }
}

/** By which a cluster is known: the uid of its namespace kube-system. */
export function clusterId(lab: Lab): Promise<string> {
  return withApi(lab, async (api) => {
    const path = '/api/v1/namespaces/kube-system';
    return (await api.get<{ metadata: { uid: string } }>(path)).metadata.uid;
  });
}

async function serverMissing(server: Kube): Promise<string | undefined> {
  const { status, text } = await server.request('GET', '/readyz');
  return status === 200 ? undefined : `API server of ${server.node}: ${text}`;
}

async function nodesMissing(
  lab: Lab,
  [server]: readonly Kube[],
  sinceMs: number,
): Promise<string | undefined> {
  if (server === undefined) return 'no control plane';
  const leases = await server.list<Lease>(
    '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases',
  );
  const nodes = await server.list<Node>('/api/v1/nodes');
  const late = kubernetesNodes(lab).filter(({ name }) => {
    const lease = leases.find(({ metadata }) => metadata.name === name);
    const node = nodes.find(({ metadata }) => metadata.name === name);
    const renewed = Date.parse(lease?.spec.renewTime ?? '') > sinceMs;
    const ready = node?.status.conditions?.some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    );
    return !renewed || ready !== true;
  });
  if (late.length === 0) return undefined;
  return `not Ready with a Lease renewed since the boot: ${late.map(({ name }) => name).join(', ')}`;
}

async function namesMissing(lab: Lab): Promise<string | undefined> {
  const [first] = lab.nodes;
  if (first === undefined) return 'no node';
  const name = 'kubernetes.default.svc.cluster.local';
  await inside(lab, first, `busybox nslookup -type=a ${name} ${lab.clusterDns}`, {
    timeoutMs: requestMs,
  });
  return undefined;
}

/** While a node boots, /run/nologin keeps users out; sshd then punishes those who try by not talking to them. */
async function loginsMissing(lab: Lab): Promise<string | undefined> {
  for (const node of lab.nodes)
    await inside(lab, node, '[ ! -e /run/nologin ] && systemctl is-active --quiet ssh', {
      timeoutMs: requestMs,
    });
  return undefined;
}

/** A node that has only just booted may have a fresh Lease of before, and its kubelet has yet to tell of the new boot. */
async function bootsMissing(lab: Lab, [server]: readonly Kube[]): Promise<string | undefined> {
  if (server === undefined) return 'no control plane';
  const told = await server.list<Node>('/api/v1/nodes');
  const late: string[] = [];
  for (const node of kubernetesNodes(lab)) {
    const boot = (await inside(lab, node, 'cat /proc/sys/kernel/random/boot_id')).trim();
    const known = told.find(({ metadata }) => metadata.name === node.name);
    if (known?.status.nodeInfo?.bootID !== boot) late.push(node.name);
  }
  return late.length === 0
    ? undefined
    : `kubelets that have not told of the latest boot: ${late.join(', ')}`;
}
