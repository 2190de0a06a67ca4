import type { PodsSeen } from '../model/timeline.ts';
import { isReady, podsPath, unscheduled, type Pod } from './pod.ts';
import { errorCode, nodeOf, type OpenProbe } from './probe.ts';

/** Asks one API server for the pods of the workload, from the datastore rather than from its cache. */
export const pods: OpenProbe = (series, { links, workload }) => {
  const kube = links.kube(nodeOf(series));
  const path = podsPath(series, workload);
  return {
    look: async (timeoutMs) => {
      try {
        const { items } = await kube.get<{ readonly items: readonly Pod[] }>(path, {
          deadlineMs: timeoutMs,
        });
        const value: PodsSeen = { pods: items.map(seenOf) };
        return { ok: true, value };
      } catch (error) {
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => undefined,
  };
};

function seenOf(pod: Pod): PodsSeen['pods'][number] {
  const { metadata, spec } = pod;
  const name = `${metadata.namespace}/${metadata.name}`;
  const ready = isReady(pod);
  if (typeof spec.nodeName === 'string') return { name, node: spec.nodeName, ready };
  const pending = unscheduled(pod);
  return { name, ready, ...(pending !== undefined && { pending }) };
}
