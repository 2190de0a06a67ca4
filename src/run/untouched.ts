/**
 * Proves that a run leaves the objects of a cluster's users as they are: the Service that it asks, and what owns the pods
 * behind it. Their pods come and go with the nodes, as they do in any failure, and so do the figures of their status.
 */
import { isDeepStrictEqual } from 'node:util';
import { KubeError, type Kube } from '../links/kube.ts';
import { objectPath, type ObjectKind } from '../model/object-path.ts';
import type { WorkloadAddress } from '../probes/probe.ts';

/** One of their objects, as far as a person wrote it. */
export interface OwnObject {
  /** `Deployment shop/web` */
  readonly says: string;
  readonly path: string;
  /** Path of its owner, which changes it when that is changed. */
  readonly owner?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** One more with each change of its spec; a Service may have none. */
  readonly generation?: number;
  readonly spec: Readonly<Record<string, unknown>>;
}

interface ApiObject {
  readonly kind?: string;
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly ownerReferences?: readonly Owner[];
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly controller?: boolean;
}

const appsPlurals: Readonly<Record<string, ObjectKind>> = {
  DaemonSet: 'daemonsets',
  Deployment: 'deployments',
  ReplicaSet: 'replicasets',
  StatefulSet: 'statefulsets',
};

/** Pods are owned by a ReplicaSet, and that by a Deployment: there is nothing of Kubernetes' own beyond. */
const highestOwner = 3;

/** The Service and the owners of its pods as they are now. @throws KubeError, LinkError */
export async function ownObjects(
  kube: Pick<Kube, 'get' | 'list'>,
  { namespace, service, pods }: Pick<WorkloadAddress, 'namespace' | 'service' | 'pods'>,
): Promise<readonly OwnObject[]> {
  const paths = new Map([[objectPath('services', `${namespace}/${service}`), 'Service']]);
  const found: OwnObject[] = [];
  let owned: readonly ApiObject[] = await kube.list<ApiObject>(
    `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(pods)}`,
  );
  for (let height = 0; height < highestOwner; height++) {
    for (const { path, kind } of owned.flatMap(ownersOf)) paths.set(path, kind);
    const objects: ApiObject[] = [];
    for (const [path, kind] of paths) {
      if (found.some((one) => one.path === path)) continue;
      const object = await getIfThere(kube, path);
      if (object === undefined) continue;
      objects.push(object);
      found.push(ownObject(kind, path, object));
    }
    owned = objects;
  }
  return found;
}

/** What became of some objects since. */
export interface Comparison {
  /** What the run, or somebody during it, has changed: a line each. */
  readonly changed: readonly string[];
  /** What differs and is nobody's deed, or an autoscaler's: a line each. */
  readonly noted: readonly string[];
}

/**
 * Looks at the same objects again.
 * @param meant paths of those that the run was to change: that they were changed meanwhile is nothing to be noted
 * @throws KubeError, LinkError
 */
export async function compareOwnObjects(
  kube: Pick<Kube, 'get'>,
  before: readonly OwnObject[],
  meant: readonly string[] = [],
): Promise<Comparison> {
  const changed: string[] = [];
  const noted: string[] = [];
  for (const one of before) {
    const object = await getIfThere(kube, one.path);
    const after = object && ownObject('', one.path, object);
    const because = after === undefined ? 'is gone' : changeOf(one, after);
    if (because !== undefined) changed.push(`${one.says} ${because}`);
    else if (after !== undefined && !isMeant(one, meant)) noted.push(...noteOf(one, after));
  }
  return { changed, noted };
}

/** Is an object one that the run was to change, or owned by such? */
export function isMeant({ path, owner }: OwnObject, meant: readonly string[]): boolean {
  return meant.includes(path) || (owner !== undefined && meant.includes(owner));
}

function ownersOf({ metadata }: ApiObject): readonly { path: string; kind: string }[] {
  return (metadata.ownerReferences ?? []).flatMap(({ apiVersion, kind, name, controller }) => {
    const plural = appsPlurals[kind];
    return controller === true && apiVersion === 'apps/v1' && plural !== undefined
      ? { path: objectPath(plural, `${metadata.namespace}/${name}`), kind }
      : [];
  });
}

function changeOf(before: OwnObject, after: OwnObject): string | undefined {
  if (after.uid !== before.uid) return 'was removed and made anew';
  const fields = differing(before, after).filter((field) => field !== 'replicas');
  return fields.length === 0 ? undefined : `has another spec than before: ${fields.join(', ')}`;
}

function noteOf(before: OwnObject, after: OwnObject): readonly string[] {
  const head = `${before.says} was not touched by this run, but`;
  const replicas = [before, after].map(({ spec }) => String(spec['replicas']));
  if (differing(before, after).length > 0)
    return [`${head} was scaled from ${replicas.join(' to ')} meanwhile`];
  if (after.generation !== before.generation)
    return [
      `${head} its spec was changed and put back meanwhile (generation ${before.generation ?? 0} to ${after.generation ?? 0})`,
    ];
  // The controllers of the others count their pods in their status; nothing of a Service changes by itself.
  return before.says.startsWith('Service ') && after.resourceVersion !== before.resourceVersion
    ? [`${head} its status, labels or annotations were changed meanwhile`]
    : [];
}

function differing(before: OwnObject, after: OwnObject): readonly string[] {
  const fields = [...new Set([...Object.keys(before.spec), ...Object.keys(after.spec)])];
  return fields.filter((field) => !isDeepStrictEqual(before.spec[field], after.spec[field]));
}

function ownObject(kind: string, path: string, object: ApiObject): OwnObject {
  const { metadata, spec = {} } = object;
  const { namespace, name, uid, resourceVersion, generation } = metadata;
  const [owner] = ownersOf(object);
  const says = `${kind} ${namespace}/${name}`;
  return {
    says,
    path,
    ...(owner !== undefined && { owner: owner.path }),
    uid,
    resourceVersion,
    ...(generation !== undefined && { generation }),
    spec,
  };
}

async function getIfThere(kube: Pick<Kube, 'get'>, path: string): Promise<ApiObject | undefined> {
  return kube.get<ApiObject>(path).catch((error: unknown) => {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  });
}

/** In one line for the report: what was looked at, as it was. */
export function sayOwnObjects(objects: readonly OwnObject[]): string {
  return objects
    .map(({ says, resourceVersion, generation }) =>
      generation === undefined
        ? `${says} (resourceVersion ${resourceVersion})`
        : `${says} (generation ${generation})`,
    )
    .join(', ');
}
