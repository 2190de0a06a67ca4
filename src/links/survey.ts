import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { performance } from 'node:perf_hooks';
import {
  revertsByItself,
  type AlertSource,
  type ClusterFile,
  type ClusterNode,
  type PowerSupply,
} from '../model/clusterfile.ts';
import type { ObjectNames } from '../model/named-objects.ts';
import type {
  AlertRule,
  KubernetesSettings,
  NamedObjects,
  NodeFacts,
  PowerFacts,
  Snapshot,
} from '../model/snapshot.ts';
import type { Platform } from '../platforms/platform.ts';
import { platforms } from '../platforms/table.ts';
import type { Access, AlertsAccess, MemberAccess } from './access.ts';
import { askAlertRules } from './alert-rules.ts';
import { LinkError, sayCause } from './errors.ts';
import { KubeError } from './kube.ts';
import { type KubeCredentials, loadKubeconfig } from './kubeconfig.ts';
import { apiServer, type Links, openLinks } from './open.ts';
import { agree, askMemberView, findWay } from './survey-datastore.ts';
import { askKube, type KubeReport, type NodeReport } from './survey-kube.ts';
import { askObjects } from './survey-objects.ts';
import {
  askBootId,
  askController,
  askMember,
  askPair,
  askTimings,
  hasAddress,
  type MemberReport,
} from './survey-node.ts';

export interface SurveyOptions {
  readonly signal?: AbortSignal;
  /** For the whole survey; default 15 000 ms. */
  readonly deadlineMs?: number;
  /**
   * Nodes that a standing fault has taken down: they may be silent, or have booted a moment ago and not yet told the
   * API. Such a node is not ready, and all else of it is what the API says.
   */
  readonly mayBeDown?: readonly string[];
  /** Objects of Kubernetes to look at besides; none without. */
  readonly objects?: ObjectNames;
}

/**
 * A survey that cannot be used: `usage`, a file that it needs cannot be read; `unreachable`, some nodes do not let us
 * in or do not answer; `refused`, this is not the cluster, or not the machines, that the cluster file says.
 */
export class SurveyError extends Error {
  readonly outcome: 'usage' | 'unreachable' | 'refused';
  /** One sentence for each problem, all of them at once. */
  readonly problems: readonly string[];

  constructor(outcome: SurveyError['outcome'], problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SurveyError';
    this.outcome = outcome;
    this.problems = problems;
  }
}

/** What all questions of one survey share. */
interface Survey {
  readonly cluster: ClusterFile;
  readonly platform: Platform;
  readonly links: Links;
  readonly mayBeDown: readonly string[];
  readonly objects: ObjectNames;
  /** For the next question: what is left of the whole survey's time. */
  readonly asking: () => { timeoutMs: number; signal?: AbortSignal };
}

interface Found {
  readonly kube: KubeReport;
  readonly objects: NamedObjects;
  /** Those of the nodes that may be down that are. */
  readonly down: readonly string[];
  /** By node: of the machine behind its address. */
  readonly bootIds: ReadonlyMap<string, string>;
  /** By node: how we come to it. */
  readonly controllers: ReadonlyMap<string, NodeFacts['controller']>;
  /** By node: what those that may be datastore members say of it. */
  readonly members: ReadonlyMap<string, MemberReport>;
  /** The nodes that have the endpoint's address, where it is nobody's own. */
  readonly endpointHolders: readonly string[];
  readonly settings: KubernetesSettings;
}

const defaultDeadlineMs = 15_000;
// A member that drops what we send is tried for so long before the way through SSH is.
const wayTimeoutMs = 2_000;

/**
 * Finds out what a cluster is and how to reach it, changing nothing.
 * @throws SurveyError with everything that is wrong; what is secret is in `access` alone
 */
export async function survey(
  cluster: ClusterFile,
  options: SurveyOptions = {},
): Promise<{ snapshot: Snapshot; access: Access }> {
  const bare = await bareAccess(cluster);
  const links = openLinks(bare);
  try {
    const now = begin(cluster, links, options);
    const found = await look(now);
    const access: Access = { ...bare, datastore: await findMembers(now, found) };
    const open = openLinks(access);
    try {
      const [snapshot, alertRules] = await Promise.all([
        conclude({ ...now, links: open }, found),
        rulesOf(cluster, now.asking().timeoutMs),
      ]);
      return { snapshot: { ...snapshot, ...(alertRules !== undefined && { alertRules }) }, access };
    } finally {
      open.close();
    }
  } finally {
    links.close();
  }
}

/**
 * What it takes to reach the nodes and API servers of a cluster, though not the members of its datastore. Nobody is
 * asked: for those who must do what they can while some nodes are down.
 * @throws SurveyError usage
 */
export async function bareAccess(cluster: ClusterFile): Promise<Access> {
  const reachable = { ...(await readSecrets(cluster)), platform: cluster.platform };
  const nodes = cluster.nodes.map(({ name, address }) => ({ name, address }));
  return { ...reachable, nodes, datastore: { cert: '', key: '', members: [] } };
}

/**
 * Asks whichever API server answers first, for those who can do without a survey.
 * @returns the uid of namespace kube-system, and the names of the control planes
 * @throws LinkError or KubeError of a node, AggregateError with the problem of each node
 */
export async function askCluster(
  cluster: ClusterFile,
  links: Links,
): Promise<{ id: string; controlPlanes: readonly string[] }> {
  const { platform, asking } = begin(cluster, links, {});
  const report = await Promise.any(
    cluster.nodes.map(async ({ name }) => {
      const { timeoutMs: deadlineMs } = asking();
      return askKube(links.kube(name), platform.controlPlaneLabel, { deadlineMs });
    }),
  );
  return { id: report.id, controlPlanes: controlPlanes(cluster, report) };
}

/**
 * Takes a fresh snapshot through links that are open already.
 * @param links of the access that the cluster's survey gave; they stay open
 * @throws SurveyError as `survey` does
 */
export async function resurvey(
  cluster: ClusterFile,
  links: Links,
  options: SurveyOptions = {},
): Promise<Snapshot> {
  const now = begin(cluster, links, options);
  return conclude(now, await look(now));
}

function begin(cluster: ClusterFile, links: Links, options: SurveyOptions): Survey {
  const endMs = performance.now() + (options.deadlineMs ?? defaultDeadlineMs);
  const { signal } = options;
  return {
    cluster,
    platform: platforms[cluster.platform],
    links,
    mayBeDown: options.mayBeDown ?? [],
    objects: options.objects ?? { deployments: [], services: [] },
    asking: () => ({
      timeoutMs: Math.max(1, endMs - performance.now()),
      ...(signal === undefined ? {} : { signal }),
    }),
  };
}

async function readSecrets(cluster: ClusterFile): Promise<Pick<Access, 'kube' | 'ssh' | 'alerts'>> {
  const { kubeconfig, ssh, alerts } = cluster;
  const problems: string[] = [];
  const note = (error: unknown) => {
    problems.push(sayCause(error));
    return undefined;
  };
  const read = (what: string, file: string) =>
    readFile(file, 'utf8').catch((error: unknown) =>
      note(new Error(`${what} ${file}: ${sayCause(error)}`)),
    );
  const tokenFile = alerts !== undefined && 'alertmanager' in alerts ? alerts.tokenFile : undefined;
  const [privateKey, knownHosts, token] = await Promise.all([
    read('ssh.identity', ssh.identity),
    read('ssh.known-hosts', ssh.knownHosts),
    tokenFile === undefined ? '' : read('alerts.token-file', tokenFile),
  ]);
  let kube: KubeCredentials | undefined;
  try {
    kube = loadKubeconfig(kubeconfig.file, kubeconfig.context);
  } catch (error) {
    note(error);
  }
  if (
    privateKey === undefined ||
    knownHosts === undefined ||
    token === undefined ||
    kube === undefined
  )
    throw new SurveyError('usage', problems);
  return {
    kube,
    ssh: { user: ssh.user, port: ssh.port, privateKey, knownHosts },
    ...(alerts !== undefined && { alerts: alertsAccess(alerts, token.trim()) }),
  };
}

/** What Prometheus alerts: only predicted by, so that one that does not answer hinders nothing. */
async function rulesOf(
  { alerts }: ClusterFile,
  timeoutMs: number,
): Promise<readonly AlertRule[] | undefined> {
  if (alerts === undefined || 'listen' in alerts || alerts.prometheus === undefined)
    return undefined;
  return askAlertRules(alerts.prometheus, timeoutMs).catch(() => undefined);
}

function alertsAccess(source: AlertSource, token: string): AlertsAccess {
  if ('listen' in source) return source;
  return { alertmanager: source.alertmanager, ...(token !== '' && { token }) };
}

/** Asks the machines and the API, and makes sure that they are what the cluster file says. */
async function look(now: Survey): Promise<Found> {
  const { cluster, links, platform, mayBeDown } = now;
  const names = cluster.nodes.map((node) => node.name);
  const problems: Problems = new Map();
  const api: string[] = [];
  const [bootIds, controllers, told] = await Promise.all([
    eachNode(names, problems, async (name) => askBootId(await links.ssh(name), now.asking())),
    eachNode(names, new Map(), async (name) => askController(await links.ssh(name), now.asking())),
    askAnyApi(now, api),
  ]);
  const unreached = allBut(mayBeDown, problems);
  if (told === undefined || unreached.length > 0)
    throw new SurveyError('unreachable', [...unreached, ...api]);

  const { kube, objects } = told;
  const strangers = compareBoots(cluster, bootIds, kube);
  const refusals = compareCluster(cluster, kube) ?? allBut(mayBeDown, strangers);
  if (refusals.length > 0) throw new SurveyError('refused', refusals);

  const members = new Map<string, MemberReport>();
  const servers = controlPlanes(cluster, kube);
  const external = outsiders(cluster);
  const address = movingAddress(now.links, cluster, kube);
  const [timings, holds] = await Promise.all([
    eachNode(servers, new Map(), async (name) =>
      askTimings(await links.ssh(name), platform, now.asking()),
    ),
    eachNode(address === undefined ? [] : servers, new Map(), async (name) =>
      hasAddress(await links.ssh(name), address ?? '', now.asking()),
    ),
    eachNode(external.length > 0 ? external : servers, problems, async (name) => {
      const report = await askMember(await links.ssh(name), platform, now.asking());
      if (report !== undefined) members.set(name, report);
    }),
  ]);
  const silent = allBut(mayBeDown, problems);
  if (silent.length > 0) throw new SurveyError('unreachable', silent);
  return {
    kube,
    objects,
    down: [...problems.keys(), ...strangers.keys()],
    bootIds,
    controllers,
    members,
    endpointHolders: [...holds].filter(([, has]) => has).map(([name]) => name),
    // They are alike on all control planes, or nobody knows which count.
    settings: [...timings.values()][0] ?? { leaseMs: {} },
  };
}

/** The address by which the kubeconfig reaches the API, unless it is a name or a node's own. */
function movingAddress(
  { endpointAddress: address }: Links,
  cluster: ClusterFile,
  kube: KubeReport,
): string | undefined {
  const own = [
    ...cluster.nodes.map((node) => node.address),
    ...kube.nodes.flatMap(({ addresses }) => addresses),
  ];
  return address === undefined || own.includes(address) ? undefined : address;
}

/** What is wrong with each node, one sentence each. */
type Problems = Map<string, string>;

function allBut(excused: readonly string[], problems: Problems): readonly string[] {
  return [...problems].filter(([name]) => !excused.includes(name)).map(([, problem]) => problem);
}

// An API server whose datastore has gone still tells its version; what it must have from there tells them apart.
const anObject = '/api/v1/namespaces/kube-system';

/** Asks the API server that answers first; all of them tell the same. */
async function askAnyApi(
  now: Survey,
  problems: string[],
): Promise<Pick<Found, 'kube' | 'objects'> | undefined> {
  const { timeoutMs, ...rest } = now.asking();
  const asked = now.cluster.nodes.map(async ({ name }) => {
    const kube = now.links.kube(name);
    await kube.get(anObject, { deadlineMs: timeoutMs, ...rest });
    return kube;
  });
  try {
    const server = await Promise.any(asked);
    const extras = { deadlineMs: timeoutMs, ...rest };
    const [kube, objects] = await Promise.all([
      askKube(server, now.platform.controlPlaneLabel, extras),
      askObjects(server, now.objects, extras),
    ]);
    return { kube, objects };
  } catch (error) {
    const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
    problems.push(...errors.map(sayProblem));
    return undefined;
  }
}

/** Is it the cluster that the file says, with all the Nodes that it says? */
function compareCluster(
  { clusterId, nodes }: ClusterFile,
  kube: KubeReport,
): readonly string[] | undefined {
  if (kube.id !== clusterId)
    return [
      `this is another cluster: the uid of its namespace kube-system is ${kube.id}, and the cluster file says cluster-id: ${clusterId}`,
    ];
  const has = kube.nodes.map((node) => node.name);
  const missing = nodes.filter(({ name, role }) => role === undefined && !has.includes(name));
  return missing.length === 0
    ? undefined
    : missing.map(({ name }) => `the cluster has no Node ${name}; it has: ${has.join(', ')}`);
}

/** Is the machine behind each address the Node it should be? One that did not say who it is has been told of before. */
function compareBoots(
  { nodes }: ClusterFile,
  bootIds: ReadonlyMap<string, string>,
  kube: KubeReport,
): Problems {
  return new Map(
    nodes.flatMap(({ name, address }): [string, string][] => {
      const node = kube.nodes.find((each) => each.name === name);
      const bootId = bootIds.get(name);
      if (bootId === undefined || node === undefined || node.bootId === bootId) return [];
      const problem = `the machine behind ${address} is not Node ${name}: its boot id is ${bootId}, the Node's is ${node.bootId}; correct the address, or if it has only just booted, wait until its kubelet has reported`;
      return [[name, problem]];
    }),
  );
}

/** Reads the pair that members let in from the first control plane that gives it, and finds the way to each member. */
async function findMembers(now: Survey, found: Found): Promise<Access['datastore']> {
  const { cluster, links, platform } = now;
  if (found.members.size === 0)
    throw new SurveyError('unreachable', [
      outsiders(cluster).length > 0
        ? `no node with role: etcd has a member of the datastore in ${platform.datastore.folder}`
        : 'no control plane has a datastore member; nodes of an external etcd need role: etcd in the cluster file',
    ]);
  const problems: string[] = [];
  for (const name of controlPlanes(cluster, found.kube)) {
    const pair = await links
      .ssh(name)
      .then((ssh) => askPair(ssh, platform, now.asking()))
      .catch((error: unknown) => void problems.push(sayProblem(error)));
    if (pair === undefined) continue;
    const members = await Promise.all(
      [...found.members].map(([node, { member }]): Promise<MemberAccess> => {
        const { timeoutMs, ...rest } = now.asking();
        const atMost = { timeoutMs: Math.min(timeoutMs, wayTimeoutMs), ...rest };
        const host = member.host ?? addressOf(cluster, node);
        return findWay(pair, { node, host, port: member.port }, links.ssh, atMost);
      }),
    );
    return { ...pair, members };
  }
  throw new SurveyError('unreachable', problems);
}

async function conclude(now: Survey, found: Found): Promise<Snapshot> {
  const { cluster, platform, links } = now;
  const { kube, members } = found;
  const views = await Promise.all(
    [...members].map(([node, { member }]) =>
      askMemberView(links.member(node), member.id, now.asking()),
    ),
  );
  if (views.every((view) => view.says === undefined))
    throw new SurveyError(
      'unreachable',
      views.map((view) => view.because ?? `the datastore member of ${view.node} does not answer`),
    );
  const reports = [...members.values()];
  const nodes = cluster.nodes.map((node) => nodeFacts(cluster, node, found));
  const versions = [...reports, ...views].map(({ version }) => version);
  const { kind, folder, scripts } = platform.datastore;
  const isExternal = outsiders(cluster).length > 0;
  return {
    takenAt: new Date().toISOString(),
    cluster: {
      name: cluster.name,
      id: kube.id,
      platform: cluster.platform,
      kubernetes: kube.version,
    },
    nodes,
    datastore: {
      kind,
      folder,
      scripts: scripts(isExternal),
      version: versions.find((version) => version !== undefined) ?? 'unknown',
      ...agree(views, nodes),
      settings: slowest(reports.map((report) => report.settings)),
    },
    services: platform.services(isExternal),
    pods: kube.pods,
    leases: kube.leases,
    objects: found.objects,
    settings: found.settings,
    kubectl: platform.kubectl,
  };
}

function nodeFacts(
  cluster: ClusterFile,
  { name, address, role, power, bootsWithinMs }: ClusterNode,
  { kube, down, bootIds, controllers, endpointHolders }: Found,
): NodeFacts {
  const node =
    role === undefined
      ? kube.nodes.find((each) => each.name === name)
      : outsider(name, bootIds.get(name));
  // `compareCluster` has refused a cluster without it.
  if (node === undefined) throw new Error(`no Node ${name} in the report of the API`);
  const controller = controllers.get(name);
  const server = { apiServer: apiServer(cluster, { name, address }) };
  return {
    ...node,
    ready: node.ready && !down.includes(name),
    address,
    addresses: [...new Set([...(isIP(address) === 0 ? [] : [address]), ...node.addresses])],
    bootsWithinMs,
    ...(controller === undefined ? {} : { controller }),
    ...(power === undefined ? {} : { power: powerFacts(power) }),
    ...(endpointHolders.includes(name) && { holdsEndpoint: true }),
    ...(node.controlPlane ? server : {}),
  };
}

/** A machine that the API knows nothing of. @param bootId undefined if it is silent */
function outsider(name: string, bootId: string | undefined): NodeReport & Partial<NodeFacts> {
  return {
    name,
    addresses: [],
    bootId: bootId ?? '',
    controlPlane: false,
    datastoreOnly: true,
    ready: bootId !== undefined,
    schedulable: false,
    taints: [],
  };
}

/** The nodes of an external etcd. */
function outsiders({ nodes }: ClusterFile): readonly string[] {
  return nodes.filter(({ role }) => role === 'etcd').map(({ name }) => name);
}

function addressOf({ nodes }: ClusterFile, name: string): string {
  return nodes.find((node) => node.name === name)?.address ?? name;
}

function powerFacts(power: PowerSupply): PowerFacts {
  return 'sysrq' in power ? { by: 'sysrq' } : { by: 'switch', reverts: revertsByItself(power) };
}

function controlPlanes(cluster: ClusterFile, kube: KubeReport): string[] {
  const names = kube.nodes.filter((node) => node.controlPlane).map((node) => node.name);
  return cluster.nodes.map((node) => node.name).filter((name) => names.includes(name));
}

/** Where members are set differently, the largest value of each setting: the slowest member is waited for. */
function slowest(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const merged: Record<string, number> = {};
  for (const settings of all)
    for (const [name, value] of Object.entries(settings))
      merged[name] = Math.max(merged[name] ?? value, value);
  return merged;
}

/** Asks all nodes at once; notes what went wrong on each, and goes on. */
async function eachNode<T>(
  names: readonly string[],
  problems: Problems,
  ask: (name: string) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const answers = new Map<string, T>();
  await Promise.all(
    names.map(async (name) => {
      try {
        answers.set(name, await ask(name));
      } catch (error) {
        problems.set(name, sayProblem(error));
      }
    }),
  );
  return answers;
}

/** What a link or an API server had to say; anything else is a defect of ours, and no problem of the cluster's. */
function sayProblem(error: unknown): string {
  if (error instanceof LinkError || error instanceof KubeError) return error.message;
  throw error;
}
