import { setTimeout as delay } from 'node:timers/promises';
import { fromAnyApi } from './anyapi.ts';
import { ActError, type World } from './world.ts';
import type { Act } from '../model/intent.ts';

const pauseMs = 500;

type Eviction = Extract<Act, { evict: object }>;

/**
 * Evicts one pod as a drain does: its disruption budget may make it wait its turn (HTTP 429). Returns when the pod with
 * that uid is gone.
 * @throws ActError if it is still there when its time is up
 */
export async function evict(
  { evict: { namespace, name }, uid, atMostMs }: Eviction,
  world: World,
): Promise<void> {
  const path = podPath(namespace, name);
  const end = world.now() + atMostMs;
  let waited = 'it was asked to end and did not';
  for (;;) {
    const answer = await fromAnyApi(world.links, world.controlPlanes, (kube) =>
      kube.request('POST', `${path}/eviction`, {
        body: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { namespace, name },
          deleteOptions: { preconditions: { uid } },
        },
      }),
    );
    // 404: it has gone; 409: another pod has its name, and the one we mean has gone.
    if (answer.status === 404 || answer.status === 409) return;
    if (answer.status === 429)
      waited = `its disruption budget did not let it go: ${answer.text.slice(0, 300)}`;
    else if (answer.status >= 400)
      throw new ActError(
        `evict ${namespace}/${name}: HTTP ${answer.status}: ${answer.text.slice(0, 300)}`,
      );
    if (await podGone(namespace, name, uid, world)) return;
    if (world.now() > end)
      throw new ActError(
        `evict ${namespace}/${name}: not gone after ${atMostMs / 1000} s: ${waited}`,
      );
    await delay(pauseMs);
  }
}

/** Does the API know no pod with that uid any more? */
export async function podGone(
  namespace: string,
  name: string,
  uid: string,
  world: World,
): Promise<boolean> {
  const { status, text } = await fromAnyApi(world.links, world.controlPlanes, (kube) =>
    kube.request('GET', podPath(namespace, name)),
  );
  if (status === 404) return true;
  if (status >= 400)
    throw new ActError(`look for ${namespace}/${name}: HTTP ${status}: ${text.slice(0, 300)}`);
  return (JSON.parse(text) as { metadata: { uid: string } }).metadata.uid !== uid;
}

function podPath(namespace: string, name: string): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}
