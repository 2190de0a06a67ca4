import { isIP } from 'node:net';
import {
  revertsByItself,
  type ClusterFile,
  type ClusterNode,
  type PowerSupply,
} from '../model/clusterfile.ts';
import type { NodeFacts, PowerFacts, Snapshot } from '../model/snapshot.ts';
import { apiServer } from './open.ts';
import { agree, askMemberView } from './survey-datastore.ts';
import { SurveyError } from './survey-error.ts';
import type { NodeReport } from './survey-kube.ts';
import type { Found } from './survey-look.ts';
import type { Survey } from './survey-questions.ts';
import { outsiders } from './survey-roles.ts';

export async function conclude(now: Survey, found: Found): Promise<Snapshot> {
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

function powerFacts(power: PowerSupply): PowerFacts {
  return 'sysrq' in power ? { by: 'sysrq' } : { by: 'switch', reverts: revertsByItself(power) };
}

/** Where members are set differently, the largest value of each setting: the slowest member is waited for. */
function slowest(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const merged: Record<string, number> = {};
  for (const settings of all)
    for (const [name, value] of Object.entries(settings))
      merged[name] = Math.max(merged[name] ?? value, value);
  return merged;
}
