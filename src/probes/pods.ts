import type { PodsSeen } from '../model/timeline.ts';
import { errorCode, nodeOf, type OpenProbe } from './probe.ts';

interface PodList {
  readonly items: readonly {
    readonly metadata: {
      readonly namespace: string;
      readonly name: string;
      readonly deletionTimestamp?: string;
    };
    readonly spec: { readonly nodeName?: unknown };
    readonly status: {
      readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    };
  }[];
}

/** Asks one API server for the pods of the workload, from the datastore rather than from its cache. */
export const pods: OpenProbe = (series, { links, workload }) => {
  if (workload === undefined) throw new Error(`series ${series.id} has no pods to look for`);
  const kube = links.kube(nodeOf(series));
  const selector = encodeURIComponent(workload.pods);
  const path = `/api/v1/namespaces/${workload.namespace}/pods?labelSelector=${selector}`;
  return {
    look: async (timeoutMs) => {
      try {
        const { items } = await kube.get<PodList>(path, { deadlineMs: timeoutMs });
        const value: PodsSeen = {
          pods: items.map(({ metadata, spec, status }) => ({
            name: `${metadata.namespace}/${metadata.name}`,
            ...(typeof spec.nodeName === 'string' && { node: spec.nodeName }),
            ready:
              metadata.deletionTimestamp === undefined &&
              status.conditions?.some(
                ({ type, status }) => type === 'Ready' && status === 'True',
              ) === true,
          })),
        };
        return { ok: true, value };
      } catch (error) {
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => undefined,
  };
};
