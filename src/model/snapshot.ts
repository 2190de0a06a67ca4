/** The cluster as a survey found it: plain data, stored with the run, holding no secret. */
export interface Snapshot {
  /** When the survey ended, ISO 8601. */
  readonly takenAt: string;
  readonly cluster: ClusterFacts;
  /** In the cluster file's order. */
  readonly nodes: readonly NodeFacts[];
  readonly datastore: Datastore;
  /** What the platform calls the services a fault can aim at. */
  readonly services: Readonly<Record<ServiceName, Service>>;
  /** Pods that stand on a node, of all namespaces. */
  readonly pods: readonly PodFacts[];
}

export type PlatformName = 'microk8s';

export interface ClusterFacts {
  readonly name: string;
  /** uid of the namespace kube-system. */
  readonly id: string;
  readonly platform: PlatformName;
  /** Version of the API server, such as v1.34.4. */
  readonly kubernetes: string;
}

export interface NodeFacts {
  readonly name: string;
  readonly address: string;
  /** Of the machine behind the SSH address; survey has checked that the Node object has the same. */
  readonly bootId: string;
  readonly controlPlane: boolean;
  /** Ready by its condition, and its Lease renewed within its duration. */
  readonly ready: boolean;
  /** When its kubelet last renewed its Lease, by the node's own clock, as the API tells it; to compare, not to count. */
  readonly renewed?: string;
  /** Not cordoned. */
  readonly schedulable: boolean;
  /** Base address of its API server, `https://address:port`; only of control planes. */
  readonly apiServer?: string;
}

/** What a datastore member does; an etcd learner is a stand-by. */
export type Role = 'voter' | 'stand-by' | 'spare';

export interface Member {
  /** 64 bits, in decimal: too large for a number. */
  readonly id: string;
  /** host:port */
  readonly address: string;
  /** The node it runs on; absent if no node of the cluster file has its address. */
  readonly node?: string;
  readonly role: Role;
  /** Did it answer the survey? */
  readonly answers: boolean;
}

export interface Datastore {
  readonly kind: 'dqlite' | 'etcd';
  readonly version: string;
  /** Id of the member that a majority of the voters and itself call leader. */
  readonly leader?: string;
  readonly members: readonly Member[];
  /** Settings that predict its timings, in milliseconds where they are times. */
  readonly settings: Readonly<Record<string, number>>;
}

export type ServiceName = 'datastore' | 'kubernetes' | 'containers';

export interface Service {
  /** systemd unit, with its suffix. */
  readonly unit: string;
  /** Name of the process once it really serves (/proc/PID/comm): a wrapper may come first. */
  readonly process: string;
  /** TCP port it listens on, if that tells that it serves. */
  readonly port?: number;
}

export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly uid: string;
}

/** The node with that name; its absence is a defect of the caller, who took the name from this snapshot. */
export function nodeNamed(snapshot: Snapshot, name: string): NodeFacts {
  const node = snapshot.nodes.find((node) => node.name === name);
  if (node === undefined)
    throw new Error(`no node "${name}" in the snapshot of ${snapshot.cluster.name}`);
  return node;
}

/** The member that runs on a node, if one does. */
export function memberOn(snapshot: Snapshot, node: string): Member | undefined {
  return snapshot.datastore.members.find((member) => member.node === node);
}

/** The voters of the datastore's configuration, whether they answer or not. */
export function voters(snapshot: Snapshot): readonly Member[] {
  return snapshot.datastore.members.filter((member) => member.role === 'voter');
}
