import type { ClusterFile } from '../model/clusterfile.ts';
import type { KubernetesSettings, NamedObjects, NodeFacts } from '../model/snapshot.ts';
import type { Links } from './open.ts';
import { SurveyError } from './survey-error.ts';
import { compareBoots, compareCluster } from './survey-identity.ts';
import { askKube, type KubeReport } from './survey-kube.ts';
import {
  askBootId,
  askController,
  askMember,
  askTimings,
  hasAddress,
  type MemberReport,
} from './survey-node.ts';
import { askObjects } from './survey-objects.ts';
import { allBut, eachNode, type Problems, sayProblem } from './survey-problems.ts';
import type { Survey } from './survey-questions.ts';
import { controlPlanes, outsiders } from './survey-roles.ts';

export interface Found {
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

/** Asks the machines and the API, and makes sure that they are what the cluster file says. */
export async function look(now: Survey): Promise<Found> {
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

// An API server whose datastore has gone still tells its version; what it must have from there tells them apart.
const anObject = '/api/v1/namespaces/kube-system';

/** Asks the API server that answers first; all of them tell the same. */
async function askAnyApi(
  now: Survey,
  problems: string[],
): Promise<Pick<Found, 'kube' | 'objects'> | undefined> {
  const { timeoutMs, ...rest } = now.asking();
  const extras = { deadlineMs: timeoutMs, ...rest };
  const asked = now.cluster.nodes.map(async ({ name }) => {
    const kube = now.links.kube(name);
    await kube.get(anObject, extras);
    return kube;
  });
  try {
    const server = await Promise.any(asked);
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
