import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openKube, type Kube } from '../links/kube.ts';
import { loadKubeconfig } from '../links/kubeconfig.ts';
import { LabError } from './error.ts';
import { backendDir, inside } from './machine.ts';
import { labDir } from './paths.ts';
import {
  apiServer,
  clusterDns,
  controlPlanes,
  datastorePort,
  type Lab,
  type LabNode,
} from './topology.ts';

const servingTimeoutMs = 180_000;
const pollMs = 100;
const requestMs = 3000;

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
 * from before the boot), every API server is ready, roles are in place, a name can be resolved and every node lets
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
  const servers = controlPlanes(lab).map((node) => apiOf(lab, node));
  const questions = [
    ...servers.map((server) => () => serverMissing(server)),
    () => nodesMissing(lab, servers, sinceMs),
    () => rolesMissing(lab),
    () => namesMissing(lab),
    () => loginsMissing(lab),
    () => bootsMissing(lab, servers),
  ];
  try {
    for (const question of questions) {
      const missing = await untilAnswered(question, deadline);
      if (missing === undefined) continue;
      throw new LabError(
        `lab "${lab.name}" does not serve within ${timeoutMs / 1000} s: ${missing}`,
      );
    }
  } finally {
    for (const server of servers) server.close();
  }
}

/** Asks until nothing is missing any more. @returns what was missing last, if the time is up */
async function untilAnswered(
  question: () => Promise<string | undefined>,
  deadline: number,
): Promise<string | undefined> {
  for (;;) {
    const missing = await question().catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    if (missing === undefined || performance.now() > deadline) return missing;
    await delay(pollMs);
  }
}

/** By which a cluster is known: the uid of its namespace kube-system. */
export async function clusterId(lab: Lab): Promise<string> {
  const [first] = controlPlanes(lab);
  if (first === undefined) throw new LabError('a lab needs at least one control plane');
  const server = apiOf(lab, first);
  try {
    const path = '/api/v1/namespaces/kube-system';
    return (await server.get<{ metadata: { uid: string } }>(path)).metadata.uid;
  } finally {
    server.close();
  }
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
  const late = lab.nodes.filter(({ name }) => {
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

async function rolesMissing(lab: Lab): Promise<string | undefined> {
  const nodes = controlPlanes(lab);
  const [first] = nodes;
  if (first === undefined) return 'no control plane';
  const answer = await inside(lab, first, askMembers(nodes));
  const members = JSON.parse(answer) as readonly { readonly Role: number }[];
  const count = (role: number): number => members.filter((member) => member.Role === role).length;
  // Dqlite makes up to three of its members voters and up to three of the others stand-bys; two cannot both vote.
  const voters = nodes.length < 3 ? 1 : 3;
  const standbys = Math.min(3, nodes.length - voters);
  const right = count(0) === voters && count(1) === standbys;
  return right
    ? undefined
    : `roles are ${count(0)} voters and ${count(1)} stand-bys, wanted ${voters} and ${standbys}`;
}

/** The command by which the datastore lists its members, as JSON; any voter among the servers will do. */
export function askMembers(nodes: readonly LabNode[]): string {
  const servers = nodes.map((node) => `${node.address}:${datastorePort}`).join(',');
  return `/snap/microk8s/current/bin/dqlite -s ${servers} -c ${backendDir}/cluster.crt -k ${backendDir}/cluster.key -f json k8s .cluster`;
}

async function namesMissing(lab: Lab): Promise<string | undefined> {
  const [first] = lab.nodes;
  if (first === undefined) return 'no node';
  const name = 'kubernetes.default.svc.cluster.local';
  await inside(lab, first, `busybox nslookup -type=a ${name} ${clusterDns}`, requestMs);
  return undefined;
}

/** While a node boots, /run/nologin keeps users out; sshd then punishes those who try by not talking to them. */
async function loginsMissing(lab: Lab): Promise<string | undefined> {
  for (const node of lab.nodes)
    await inside(lab, node, '[ ! -e /run/nologin ] && systemctl is-active --quiet ssh', requestMs);
  return undefined;
}

/** A node that has only just booted may have a fresh Lease of before, and its kubelet has yet to tell of the new boot. */
async function bootsMissing(lab: Lab, [server]: readonly Kube[]): Promise<string | undefined> {
  if (server === undefined) return 'no control plane';
  const told = await server.list<Node>('/api/v1/nodes');
  const late: string[] = [];
  for (const node of lab.nodes) {
    const boot = (await inside(lab, node, 'cat /proc/sys/kernel/random/boot_id')).trim();
    const known = told.find(({ metadata }) => metadata.name === node.name);
    if (known?.status.nodeInfo?.bootID !== boot) late.push(node.name);
  }
  return late.length === 0
    ? undefined
    : `kubelets that have not told of the latest boot: ${late.join(', ')}`;
}

function apiOf(lab: Lab, node: LabNode): Kube {
  const credentials = loadKubeconfig(join(labDir(lab.name), 'kubeconfig'));
  return openKube({ node: node.name, server: apiServer(node), credentials, deadlineMs: requestMs });
}
