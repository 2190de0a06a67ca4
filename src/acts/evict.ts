import { setTimeout as delay } from 'node:timers/promises';
import { fromAnyApi } from './anyapi.ts';
import { saySeconds } from '../model/span.ts';
import { ActError, messageOf, type World } from './world.ts';
import type { Act } from '../model/intent.ts';
import type { EvictionEvent } from '../model/timeline.ts';
import type { Answer } from '../links/https.ts';

const pauseMs = 500;

type Eviction = Extract<Act, { evict: object }>;

/** Told of each answer to an eviction as it comes; of which step it is, the caller knows. */
export type Told = (answer: Omit<EvictionEvent, 'step'>) => void;

/** What one attempt came to: `asked`, it is ending; `held`, not yet, for a reason. */
type Attempt = 'gone' | 'asked' | { readonly held: string };

/**
 * Evicts one pod as a drain does: its disruption budget may make it wait its turn (HTTP 429), and so may API servers
 * that are busy with losing their datastore's leader. Returns when the pod with that uid is gone.
 * @returns how long its budget held it back, in words, if it did
 * @throws ActError if it is still there when its time is up, or if the API refuses for good
 */
export async function evict(
  eviction: Eviction,
  world: World,
  told: Told = () => undefined,
): Promise<string | undefined> {
  const { evict: pod, uid, atMostMs } = eviction;
  const name = `${pod.namespace}/${pod.name}`;
  const begun = world.now();
  let asked = false;
  let last = 'it was asked to end and did not';
  let waited: string | undefined;
  for (;;) {
    const attempt = asked ? await look(eviction, world) : await ask(eviction, world, told);
    if (attempt === 'gone') return waited;
    const ms = world.now() - begun;
    if (attempt !== 'asked') {
      last = attempt.held;
      if (!asked) waited = `the eviction of ${name} was held back for ${saySeconds(ms)}: ${last}`;
    } else if (!asked) {
      asked = true;
      last = 'it was asked to end and did not';
    }
    if (ms > atMostMs)
      throw new ActError(
        `evict ${name} (uid ${uid}): not gone after ${saySeconds(atMostMs)}: ${last}`,
      );
    await delay(pauseMs);
  }
}

async function ask(eviction: Eviction, world: World, told: Told): Promise<Attempt> {
  const { namespace, name } = eviction.evict;
  let answer: Answer;
  const lo = world.now();
  try {
    answer = await fromAnyApi(world.links, world.controlPlanes, (kube) =>
      kube.request('POST', `${podPath(namespace, name)}/eviction`, {
        body: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { namespace, name },
          deleteOptions: { preconditions: { uid: eviction.uid } },
        },
      }),
    );
  } catch (error) {
    return { held: messageOf(error) };
  }
  const { status } = answer;
  const at = world.now();
  const message = status < 400 ? {} : { message: words(answer) };
  told({
    type: 'eviction',
    at,
    span: { lo, hi: at },
    pod: `${namespace}/${name}`,
    status,
    ...message,
  });
  if (status < 400) return 'asked';
  if (status === 429) return { held: `a disruption budget does not let it go: ${words(answer)}` };
  const held = `HTTP ${status}: ${words(answer)}`;
  // 404: none has its name; 409: another has, or somebody changed it just then.
  if (status === 404 || status === 409)
    return (await look(eviction, world)) === 'gone' ? 'gone' : { held };
  if (status >= 500) return { held };
  throw new ActError(`evict ${namespace}/${name}: ${held}`);
}

async function look({ evict: pod, uid }: Eviction, world: World): Promise<Attempt> {
  try {
    return (await podGone(pod.namespace, pod.name, uid, world)) ? 'gone' : 'asked';
  } catch (error) {
    return { held: messageOf(error) };
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

/** The message of a Status with those of its causes, where a budget says how many it needs; else the text itself. */
function words({ text }: Answer): string {
  try {
    const { message, details } = JSON.parse(text) as {
      message?: string;
      details?: { causes?: readonly { message?: string }[] };
    };
    const causes = details?.causes?.flatMap((cause) => cause.message ?? []) ?? [];
    if (message !== undefined) return [message, ...causes].join(' ');
  } catch {
    // Whatever answered is no API server; its own words are shown.
  }
  return text.slice(0, 300);
}
