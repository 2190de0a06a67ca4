import { setTimeout as delay } from 'node:timers/promises';
import type { WatchSeen } from '../model/timeline.ts';
import { errorCode, nodeOf, numbersIn, type OpenProbe } from './probe.ts';
import { probeObject } from './write.ts';

interface WatchEvent {
  readonly object?: { readonly data?: unknown } | null;
}

/** A watch that broke is opened again so soon, as a client does. */
const reopenMs = 200;

/**
 * Keeps a watch open on an API server, on the object that the probe `write` writes through the next one, and tells the
 * newest number that it has been told of. One that is silent and not broken is never opened again: that is what clients
 * suffer from.
 */
export const watch: OpenProbe = (series, { links, namespace, controlPlanes }) => {
  const node = nodeOf(series);
  const kube = links.kube(node);
  const of = controlPlanes[(controlPlanes.indexOf(node) + 1) % controlPlanes.length] ?? node;
  const path = `/api/v1/namespaces/${namespace}/configmaps?watch=1&timeoutSeconds=3600&fieldSelector=metadata.name%3D${probeObject(of)}`;
  const life = new AbortController();
  let n = 0;
  let opened = 0;
  let closed: string | undefined = 'EOPENING';

  const onLine = (line: string): void => {
    n = Math.max(n, ...numbersIn(dataOf(line)));
  };
  const onOpen = (status: number): void => {
    opened += 1;
    closed = status === 200 ? undefined : `HTTP ${status}`;
  };
  const keep = async (): Promise<void> => {
    while (!life.signal.aborted) {
      try {
        await kube.watch(path, { onOpen, onLine, signal: life.signal });
        closed ??= 'ECLOSED';
      } catch (error) {
        closed = errorCode(error);
      }
      await delay(reopenMs, undefined, { signal: life.signal }).catch(() => undefined);
    }
  };
  void keep();

  return {
    look: () => {
      const value: WatchSeen = { of, n, opened };
      return Promise.resolve(
        closed === undefined ? { ok: true, value } : { ok: false, value, error: closed },
      );
    },
    close: () => life.abort(),
  };
};

/** The data of an event's object. A line that is none, or half of one, tells nothing. */
function dataOf(line: string): unknown {
  try {
    return (JSON.parse(line) as WatchEvent | null)?.object?.data;
  } catch {
    return undefined;
  }
}
