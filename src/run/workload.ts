import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { fromAnyApi } from '../acts/anyapi.ts';
import { messageOf, type World } from '../acts/world.ts';
import type { Kube } from '../links/kube.ts';
import { ownNamespace as namespace, partLabel } from '../model/namespace.ts';
import type { WorkloadAddress } from '../probes/probe.ts';
import { probeObject } from '../probes/write.ts';
import { createPatiently } from './create-patiently.ts';
import { deployInside, insideAddress, type Askers } from './inside.ts';
import type { OwnWorkload } from './own-workload.ts';
import { findService } from './service.ts';

/** The label by which a namespace is known to be ours; its value is the run's id. */
const runLabel = 'holdfast.dev/run';

/** The workload could not be deployed, or does not answer. */
export class WorkloadError extends Error {
  override readonly name = 'WorkloadError';
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** A Deployment or a StatefulSet. */
interface Replicated {
  readonly spec: { readonly replicas: number };
  readonly status: { readonly availableReplicas?: number };
}

const plurals: Readonly<Record<string, string>> = {
  ConfigMap: 'configmaps',
  Deployment: 'deployments',
  PodDisruptionBudget: 'poddisruptionbudgets',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  Service: 'services',
  ServiceAccount: 'serviceaccounts',
  StatefulSet: 'statefulsets',
};

const readyTimeoutMs = 120_000;
const goneTimeoutMs = 120_000;
const pollMs = 200;

/** What is in the cluster for a run, and how it is reached. */
export interface Deployed {
  /** Absent if the scenario has no workload. */
  readonly address?: WorkloadAddress;
  /** What cannot be asked here, a line each. */
  readonly missing: readonly string[];
}

/**
 * Makes the namespace and the objects that probes write to, and deploys the workload if it is ours, with the pods that
 * ask it from inside; returns when all replicas are available.
 * @param workload the file of our workload's manifests, or what was found of the users' own; undefined for none
 * @param askers whence and what is asked from inside; undefined if it is not
 * @throws WorkloadError
 */
export async function deploy(
  workload: string | OwnWorkload | undefined,
  run: string,
  askers: Askers | undefined,
  world: World,
): Promise<Deployed> {
  try {
    return await fromAnyApi(world.links, world.controlPlanes, async (kube) => {
      await createPatiently(kube, '/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace, labels: { [runLabel]: run } },
      });
      await Promise.all(
        world.controlPlanes.map((node) =>
          createPatiently(kube, `/api/v1/namespaces/${namespace}/configmaps`, {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: probeObject(node) },
          }),
        ),
      );
      if (workload === undefined) return { missing: [] };
      return typeof workload === 'string'
        ? deployFile(workload, askers, kube)
        : askOwn(workload, askers, kube);
    });
  } catch (error) {
    throw new WorkloadError(`the workload could not be deployed: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function deployFile(file: string, askers: Askers | undefined, kube: Kube): Promise<Deployed> {
  const documents = parseAllDocuments(await readFile(file, 'utf8'));
  const manifests = documents.map((document) => document.toJS() as Manifest);
  const service = manifests.find(({ kind }) => kind === 'Service');
  if (service === undefined) throw new WorkloadError(`${file} has no Service: nothing to probe`);
  for (const manifest of manifests) await createPatiently(kube, pathOf(manifest, file), manifest);
  const found = await findService(kube, namespace, service.metadata.name);
  if (found === undefined || 'ports' in found)
    throw new WorkloadError(`${file}: its Service has no port`);
  if (askers !== undefined) await deployInside(kube, { service: found, path: '/' }, askers);

  for (const { kind, metadata, apiVersion } of manifests) {
    if (kind !== 'Deployment' && kind !== 'StatefulSet') continue;
    const path = `${pathOf({ kind, metadata, apiVersion }, file)}/${metadata.name}`;
    await until(readyTimeoutMs, `${kind} ${metadata.name} is available`, async () => {
      const { spec, status } = await kube.get<Replicated>(path);
      const has = status.availableReplicas ?? 0;
      return has === spec.replicas ? undefined : `${has} of ${spec.replicas} replicas`;
    });
  }
  if (found.nodePort === undefined)
    throw new WorkloadError(`${file}: its Service has no node port`);
  const address: WorkloadAddress = {
    namespace,
    service: found.name,
    ...(found.portName !== undefined && { portName: found.portName }),
    // All but those that ask from inside, which are no part of it.
    pods: `!${partLabel}`,
    path: '/',
    status: 200,
    outside: { port: found.nodePort },
  };
  return withInside(address, askers, kube);
}

/** Only what asks is ours. */
async function askOwn(
  { service, address }: OwnWorkload,
  askers: Askers | undefined,
  kube: Kube,
): Promise<Deployed> {
  const headless = 'nothing is asked from inside pods: its Service has no address of its own';
  if (service.clusterIP === undefined) {
    if (address.outside === undefined) throw new WorkloadError(headless);
    return { address, missing: [headless] };
  }
  if (askers !== undefined) await deployInside(kube, { service, path: address.path }, askers);
  return withInside(address, askers, kube);
}

async function withInside(
  address: WorkloadAddress,
  askers: Askers | undefined,
  kube: Kube,
): Promise<Deployed> {
  if (askers === undefined) return { address, missing: [] };
  const { address: inside, missing } = await insideAddress(kube, address, askers);
  if (address.outside === undefined && inside?.probes.includes('inside-new') !== true)
    throw new WorkloadError(`it was to be asked by pods alone: ${missing.join('; ')}`);
  return { address: { ...address, ...(inside !== undefined && { inside }) }, missing };
}

/**
 * Removes our namespace with all that is in it, and waits until it is gone; does nothing if there is none.
 * @returns the run that had made it, or undefined if there was none
 * @throws WorkloadError if it is not ours, or does not go
 */
export async function removeNamespace(world: World): Promise<string | undefined> {
  const path = `/api/v1/namespaces/${namespace}`;
  return fromAnyApi(world.links, world.controlPlanes, async (kube) => {
    const found = await kube.request('GET', path);
    if (found.status === 404) return undefined;
    const { metadata } = JSON.parse(found.text) as {
      metadata: { uid: string; labels?: Record<string, string> };
    };
    const run = metadata.labels?.[runLabel];
    if (run === undefined) {
      throw new WorkloadError(
        `namespace ${namespace} exists and is not ours (it has no label ${runLabel}); rename or remove it first`,
      );
    }
    // By its uid: one made anew meanwhile is not the one that was looked at.
    await kube.request('DELETE', path, { body: { preconditions: { uid: metadata.uid } } });
    // The namespace controller waits five seconds before it begins, and comes back late to pods that are still ending
    // then; nothing new can begin in a namespace that goes, so they are ended at once.
    await kube.request('DELETE', `${path}/pods`, { body: { gracePeriodSeconds: 1 } });
    await until(goneTimeoutMs, `namespace ${namespace} is gone`, async () => {
      const { status } = await kube.request('GET', path);
      return status === 404 ? undefined : `HTTP ${status}`;
    });
    return run;
  });
}

/** Where the manifests of a workload are. */
export function workloadFile(folder: string, name: string): string {
  return join(folder, 'workloads', `${name}.yaml`);
}

function pathOf({ apiVersion, kind }: Manifest, file: string): string {
  const plural = plurals[kind];
  if (plural === undefined) {
    throw new WorkloadError(
      `${file}: a workload may have ${Object.keys(plurals).join(', ')}, not ${kind}`,
    );
  }
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  return `${root}/namespaces/${namespace}/${plural}`;
}

async function until(
  atMostMs: number,
  what: string,
  missing: () => Promise<string | undefined>,
): Promise<void> {
  const end = performance.now() + atMostMs;
  for (;;) {
    const last = await missing();
    if (last === undefined) return;
    if (performance.now() > end)
      throw new WorkloadError(`not within ${atMostMs / 1000} s: ${what}; last: ${last}`);
    await delay(pollMs);
  }
}
