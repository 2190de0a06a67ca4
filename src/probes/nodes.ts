import type { NodesSeen } from '../model/timeline.ts';
import { errorCode, nodeOf, type OpenProbe } from './probe.ts';

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status: {
      readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    };
  }[];
}

/** Asks one API server which nodes are ready, from the datastore rather than from its cache. */
export const nodes: OpenProbe = (series, { links }) => {
  const kube = links.kube(nodeOf(series));
  return {
    look: async (timeoutMs) => {
      try {
        const { items } = await kube.get<NodeList>('/api/v1/nodes', { deadlineMs: timeoutMs });
        const ready = Object.fromEntries(
          items.map(({ metadata, status }) => [
            metadata.name,
            status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ??
              false,
          ]),
        );
        const value: NodesSeen = { ready };
        return { ok: true, value };
      } catch (error) {
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => undefined,
  };
};
