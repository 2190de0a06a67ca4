/**
 * How the datastore is: `tuned` elects faster than its platform does by itself, `stock` is the platform's own, and
 * `sdcard` writes as to a slow card. Not every platform has all of them.
 */
export const profiles = ['tuned', 'stock', 'sdcard'] as const;
export type Profile = (typeof profiles)[number];

/** Where etcd's members are: on the control planes, or on nodes of their own. */
export const etcdPlaces = ['stacked', 'external'] as const;
export type EtcdPlace = (typeof etcdPlaces)[number];

/**
 * What a node is there for; one of role `etcd` holds a member of the datastore and is no node of Kubernetes; the monitor is
 * none of the cluster at all.
 */
export type Role = 'control-plane' | 'worker' | 'etcd' | 'monitor';

/** Where things are on the nodes of a platform. */
export interface Places {
  /** Of every API server. */
  readonly apiPort: number;
  /** Address of the cluster's name server. */
  readonly clusterDns: string;
  /** The datastore's folder on a node: a file system of its own. */
  readonly datastoreDir: string;
  /** Where containerd keeps its images and containers. */
  readonly containerdDir: string;
  /**
   * Addresses of services, if pods may start before kube-proxy has translated them: a pod that then asks for one is
   * refused rather than left to wait half a minute for an answer.
   */
  readonly serviceNetwork?: string;
}

/** What a person can choose of a lab besides its name. */
export interface Shape {
  /** A name in the table of platforms. */
  readonly platform: string;
  readonly controlPlanes: number;
  readonly workers: number;
  readonly profile: Profile;
  /** Only of a platform on etcd. */
  readonly etcd?: EtcdPlace;
  /** With Prometheus and Alertmanager, on a machine of their own. */
  readonly monitoring?: true;
}

/** What a lab is made of; stored as lab.json, so that `down` knows what to take down. */
export interface Lab extends Places {
  readonly name: string;
  /** Makes addresses and interface names unique on this host: 0 to 99. */
  readonly slot: number;
  readonly platform: string;
  readonly profile: Profile;
  readonly etcd?: EtcdPlace;
  /** Dqlite writes every change of its raft state into the journal: truth to compare measurements with. */
  readonly trace: boolean;
  /** Its platform's newer programs run on what the older ones have written, as after an upgrade. */
  readonly upgraded: boolean;
  readonly nodes: readonly LabNode[];
  /** A machine for Prometheus and Alertmanager, if there is one. */
  readonly monitor?: LabNode;
}

export interface LabNode {
  readonly name: string;
  /** From 1. */
  readonly index: number;
  readonly role: Role;
  readonly address: string;
}

/** The user by which one logs in on a virtual Pi; it may use sudo. */
export const sshUser = 'pi';

/** Addresses of pods, of all nodes. */
export const podNetwork = '10.1.0.0/16';

/** An odd number, so that one may be lost. */
const externalMembers = 3;

/** Lays a lab out: control planes first, then workers, then members of etcd, addresses from the slot's own range. */
export function layOut(name: string, slot: number, shape: Shape, places: Places): Lab {
  const { platform, controlPlanes, workers, profile, etcd, monitoring } = shape;
  const members = etcd === 'external' ? externalMembers : 0;
  const named = [
    ...Array.from({ length: controlPlanes + workers }, (_, i) => ({
      name: `pi${i + 1}`,
      role: i < controlPlanes ? ('control-plane' as const) : ('worker' as const),
    })),
    ...Array.from({ length: members }, (_, i) => ({
      name: `etcd${i + 1}`,
      role: 'etcd' as const,
    })),
  ];
  const nodes = named.map(({ name, role }, i): LabNode => ({
    name,
    index: i + 1,
    role,
    address: `${subnet(slot)}.${11 + i}`,
  }));
  return {
    name,
    slot,
    platform,
    profile,
    ...(etcd !== undefined && { etcd }),
    trace: false,
    upgraded: false,
    nodes,
    ...(monitoring === true && { monitor: monitorOf(slot) }),
    ...places,
  };
}

/** Its number and its address are none that a node can have. */
function monitorOf(slot: number): LabNode {
  return { name: 'monitor', index: 254, role: 'monitor', address: `${subnet(slot)}.9` };
}

/** All machines of a lab: the cluster's nodes, and the monitor if there is one. */
export function machinesOf({ nodes, monitor }: Lab): readonly LabNode[] {
  return monitor === undefined ? nodes : [...nodes, monitor];
}

/** The first three numbers of a slot's addresses. */
export function subnet(slot: number): string {
  return `10.77.${slot}`;
}

/** The host's own address in a lab. */
export function hostAddress(lab: Lab): string {
  return `${subnet(lab.slot)}.1`;
}

/** An address of a lab that no node has for itself. */
export function virtualAddress(lab: Lab): string {
  return `${subnet(lab.slot)}.10`;
}

export function controlPlanes(lab: Lab): readonly LabNode[] {
  return lab.nodes.filter((node) => node.role === 'control-plane');
}

export function workers(lab: Lab): readonly LabNode[] {
  return lab.nodes.filter((node) => node.role === 'worker');
}

/** The nodes that Kubernetes knows. */
export function kubernetesNodes(lab: Lab): readonly LabNode[] {
  return lab.nodes.filter((node) => node.role !== 'etcd');
}

/** The control plane that the others join. */
export function firstControlPlane(lab: Lab): LabNode {
  const [first] = controlPlanes(lab);
  if (first === undefined)
    throw new Error(`lab "${lab.name}" was laid out without a control plane`);
  return first;
}

/** The address of a node's API server, as seen from the host. */
export function apiServer(lab: Lab, node: LabNode): string {
  return `https://${node.address}:${lab.apiPort}`;
}

/** Names of what a node has on the host. Interface names have at most 15 characters. */
export function hostNames(
  lab: Lab,
  node: LabNode,
): { machine: string; namespace: string; veth: string; cgroup: string } {
  return {
    machine: `${lab.name}-${node.name}`,
    namespace: `holdfast-${lab.name}-${node.name}`,
    veth: `hf${lab.slot}v${node.index}`,
    cgroup: `holdfast-${lab.name}-${node.name}`,
  };
}

export function bridgeName(lab: Lab): string {
  return `hf${lab.slot}br`;
}
