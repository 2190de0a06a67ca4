import type { WriteSeen } from '../model/timeline.ts';
import { errorCode, nodeOf, type OpenProbe } from './probe.ts';

/**
 * Writes a new value into an object of its own through one API server. Only an acknowledgement counts: a time-out may
 * have written all the same.
 */
export const write: OpenProbe = (series, { links, namespace }) => {
  const node = nodeOf(series);
  const kube = links.kube(node);
  const path = `/api/v1/namespaces/${namespace}/configmaps/${probeObject(node)}`;
  let count = 0;
  return {
    look: async (timeoutMs) => {
      count += 1;
      const body = { data: { n: String(count) } };
      try {
        const { status } = await kube.request('PATCH', path, {
          body,
          contentType: 'application/merge-patch+json',
          deadlineMs: timeoutMs,
        });
        const value: WriteSeen = { status };
        return status === 200 ? { ok: true, value } : { ok: false, value, error: `HTTP ${status}` };
      } catch (error) {
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => undefined,
  };
};

/** Name of the object through which a node's API server is probed; made before sampling begins. */
export function probeObject(node: string): string {
  return `probe-${node}`;
}
