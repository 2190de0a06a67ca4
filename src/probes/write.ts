import type { WriteSeen } from '../model/timeline.ts';
import { errorCode, nodeOf, type OpenProbe } from './probe.ts';
import { keyOf } from '../model/kept.ts';

/**
 * Writes the next number into an object of its own through one API server, where it stays until as many more have been
 * written as the object has places. Only an acknowledgement counts: a time-out may have written all the same.
 */
export const write: OpenProbe = (series, { links, namespace }) => {
  const node = nodeOf(series);
  const kube = links.kube(node);
  const path = probePath(namespace, node);
  let count = 0;
  return {
    look: async (timeoutMs) => {
      const n = (count += 1);
      const body = { data: { [keyOf(n)]: String(n) } };
      try {
        const { status } = await kube.request('PATCH', path, {
          body,
          contentType: 'application/merge-patch+json',
          deadlineMs: timeoutMs,
        });
        const value: WriteSeen = { status, n };
        return status === 200 ? { ok: true, value } : { ok: false, value, error: `HTTP ${status}` };
      } catch (error) {
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => undefined,
  };
};

/** Where the object of a node is. */
export function probePath(namespace: string, node: string): string {
  return `/api/v1/namespaces/${namespace}/configmaps/${probeObject(node)}`;
}

/** Name of the object through which a node's API server is probed; made before sampling begins. */
export function probeObject(node: string): string {
  return `probe-${node}`;
}
