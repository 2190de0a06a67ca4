import type { EndpointsSeen } from '../model/timeline.ts';
import { readyByNode, slicesPath, type SliceList } from './endpoint-slices.ts';
import { errorCode, nodeOf, type OpenProbe } from './probe.ts';

/**
 * Asks one API server whither the Service of the workload leads: each connection to it goes to one of these. It is asked
 * for what it has in its cache, as that is what the proxies of the nodes are told, and as it costs the datastore nothing.
 */
export const endpoints: OpenProbe = (series, { links, workload }) => {
  if (workload === undefined) throw new Error(`series ${series.id} has no Service to look at`);
  const kube = links.kube(nodeOf(series));
  const path = `${slicesPath(workload)}&resourceVersion=0`;
  return {
    look: async (timeoutMs) => {
      try {
        const list = await kube.get<SliceList>(path, { deadlineMs: timeoutMs });
        const value: EndpointsSeen = { ready: readyByNode(list) };
        return { ok: true, value };
      } catch (error) {
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => undefined,
  };
};
