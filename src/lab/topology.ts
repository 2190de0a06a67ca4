/**
 * How the datastore is: `tuned` elects in 1.8–3.1 s, `stock` is MicroK8s' own and elects in 3–6 s, `sdcard` is tuned
 * and writes as to a worn card.
 */
export const profiles = ['tuned', 'stock', 'sdcard'] as const;
export type Profile = (typeof profiles)[number];

/** What a lab is made of; stored as lab.json, so that `down` knows what to take down. */
export interface Lab {
  readonly name: string;
  /** Makes addresses and interface names unique on this host: 0 to 99. */
  readonly slot: number;
  readonly profile: Profile;
  /** Dqlite writes every change of its raft state into the journal: truth to compare measurements with. */
  readonly trace: boolean;
  readonly nodes: readonly LabNode[];
}

export interface LabNode {
  readonly name: string;
  /** From 1. */
  readonly index: number;
  readonly role: 'control-plane' | 'worker';
  readonly address: string;
}

/** The user by which one logs in on a virtual Pi; it may use sudo. */
export const sshUser = 'pi';

export const apiPort = 16443;
export const datastorePort = 19001;
export const clusterDns = '10.152.183.10';
export const kubernetesServiceAddress = '10.152.183.1';

/** Lays a lab out: control planes first, then workers, addresses from the slot's own range. */
export function layOut(
  name: string,
  slot: number,
  profile: Profile,
  controlPlanes: number,
  workers: number,
): Lab {
  const nodes = Array.from({ length: controlPlanes + workers }, (_, i): LabNode => {
    const role = i < controlPlanes ? 'control-plane' : 'worker';
    return { name: `pi${i + 1}`, index: i + 1, role, address: `${subnet(slot)}.${11 + i}` };
  });
  return { name, slot, profile, trace: false, nodes };
}

/** The first three numbers of a slot's addresses. */
export function subnet(slot: number): string {
  return `10.77.${slot}`;
}

/** The host's own address in a lab. */
export function hostAddress(lab: Lab): string {
  return `${subnet(lab.slot)}.1`;
}

export function controlPlanes(lab: Lab): readonly LabNode[] {
  return lab.nodes.filter((node) => node.role === 'control-plane');
}

/** The address of a node's API server, as seen from the host. */
export function apiServer(node: LabNode): string {
  return `https://${node.address}:${apiPort}`;
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
