import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from './error.ts';
import { inside } from './machine.ts';
import { labDir } from './paths.ts';
import { run } from './shell.ts';
import {
  apiServer,
  clusterDns,
  controlPlanes,
  datastorePort,
  type Lab,
  type LabNode,
} from './topology.ts';

const servingTimeoutMs = 180_000;
const pollMs = 150;
const backend = '/var/snap/microk8s/current/var/kubernetes/backend';

interface Lease {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly renewTime?: string };
}

/**
 * Waits until the cluster really serves: every node has renewed its Lease since `sinceMs` (a stored condition may be
 * from before the boot), every API server is ready, roles are in place and a name can be resolved.
 * @param sinceMs wall clock of this host, which is that of its nodes; milliseconds since 1970
 * @throws LabError after three minutes, with what was still missing
 */
export async function untilServing(lab: Lab, kubectl: string, sinceMs: number): Promise<void> {
  const deadline = performance.now() + servingTimeoutMs;
  const questions = [
    (): Promise<string | undefined> => leasesMissing(lab, kubectl, sinceMs),
    (): Promise<string | undefined> => apiServersMissing(lab, kubectl),
    (): Promise<string | undefined> => rolesMissing(lab),
    (): Promise<string | undefined> => namesMissing(lab),
  ];
  for (const question of questions) {
    for (;;) {
      const missing = await question().catch((error: unknown) =>
        error instanceof Error ? error.message : String(error),
      );
      if (missing === undefined) break;
      if (performance.now() > deadline) {
        throw new LabError(
          `lab "${lab.name}" does not serve within ${servingTimeoutMs / 1000} s: ${missing}`,
        );
      }
      await delay(pollMs);
    }
  }
}

async function leasesMissing(
  lab: Lab,
  kubectl: string,
  sinceMs: number,
): Promise<string | undefined> {
  const { items } = JSON.parse(
    await ask(lab, kubectl, ['get', 'lease', '-n', 'kube-node-lease', '-o', 'json']),
  ) as {
    items: readonly Lease[];
  };
  const renewed = new Set(
    items
      .filter((lease) => Date.parse(lease.spec.renewTime ?? '') > sinceMs)
      .map((lease) => lease.metadata.name),
  );
  const late = lab.nodes.filter((node) => !renewed.has(node.name));
  if (late.length > 0)
    return `no Lease renewed since the boot: ${late.map((node) => node.name).join(', ')}`;
  const conditions = await ask(lab, kubectl, [
    ...['get', 'nodes', '-o'],
    'jsonpath={range .items[*]}{.metadata.name}={.status.conditions[?(@.type=="Ready")].status} {end}',
  ]);
  const ready = conditions.split(' ').filter((word) => word.endsWith('=True')).length;
  return ready === lab.nodes.length ? undefined : `not all nodes are Ready: ${conditions}`;
}

async function apiServersMissing(lab: Lab, kubectl: string): Promise<string | undefined> {
  for (const node of controlPlanes(lab)) {
    const answer = await ask(lab, kubectl, [
      '--server',
      apiServer(node),
      'get',
      '--raw',
      '/readyz',
    ]);
    if (answer !== 'ok') return `API server of ${node.name}: ${answer}`;
  }
  return undefined;
}

async function rolesMissing(lab: Lab): Promise<string | undefined> {
  const nodes = controlPlanes(lab);
  const [first] = nodes;
  if (first === undefined) return 'no control plane';
  const members = JSON.parse(await inside(lab, first, askMembers(nodes))) as readonly {
    readonly Role: number;
  }[];
  const count = (role: number): number => members.filter((member) => member.Role === role).length;
  // Dqlite makes up to three of its members voters and up to three of the others stand-bys; two cannot both vote.
  const voters = nodes.length < 3 ? 1 : 3;
  const standbys = Math.min(3, nodes.length - voters);
  const right = count(0) === voters && count(1) === standbys;
  return right
    ? undefined
    : `roles are ${count(0)} voters and ${count(1)} stand-bys, wanted ${voters} and ${standbys}`;
}

/** By which a cluster is known: the uid of its namespace kube-system. */
export function clusterId(lab: Lab, kubectl: string): Promise<string> {
  return ask(lab, kubectl, ['get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}']);
}

/** The command by which the datastore lists its members, as JSON; any voter among the servers will do. */
export function askMembers(nodes: readonly LabNode[]): string {
  const servers = nodes.map((node) => `${node.address}:${datastorePort}`).join(',');
  return `/snap/microk8s/current/bin/dqlite -s ${servers} -c ${backend}/cluster.crt -k ${backend}/cluster.key -f json k8s .cluster`;
}

async function namesMissing(lab: Lab): Promise<string | undefined> {
  const [first] = lab.nodes;
  if (first === undefined) return 'no node';
  await inside(
    lab,
    first,
    `busybox nslookup -type=a kubernetes.default.svc.cluster.local ${clusterDns}`,
    3000,
  );
  return undefined;
}

function ask(lab: Lab, kubectl: string, args: readonly string[]): Promise<string> {
  const config = join(labDir(lab.name), 'kubeconfig');
  return run(kubectl, ['--kubeconfig', config, '--request-timeout=5s', ...args], {
    timeoutMs: 10_000,
  });
}
