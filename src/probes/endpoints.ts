import type { EndpointsSeen } from '../model/timeline.ts';
import { errorCode, nodeOf, type OpenProbe } from './probe.ts';

interface SliceList {
  readonly items: readonly {
    readonly endpoints?: readonly {
      readonly nodeName?: string;
      readonly conditions?: { readonly ready?: boolean };
    }[];
  }[];
}

/**
 * Asks one API server whither the Service of the workload leads: each connection to it goes to one of these. It is asked
 * for what it has in its cache, as that is what the proxies of the nodes are told, and as it costs the datastore nothing.
 */
export const endpoints: OpenProbe = (series, { links, workload }) => {
  if (workload === undefined) throw new Error(`series ${series.id} has no Service to look at`);
  const kube = links.kube(nodeOf(series));
  const service = encodeURIComponent(`kubernetes.io/service-name=${workload.service}`);
  const path = `/apis/discovery.k8s.io/v1/namespaces/${workload.namespace}/endpointslices?labelSelector=${service}&resourceVersion=0`;
  return {
    look: async (timeoutMs) => {
      try {
        const { items } = await kube.get<SliceList>(path, { deadlineMs: timeoutMs });
        const ready: Record<string, number> = {};
        // An endpoint of which nothing is said is taken for ready, as kube-proxy does.
        for (const { nodeName = '', conditions } of items.flatMap((one) => one.endpoints ?? []))
          if (conditions?.ready !== false) ready[nodeName] = (ready[nodeName] ?? 0) + 1;
        const value: EndpointsSeen = { ready };
        return { ok: true, value };
      } catch (error) {
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => undefined,
  };
};
