import { setTimeout as delay } from 'node:timers/promises';
import type { ReplicasSeen } from '../model/timeline.ts';
import { isReady, podsPath, type Pod } from './pod.ts';
import { errorCode, nodeOf, type OpenProbe } from './probe.ts';

interface PodList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly Pod[];
}

interface PodEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'ERROR';
  readonly object: Pod;
}

/** A watch that broke is opened again so soon, as a client does. */
const reopenMs = 200;
const listTimeoutMs = 5000;

/**
 * Keeps a watch on the pods of the workload open on an API server, and tells how many are ready and the fewest that were
 * since the look before: it is told of every change, so that none hides between two looks. One that broke is opened anew
 * from a list, and what changed meanwhile is not known: `opened` tells it.
 */
export const replicas: OpenProbe = (series, { links, workload }) => {
  const kube = links.kube(nodeOf(series));
  const path = podsPath(series, workload);
  const life = new AbortController();
  const ready = new Set<string>();
  let least = Infinity;
  let opened = 0;
  let closed: string | undefined = 'EOPENING';

  const take = (pod: Pod, isThere = true): void => {
    if (isThere && isReady(pod)) ready.add(pod.metadata.uid);
    else ready.delete(pod.metadata.uid);
  };
  const readOnce = async (): Promise<void> => {
    const { metadata, items } = await kube.get<PodList>(path, { deadlineMs: listTimeoutMs });
    ready.clear();
    for (const pod of items) take(pod);
    least = Math.min(least, ready.size);
    const broken = new AbortController();
    await kube.watch(
      `${path}&watch=1&timeoutSeconds=3600&resourceVersion=${metadata.resourceVersion}`,
      {
        onOpen: (status) => {
          closed = status === 200 ? undefined : `HTTP ${status}`;
          opened += 1;
        },
        onLine: (line) => {
          const event = eventIn(line);
          if (event === undefined) {
            // What it said is lost, and the count would be wrong from here on.
            closed = 'EPROTOCOL';
            broken.abort();
            return;
          }
          take(event.object, event.type !== 'DELETED');
          least = Math.min(least, ready.size);
        },
        signal: AbortSignal.any([life.signal, broken.signal]),
      },
    );
    closed ??= 'ECLOSED';
  };
  const keep = async (): Promise<void> => {
    while (!life.signal.aborted) {
      await readOnce().catch((error: unknown) => void (closed = errorCode(error)));
      await delay(reopenMs, undefined, { signal: life.signal }).catch(() => undefined);
    }
  };
  void keep();

  return {
    look: () => {
      if (closed !== undefined) return Promise.resolve({ ok: false, error: closed });
      const value: ReplicasSeen = { ready: ready.size, least, opened };
      least = ready.size;
      return Promise.resolve({ ok: true, value });
    },
    close: () => life.abort(),
  };
};

/** A change of a pod; undefined of a line that is none, such as that the watch begins too far back. */
function eventIn(line: string): PodEvent | undefined {
  try {
    const event = JSON.parse(line) as Partial<PodEvent> | null;
    const isChange = ['ADDED', 'MODIFIED', 'DELETED'].includes(event?.type ?? '');
    return isChange && typeof event?.object?.metadata.uid === 'string'
      ? (event as PodEvent)
      : undefined;
  } catch {
    return undefined;
  }
}
