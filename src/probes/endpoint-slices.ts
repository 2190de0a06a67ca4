import { urlHost } from '../model/url-host.ts';
import type { WorkloadAddress } from './probe.ts';

/** Of the EndpointSlices of a Service as the API lists them, what probes read. */
export interface SliceList {
  readonly items: readonly {
    readonly ports?: readonly { readonly name?: string; readonly port?: number }[] | null;
    readonly endpoints?:
      | readonly {
          readonly addresses?: readonly string[];
          readonly nodeName?: string;
          readonly conditions?: { readonly ready?: boolean };
          readonly targetRef?: { readonly namespace?: string; readonly name?: string };
        }[]
      | null;
  }[];
}

/** One place to which a Service leads. */
export interface Endpoint {
  /** `namespace/name` of its pod; the address of one that is no pod. */
  readonly pod: string;
  /** With the port, as in a URL. */
  readonly address: string;
  readonly node?: string;
}

/** Where the API lists the EndpointSlices of a Service. */
export function slicesPath({
  namespace,
  service,
}: Pick<WorkloadAddress, 'namespace' | 'service'>): string {
  const ofService = encodeURIComponent(`kubernetes.io/service-name=${service}`);
  return `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${ofService}`;
}

/** How many endpoints are ready on each node; those of no node are counted under an empty name. */
export function readyByNode(list: SliceList): Readonly<Record<string, number>> {
  const ready: Record<string, number> = {};
  for (const { endpoints } of list.items)
    for (const one of endpoints ?? [])
      if (isReady(one)) ready[one.nodeName ?? ''] = (ready[one.nodeName ?? ''] ?? 0) + 1;
  return ready;
}

/**
 * The endpoints to which new connections go, in the order of their pods, each once: while slices are put in order, one
 * may be in two of them.
 * @param portName that of the Service's port that is asked; absent where it has none
 */
export function readyEndpoints(list: SliceList, portName = ''): readonly Endpoint[] {
  const all = list.items.flatMap(({ endpoints, ports }) => {
    const port = ports?.find(({ name = '' }) => name === portName)?.port;
    return (endpoints ?? []).filter(isReady).flatMap(({ addresses, nodeName, targetRef }) => {
      // Only the first is used, by kube-proxy too.
      const [ip] = addresses ?? [];
      if (ip === undefined || port === undefined) return [];
      const address = `${urlHost(ip)}:${port}`;
      const { namespace, name } = targetRef ?? {};
      return {
        pod: namespace === undefined || name === undefined ? address : `${namespace}/${name}`,
        address,
        ...(nodeName !== undefined && { node: nodeName }),
      };
    });
  });
  const byAddress = new Map(all.map((one) => [one.address, one]));
  return [...byAddress.values()].sort((a, b) => (a.pod < b.pod ? -1 : 1));
}

/** One of which nothing is said is taken for ready, as kube-proxy does. */
function isReady({
  conditions,
}: {
  readonly conditions?: { readonly ready?: boolean | null };
}): boolean {
  return conditions?.ready !== false;
}
