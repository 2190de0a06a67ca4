import type { NodesSeen } from '../model/timeline.ts';
import { errorCode, nodeOf, type OpenProbe } from './probe.ts';
import { nameOf, textOf } from './text.ts';

interface LeaseList {
  readonly items: readonly {
    readonly metadata: { readonly name?: unknown };
    readonly spec: { readonly renewTime?: unknown };
  }[];
}

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name?: unknown };
    readonly status: {
      readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    };
  }[];
}

/**
 * Asks one API server which nodes are ready and when their kubelets renewed their Leases, from the datastore rather than
 * from its cache. The Lease is told beside the condition because a node that has lost its kubelet stays Ready for a while.
 */
export const nodes: OpenProbe = (series, { links }) => {
  const kube = links.kube(nodeOf(series));
  return {
    look: async (timeoutMs) => {
      try {
        const [{ items }, leases] = await Promise.all([
          kube.get<NodeList>('/api/v1/nodes', { deadlineMs: timeoutMs }),
          kube.get<LeaseList>('/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases', {
            deadlineMs: timeoutMs,
          }),
        ]);
        const ready = Object.fromEntries(
          items.map(({ metadata, status }) => [
            nameOf(metadata),
            status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ??
              false,
          ]),
        );
        const renewed = Object.fromEntries(
          leases.items.map(({ metadata, spec }) => [nameOf(metadata), textOf(spec.renewTime)]),
        );
        const value: NodesSeen = { ready, renewed };
        return { ok: true, value };
      } catch (error) {
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => undefined,
  };
};
