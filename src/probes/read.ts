import { stretchesOf } from '../model/kept.ts';
import type { ReadSeen } from '../model/timeline.ts';
import { errorCode, nodeOf, numbersIn, type OpenProbe } from './probe.ts';
import { probePath } from './write.ts';

interface Written {
  readonly data?: unknown;
}

/**
 * Reads what the probe `write` has left, from the datastore and not from a cache, through one API server: the object of
 * another node each time. One that is not there has nothing in it.
 */
export const read: OpenProbe = (series, { links, namespace, controlPlanes }) => {
  const node = nodeOf(series);
  const kube = links.kube(node);
  let next = controlPlanes.indexOf(node);
  return {
    look: async (timeoutMs) => {
      next = (next + 1) % controlPlanes.length;
      const of = controlPlanes[next] ?? node;
      try {
        const { status, text } = await kube.request('GET', probePath(namespace, of), {
          deadlineMs: timeoutMs,
        });
        if (status !== 200 && status !== 404) return { ok: false, error: `HTTP ${status}` };
        const data = status === 404 ? {} : (JSON.parse(text) as Written).data;
        const value: ReadSeen = { of, kept: stretchesOf(numbersIn(data)) };
        return { ok: status === 200, value, ...(status === 404 && { error: 'HTTP 404' }) };
      } catch (error) {
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => undefined,
  };
};
