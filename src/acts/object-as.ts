import { isDeepStrictEqual } from 'node:util';
import { fromAnyApi } from './anyapi.ts';
import { ActError, type World } from './world.ts';
import type { Proof } from '../model/intent.ts';

interface Found {
  readonly metadata: { readonly uid: string; readonly generation?: number };
  readonly spec?: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
  };
}

/**
 * Is an object as a proof says?
 * @returns what it is, if it is not so
 * @throws ActError where the API does not tell, AggregateError where none answers
 */
export async function objectAs(
  proof: Extract<Proof, { object: string }>,
  { links, controlPlanes }: World,
): Promise<{ readonly isSo: boolean; readonly detail: string }> {
  const { status, text } = await fromAnyApi(links, controlPlanes, (kube) =>
    kube.request('GET', proof.object),
  );
  if (status !== 404 && status >= 400)
    throw new ActError(`GET ${proof.object}: HTTP ${status}: ${text.slice(0, 300)}`);
  const found = status === 404 ? undefined : (JSON.parse(text) as Found);
  if (found?.metadata.uid !== proof.uid)
    return { isSo: proof.orGone === true, detail: 'there is no such object any more' };
  const value = valueAt(found, proof.at) ?? null;
  if (!isDeepStrictEqual(value, proof.is))
    return { isSo: false, detail: JSON.stringify(value).slice(0, 300) };
  const rolling = proof.rollout && notYet(found, proof.rollout);
  return { isSo: rolling === undefined, detail: rolling ?? '' };
}

/** As `kubectl rollout status` reckons it; the API leaves out what is zero. */
function notYet(
  { metadata, spec, status = {} }: Found,
  rollout: 'observed' | 'complete',
): string | undefined {
  const {
    observedGeneration = 0,
    replicas = 0,
    updatedReplicas = 0,
    availableReplicas = 0,
  } = status;
  if (observedGeneration < (metadata.generation ?? 0))
    return 'its controller has not taken note of it yet';
  if (rollout === 'observed') return undefined;
  const wanted = spec?.replicas ?? 1;
  return replicas === wanted && updatedReplicas === wanted && availableReplicas === wanted
    ? undefined
    : `of ${wanted} replicas, ${updatedReplicas} are up to date and ${availableReplicas} available; there are ${replicas}`;
}

/** The value at a path of keys; undefined if there is none. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[key];
  }
  return here;
}
