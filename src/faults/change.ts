/**
 * Changes of a Deployment or a Service, as the faults do them that replace one field of it: through the API, if it is still
 * the object that was recorded; taken back to what was recorded by kubectl on a control plane, so that a timer there can do
 * it without us.
 * @see https://www.rfc-editor.org/rfc/rfc6902
 */
import type { DesignContext, Impossible } from '../model/fault.ts';
import type { Act, Intent, Proof } from '../model/intent.ts';
import { ownNamespace } from '../model/namespace.ts';
import { objectPath } from '../model/object-path.ts';
import { quote } from '../model/quote.ts';
import { podsWith, type DeploymentFacts } from '../model/snapshot.ts';
import { byPeers, kubectlOf, peersOf } from './peers.ts';

/** Old pods finish what they have and new ones start, one after another. */
const rolledOutWithinMs = 300_000;

/** One field of an object of Kubernetes. */
export interface Field {
  readonly kind: 'deployments' | 'services';
  /** `namespace/name` */
  readonly object: string;
  readonly uid: string;
  readonly path: readonly string[];
}

/** What each change holds, does and takes back, whatever it changes. */
export type Changing = Omit<Intent, 'fault' | 'says' | 'bit'>;

/**
 * Replaces a field, or tells why that could not be taken back.
 * @param was what is recorded of it
 * @param podsHit what the change may end
 */
export function changing(
  field: Field,
  was: unknown,
  becomes: unknown,
  { id, snapshot }: DesignContext,
  podsHit: readonly string[] = [],
): Changing | Impossible {
  const peers = peersOf([], snapshot);
  if (peers.length === 0)
    return {
      impossible: 'no control plane is Ready, so nobody could take it back if Holdfast died',
    };
  const { kind, object, path } = field;
  const back = `${object} has its ${path.join('.')} of before`;
  return {
    id,
    targets: [],
    holds: [holdOf(field)],
    membersDown: [],
    podsHit,
    changes: [object],
    prepare: [],
    inject: [replace(field, becomes)],
    undo: [byPeers(peers, restore(field, was, kubectlOf(snapshot)))],
    gone: [
      {
        ...isNow(field, was, back),
        ...(kind === 'deployments' && { rollout: 'complete' }),
        orGone: true,
      },
    ],
    ...(kind === 'deployments' && { goneWithinMs: rolledOutWithinMs }),
    undoBy: 'peer',
  };
}

/** What a change of a field holds on to. */
export function holdOf({ kind, object, path }: Omit<Field, 'uid'>): string {
  return `${kind} ${object} ${path.join('.')}`;
}

/** Sets a field of the object that was recorded; one that has its name since is not changed. */
export function replace({ kind, object, uid, path }: Field, value: unknown): Act {
  return { kube: 'PATCH', path: objectPath(kind, object), body: patchOf(uid, path, value) };
}

/** Asks whether a field is this, of that very object. */
export function isNow(
  { kind, object, uid, path }: Field,
  is: unknown,
  says: string,
): Extract<Proof, { object: string }> {
  return { object: objectPath(kind, object), uid, at: path, is, says };
}

/** Why an object cannot be changed that is not there; the run's own workload is not yet, when a plan is made. */
export function notThere(kind: string, object: string, deed: string): Impossible {
  const isOwn = object.startsWith(`${ownNamespace}/`);
  return {
    impossible: `there is no ${kind} ${object}`,
    ...(isOwn && { untilDeployed: deed }),
  };
}

/** The pods of a Deployment, as `namespace/name`. */
export function podsOf(
  object: string,
  { labels }: DeploymentFacts,
  { snapshot }: DesignContext,
): readonly string[] {
  const [namespace = ''] = object.split('/');
  return podsWith(snapshot, { namespace, labels }).map(({ name }) => `${namespace}/${name}`);
}

function patchOf(uid: string, path: readonly string[], value: unknown): readonly object[] {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'replace', path: `/${path.join('/')}`, value },
  ];
}

/** Of an object that is gone, or that another has taken the name of, there is nothing to take back. */
function restore({ kind, object, uid, path }: Field, was: unknown, kubectl: string): string {
  const [namespace = '', name = ''] = object.split('/');
  const at = `${kubectl} --namespace=${quote(namespace)}`;
  const which = `${kind} ${quote(name)}`;
  const found = `found=$(${at} get ${which} --ignore-not-found --output=jsonpath='{.metadata.uid}')`;
  const patch = quote(JSON.stringify(patchOf(uid, path, was)));
  return `${found} && { [ "$found" != ${quote(uid)} ] || ${at} patch ${which} --type=json --patch=${patch}; }`;
}
