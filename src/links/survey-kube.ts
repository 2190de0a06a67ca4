import type { V1Lease } from '@kubernetes/client-node/dist/gen/models/V1Lease.js';
import type { V1Namespace } from '@kubernetes/client-node/dist/gen/models/V1Namespace.js';
import type { V1Node } from '@kubernetes/client-node/dist/gen/models/V1Node.js';
import type { V1Pod } from '@kubernetes/client-node/dist/gen/models/V1Pod.js';
import type { V1Taint } from '@kubernetes/client-node/dist/gen/models/V1Taint.js';
import type { VersionInfo } from '@kubernetes/client-node/dist/gen/models/VersionInfo.js';
import { ownNamespace } from '../model/namespace.ts';
import { leaseKey, type PodFacts } from '../model/snapshot.ts';
import { understood } from './errors.ts';
import type { Json, Kube, RequestExtras } from './kube.ts';

/** What the API says of the cluster. */
export interface KubeReport {
  /** uid of the namespace kube-system. */
  readonly id: string;
  /** Version of the API server that answered. */
  readonly version: string;
  readonly nodes: readonly NodeReport[];
  readonly pods: readonly PodFacts[];
  readonly leases: Readonly<Record<string, string>>;
}

/** What the API says of a node. */
export interface NodeReport {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly bootId: string;
  readonly controlPlane: boolean;
  readonly ready: boolean;
  readonly renewed?: string;
  readonly schedulable: boolean;
  readonly taints: readonly string[];
}

const nodesPath = '/api/v1/nodes';
const leasesIn = (namespace: string): string =>
  `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const leasesPath = leasesIn('kube-node-lease');

/**
 * Asks one API server all that a survey wants to know.
 * @param label of the Nodes that are control planes
 * @throws LinkError, KubeError
 */
export async function askKube(
  kube: Kube,
  label: string,
  extras: RequestExtras,
): Promise<KubeReport> {
  const [version, system, nodes, pods, ...leases] = await Promise.all([
    kube.get<VersionInfo>('/version', extras),
    kube.get<Json<V1Namespace>>('/api/v1/namespaces/kube-system', extras),
    askNodes(kube, label, extras),
    kube.list<Json<V1Pod>>('/api/v1/pods', extras),
    kube.list<Json<V1Lease>>(leasesIn('kube-system'), extras),
    // Of a namespace that there is not, the list is empty.
    kube.list<Json<V1Lease>>(leasesIn(ownNamespace), extras),
  ]);
  return understood(kube.node, 'what the API says of the cluster', () => ({
    id: textOf(system.metadata?.uid ?? '', 'the uid of kube-system'),
    version: textOf(version.gitVersion, 'its version'),
    nodes,
    pods: pods.flatMap(readPod),
    leases: Object.fromEntries(leases.flat().flatMap(readHolder)),
  }));
}

/** Asks one API server for all Nodes and their Leases, and judges readiness by its own clock. */
async function askNodes(
  kube: Kube,
  label: string,
  extras: RequestExtras = {},
): Promise<NodeReport[]> {
  const [nodes, leases] = await Promise.all([
    kube.list<Json<V1Node>>(nodesPath, extras),
    kube.getDated<{ items: Json<V1Lease>[] }>(leasesPath, extras),
  ]);
  return understood(kube.node, 'what the API says of the nodes', () =>
    nodes.map((node) => {
      const name = textOf(node.metadata?.name ?? '', 'the name of a node');
      const lease = leases.value.items.find((each) => each.metadata?.name === name);
      return {
        name,
        addresses: addressesOf(node),
        bootId: textOf(node.status?.nodeInfo?.bootID ?? '', `the boot id of ${name}`),
        controlPlane: node.metadata?.labels?.[label] !== undefined,
        ready: isReady(node, lease, leases.serverNowMs),
        ...(lease?.spec?.renewTime !== undefined && { renewed: lease.spec.renewTime }),
        schedulable: node.spec?.unschedulable !== true,
        taints: (node.spec?.taints ?? []).filter(isOthers).map(sayTaint),
      };
    }),
  );
}

/** The types of client-node say what an API server should answer, and nobody has checked that it does. */
function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new TypeError(`${what} is ${JSON.stringify(value)}`);
  return value;
}

function addressesOf({ status }: Json<V1Node>): readonly string[] {
  return (status?.addresses ?? [])
    .filter(({ type }) => type === 'InternalIP' || type === 'ExternalIP')
    .map(({ address }) => address);
}

/**
 * Tells whether a node is ready now: its condition stays what it was for up to a minute after the node has gone,
 * so its Lease must be fresh as well.
 * @param serverNowMs wall clock of the API server; ours may be wrong
 */
export function isReady(
  node: Json<V1Node>,
  lease: Json<V1Lease> | undefined,
  serverNowMs: number,
): boolean {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
  const { renewTime, leaseDurationSeconds } = lease?.spec ?? {};
  if (renewTime === undefined || leaseDurationSeconds === undefined) return false;
  const ageMs = serverNowMs - Date.parse(renewTime);
  return ready?.status === 'True' && ageMs <= leaseDurationSeconds * 1000;
}

/** Kubernetes taints nodes that are not well or cordoned; those come and go by themselves. */
function isOthers({ key }: Json<V1Taint>): boolean {
  return !key.startsWith('node.kubernetes.io/');
}

function sayTaint({ key, value, effect }: Json<V1Taint>): string {
  return `${key}${value === undefined ? '' : `=${value}`}:${effect}`;
}

/** A holder is a host name, mostly with `_` and a uid behind it. Leases that nobody holds are left out. */
function readHolder(lease: Json<V1Lease>): [string, string][] {
  const { namespace, name } = lease.metadata ?? {};
  const holder = lease.spec?.holderIdentity?.split('_')[0] ?? '';
  return name === undefined || holder === ''
    ? []
    : [[leaseKey(namespace ?? 'kube-system', name), holder]];
}

/** Pods that have no node yet, or have ended, stand on none. */
function readPod(pod: Json<V1Pod>): PodFacts[] {
  const { namespace, name, uid } = pod.metadata ?? {};
  const node = pod.spec?.nodeName;
  const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  if (namespace === undefined || name === undefined || uid === undefined) return [];
  if (node === undefined || ended) return [];
  return [{ namespace, name, node, uid, ...readPodKind(pod) }];
}

/** What a drain wants to know of a pod. */
function readPodKind({
  metadata = {},
  spec,
}: Json<V1Pod>): Pick<PodFacts, 'labels' | 'owner' | 'isStatic' | 'hasLocalData'> {
  const { annotations, labels, ownerReferences } = metadata;
  const owner = ownerReferences?.find(({ controller }) => controller === true)?.kind;
  return {
    labels: labels ?? {},
    ...(owner !== undefined && { owner }),
    isStatic: annotations?.['kubernetes.io/config.mirror'] !== undefined,
    hasLocalData: spec?.volumes?.some(({ emptyDir }) => emptyDir !== undefined) ?? false,
  };
}
