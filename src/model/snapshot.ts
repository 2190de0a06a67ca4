/** The cluster as a survey found it: plain data, stored with the run, holding no secret. */
export interface Snapshot {
  /** When the survey ended, ISO 8601. */
  readonly takenAt: string;
  readonly cluster: ClusterFacts;
  /** In the cluster file's order. */
  readonly nodes: readonly NodeFacts[];
  readonly datastore: Datastore;
  /** What the platform calls the services a fault can aim at. */
  readonly services: Services;
  /** Pods that stand on a node, of all namespaces. */
  readonly pods: readonly PodFacts[];
  /**
   * Who holds the Leases of kube-system, by their names, and those of our own namespace, by `leaseKey`: the name of the
   * node or pod that the holder gives.
   */
  readonly leases: Readonly<Record<string, string>>;
  /** Those objects of Kubernetes that the scenario changes. */
  readonly objects: NamedObjects;
  readonly settings: KubernetesSettings;
  /** What Prometheus alerts, and when; absent where it was not asked or did not answer. */
  readonly alertRules?: readonly AlertRule[];
  /** kubectl with the administrator's credentials, as root on a control plane. */
  readonly kubectl: string;
}

/** A rule of Prometheus, and the rhythms on which it depends; milliseconds. */
export interface AlertRule {
  readonly alert: string;
  /** In PromQL, as Prometheus prints it. */
  readonly query: string;
  /** How long it must hold. */
  readonly forMs: number;
  readonly evaluatedEveryMs: number;
  readonly scrapedEveryMs: number;
  readonly scrapeTimeoutMs: number;
}

/** What a cluster file may call its platform; each has a folder in `platforms/`. */
export const platformNames = ['microk8s', 'kubeadm'] as const;
export type PlatformName = (typeof platformNames)[number];

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
  /** All its addresses, IPv4 and IPv6: that of the cluster file, if it is one, and those that the Node has. */
  readonly addresses: readonly string[];
  /** How we come to it by SSH, as the node sees it: from our address, to its own port; absent if it could not say. */
  readonly controller?: { readonly address: string; readonly port: number };
  /** Of the machine behind the SSH address; survey has checked that the Node object has the same. */
  readonly bootId: string;
  /** How long it may take to boot and serve, by the cluster file; milliseconds. */
  readonly bootsWithinMs: number;
  readonly controlPlane: boolean;
  /** A machine for the datastore alone, which Kubernetes does not know; it is ready if it lets us in. */
  readonly datastoreOnly?: true;
  /** Ready by its condition, and its Lease renewed within its duration. */
  readonly ready: boolean;
  /** When its kubelet last renewed its Lease, by the node's own clock, as the API tells it; to compare, not to count. */
  readonly renewed?: string;
  /** Not cordoned. */
  readonly schedulable: boolean;
  /** Its taints as `key=value:effect`, without those that Kubernetes sets by itself. */
  readonly taints: readonly string[];
  /** What can be done about its power; absent if nothing can. */
  readonly power?: PowerFacts;
  /** Has the address by which the kubeconfig reaches the API, where that is nobody's own and moves from node to node. */
  readonly holdsEndpoint?: true;
  /** Base address of its API server, `https://address:port`; only of control planes. */
  readonly apiServer?: string;
}

/** A device that switches a node, perhaps on again by itself after a time; or only its kernel's reset (sysrq). */
export type PowerFacts =
  { readonly by: 'switch'; readonly reverts: boolean } | { readonly by: 'sysrq' };

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

/**
 * How a platform's datastore is managed: shell texts for root on a control plane. MEMBER is set to the address of the
 * member that is meant, SERVERS to those of members that may be asked, with commas between; both as host:port.
 */
export interface MemberScripts {
  /**
   * Prints the configuration that SERVERS agree on, of each member `"Address":"host:port"` at least; fails if they have
   * no leader.
   */
  readonly list: string;
  /** Takes MEMBER, which is listed, out of the configuration. */
  readonly remove: string;
  /** Forgets all data of this node's member, whose service must be stopped; its identity and tuning stay. */
  readonly wipe: string;
  /** Orders that this node's wiped member, whose service is halted, joins SERVERS as MEMBER once that starts. */
  readonly join: string;
  /** Has this node's member data of its own, and is nothing left of a joining that was given up half-way? */
  readonly hasData: string;
  /** Is a joining, or a re-forming, ordered that has not been done? */
  readonly joining: string;
  /** Gives a joining up that has not been done. */
  readonly abandon: string;
  /**
   * Makes this node's member, whose service is halted, the only one of a cluster of its own that has all its data; or
   * orders that, to be done once its service starts.
   */
  readonly reform: string;
}

export interface Datastore {
  readonly kind: 'dqlite' | 'etcd';
  readonly version: string;
  /** Where a member keeps its data on its node. */
  readonly folder: string;
  readonly scripts: MemberScripts;
  /** Id of the member that a majority of the voters and itself call leader. */
  readonly leader?: string;
  readonly members: readonly Member[];
  /** Settings that predict its timings, in milliseconds where they are times. */
  readonly settings: Readonly<Record<string, number>>;
}

/** Settings of Kubernetes that predict its timings, in milliseconds; absent where the default holds. */
export interface KubernetesSettings {
  /** Leases of the leader election, by their names. */
  readonly leaseMs: Readonly<Record<string, number>>;
  /** After so long without a word from its kubelet, a node is not Ready any more. */
  readonly nodeGraceMs?: number;
  /** How often nodes are looked at. */
  readonly nodeMonitorMs?: number;
  /** How long pods may stay on a node that does not answer. */
  readonly tolerationMs?: number;
  /** How the address of the endpoint moves, where keepalived holds it. */
  readonly endpoint?: EndpointSettings;
}

/** @see keepalived.conf(5) */
export interface EndpointSettings {
  /** How often its holder gives word; after three times as long without, another takes it. */
  readonly advertMs: number;
  /** How often the holder looks whether its load balancer serves, and how often in a row it must have failed. */
  readonly checkMs: number;
  readonly checks: number;
  /** A holder whose load balancer has failed only lowers its priority; otherwise it gives the address up at once. */
  readonly lowers?: true;
}

/** What a fault can aim at, by what it does; on some platforms one process does several of them. */
export const serviceNames = [
  'datastore',
  'api-server',
  'scheduler',
  'controller-manager',
  'kubelet',
  'containers',
  'load-balancer',
] as const;
export type ServiceName = (typeof serviceNames)[number];

/** What runs each service. Not every platform brings a load balancer for its API servers. */
export type Services = Readonly<
  Record<Exclude<ServiceName, 'load-balancer'>, Service> & Partial<Record<ServiceName, Service>>
>;

interface Serving {
  /** Name of the process once it really serves (/proc/PID/comm): a wrapper may come first. */
  readonly process: string;
  /** TCP port it listens on, if that tells that it serves. */
  readonly port?: number;
}

export interface UnitService extends Serving {
  /** systemd unit, with its suffix. */
  readonly unit: string;
}

export interface StaticPodService extends Serving {
  /** Path of the manifest in its kubelet's folder. */
  readonly manifest: string;
}

export type Service = UnitService | StaticPodService;

/** Where the manifest of a static pod waits while its service is halted: beside its kubelet's folder, never in it. */
export function haltedManifest(manifest: string): string {
  const [name = '', , ...above] = manifest.split('/').reverse();
  return [...above.reverse(), `holdfast-halted-${name}`].join('/');
}

/** Are two services one and the same, so that what hits one hits the other? One that there is not is none. */
export function areOne(a: Service | undefined, b: Service | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return 'unit' in a
    ? 'unit' in b && a.unit === b.unit
    : 'manifest' in b && a.manifest === b.manifest;
}

/** The units of a platform's services, each once. */
export function unitsOf({ services }: Pick<Snapshot, 'services'>): readonly string[] {
  return [...new Set(Object.values(services).flatMap((one) => ('unit' in one ? [one.unit] : [])))];
}

/** Does a fault that is aimed at a service end the kubelet along with it? */
export function endsKubelet(
  { services }: Pick<Snapshot, 'services'>,
  service: ServiceName | undefined,
): boolean {
  return service !== undefined && areOne(services[service], services.kubelet);
}

export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Kind of what manages it, such as ReplicaSet or DaemonSet; absent if nothing would replace it. */
  readonly owner?: string;
  /** A static pod: its kubelet made it from a file, and the API cannot remove it. */
  readonly isStatic: boolean;
  /** Has a volume that is lost with it (emptyDir). */
  readonly hasLocalData: boolean;
}

/** By `namespace/name`; what there is not is not in here. */
export interface NamedObjects {
  readonly deployments: Readonly<Record<string, DeploymentFacts>>;
  readonly services: Readonly<Record<string, ServiceFacts>>;
}

export interface DeploymentFacts {
  readonly uid: string;
  readonly replicas: number;
  /** Labels by which it knows its pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** `spec.template` as the API has it. */
  readonly template: PodTemplate;
}

export interface PodTemplate extends Readonly<Record<string, unknown>> {
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>> & {
    readonly containers: readonly (Readonly<Record<string, unknown>> & { readonly name: string })[];
  };
}

export interface ServiceFacts {
  readonly uid: string;
  /** Empty for one that somebody else leads somewhere. */
  readonly selector: Readonly<Record<string, string>>;
}

/** The node with that name; its absence is a defect of the caller, who took the name from this snapshot. */
export function nodeNamed(snapshot: Snapshot, name: string): NodeFacts {
  const node = snapshot.nodes.find((node) => node.name === name);
  if (node === undefined)
    throw new Error(`no node "${name}" in the snapshot of ${snapshot.cluster.name}`);
  return node;
}

/** Is it a node for pods alone? */
export function isWorker({ controlPlane, datastoreOnly }: NodeFacts): boolean {
  return !controlPlane && datastoreOnly !== true;
}

/** The member that runs on a node, if one does. */
export function memberOn(snapshot: Snapshot, node: string): Member | undefined {
  return snapshot.datastore.members.find((member) => member.node === node);
}

/** The pods of a namespace that have all of some labels. */
export function podsWith(
  { pods }: Pick<Snapshot, 'pods'>,
  wanted: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
): readonly PodFacts[] {
  return pods.filter(
    ({ namespace, labels }) =>
      namespace === wanted.namespace &&
      Object.entries(wanted.labels).every(([key, value]) => labels[key] === value),
  );
}

/** The name by which a snapshot has a Lease: its own in kube-system, else with its namespace in front. */
export function leaseKey(namespace: string, lease: string): string {
  return namespace === 'kube-system' ? lease : `${namespace}/${lease}`;
}

export function sayLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

/** The voters of the datastore's configuration, whether they answer or not. */
export function voters(snapshot: Snapshot): readonly Member[] {
  return snapshot.datastore.members.filter((member) => member.role === 'voter');
}
