import { partLabel } from '../model/namespace.ts';
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

/** Asks one API server for the pods of the workload's namespace, from the datastore rather than from its cache. */
export const pods: OpenProbe = (series, { links, namespace }) => {
  const kube = links.kube(nodeOf(series));
  // Those that ask from inside are ours, and no part of the workload.
  const workload = encodeURIComponent(`!${partLabel}`);
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${workload}`;
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
