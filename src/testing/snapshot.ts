import type { Member, NodeFacts, PodFacts, Role, Snapshot } from '../model/snapshot.ts';

const kubelite = { unit: 'snap.microk8s.daemon-kubelite.service', process: 'kubelite' };

/**
 * A cluster as surveyed, for tests: MicroK8s nodes pi1, pi2, … with one datastore member each, led by pi1's.
 * @param roles of the members, in the order of the nodes; the member of node piN has the id N
 */
export function snapshotOf(
  roles: readonly Role[] = ['voter', 'voter', 'voter', 'stand-by'],
  changes: Partial<Snapshot> = {},
): Snapshot {
  return {
    takenAt: '2026-11-21T07:10:00.000Z',
    cluster: {
      name: 'rack',
      id: '3f0c2d6a-6f0e-4b39-9c9a-0d2f6f4f8a11',
      platform: 'microk8s',
      kubernetes: 'v1.34.4',
    },
    nodes: roles.map((_, index) => nodeNumber(index + 1)),
    datastore: {
      kind: 'dqlite',
      version: '1.18.1',
      scripts: {
        list: 'members list',
        remove: 'members remove "$MEMBER"',
        wipe: 'members wipe',
        join: 'members join "$MEMBER" "$SERVERS"',
        hasData: 'members has-data',
        joining: 'members joining',
        abandon: 'members abandon',
        reform: 'members reform "$MEMBER"',
      },
      folder: '/var/snap/microk8s/current/var/kubernetes/backend',
      leader: '1',
      members: roles.map((role, index) => memberNumber(index + 1, role)),
      settings: { networkLatencyMs: 100 },
    },
    services: {
      datastore: {
        unit: 'snap.microk8s.daemon-k8s-dqlite.service',
        process: 'k8s-dqlite',
        port: 19001,
      },
      'api-server': { ...kubelite, port: 16443 },
      scheduler: kubelite,
      'controller-manager': kubelite,
      kubelet: kubelite,
      containers: { unit: 'snap.microk8s.daemon-containerd.service', process: 'containerd' },
    },
    pods: [],
    leases: { 'kube-scheduler': 'pi2', 'kube-controller-manager': 'pi3' },
    objects: { deployments: {}, services: {} },
    settings: { leaseMs: { 'kube-scheduler': 60_000, 'kube-controller-manager': 60_000 } },
    kubectl: '/snap/bin/microk8s kubectl',
    ...changes,
  };
}

export function nodeNumber(number: number): NodeFacts {
  return {
    name: `pi${number}`,
    address: `192.168.1.${100 + number}`,
    addresses: [`192.168.1.${100 + number}`, `fd00::${100 + number}`],
    controller: { address: '192.168.1.10', port: 22 },
    bootId: `00000000-0000-0000-0000-00000000000${number}`,
    bootsWithinMs: 300_000,
    controlPlane: true,
    ready: true,
    schedulable: true,
    taints: [],
    power: { by: 'switch', reverts: true },
    apiServer: `https://192.168.1.${100 + number}:16443`,
  };
}

/** A node with another power supply, or none. */
export function powered(node: NodeFacts, power: NodeFacts['power']): NodeFacts {
  const bare: Partial<NodeFacts> & Omit<NodeFacts, 'power'> = { ...node };
  Reflect.deleteProperty(bare, 'power');
  return power === undefined ? bare : { ...bare, power };
}

export function memberNumber(number: number, role: Role): Member {
  return {
    id: String(number),
    address: `192.168.1.${100 + number}:19001`,
    node: `pi${number}`,
    role,
    answers: true,
  };
}

/**
 * A pod of a ReplicaSet that stands on a node.
 * @param name `namespace/name`
 */
export function podOf(name: string, node: string, changes: Partial<PodFacts> = {}): PodFacts {
  const [namespace = '', own = ''] = name.split('/');
  return {
    namespace,
    name: own,
    node,
    uid: `uid-of-${own}`,
    labels: {},
    owner: 'ReplicaSet',
    isStatic: false,
    hasLocalData: false,
    ...changes,
  };
}
