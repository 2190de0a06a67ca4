/** The Service of a cluster's users that a scenario asks: where it is, and the way to it. It is looked at, and no more. */
import type { Kube } from '../links/kube.ts';
import type { IngressHost, ServiceWorkload } from '../model/scenario.ts';
import { readyEndpoints, slicesPath, type SliceList } from '../probes/endpoint-slices.ts';
import type { Outside, WorkloadAddress } from '../probes/probe.ts';
import { addressesIn, findService, type FoundService, type LoadBalancerStatus } from './service.ts';

/** There is no such Service, or no way to it. */
class NoWayError extends Error {}

/** Why a scenario cannot be run here, and what to write instead. */
export interface NoWay {
  readonly noWay: string;
}

/** A Service of theirs, and how it is asked. */
export interface OwnWorkload {
  readonly service: FoundService;
  readonly address: WorkloadAddress;
}

interface Ingress {
  readonly spec?: { readonly rules?: readonly { readonly host?: string }[] };
  readonly status?: { readonly loadBalancer?: LoadBalancerStatus };
}

/**
 * Finds the Service of a scenario and the way to it, before anything is made or broken.
 * @throws KubeError, LinkError
 */
export async function findOwnWorkload(
  kube: Pick<Kube, 'get' | 'list'>,
  meant: ServiceWorkload,
): Promise<OwnWorkload | NoWay> {
  try {
    return await found(kube, meant);
  } catch (error) {
    if (error instanceof NoWayError) return { noWay: error.message };
    throw error;
  }
}

async function found(
  kube: Pick<Kube, 'get' | 'list'>,
  meant: ServiceWorkload,
): Promise<OwnWorkload> {
  const { namespace, service: name } = meant;
  const said = `${namespace}/${name}`;
  const service = await findService(kube, namespace, name, meant.port);
  if (service === undefined) throw new NoWayError(`there is no Service ${said}`);
  if ('ports' in service)
    throw new NoWayError(
      `Service ${said} has no port ${meant.port ?? 'at all'}; its ports: ${service.ports}`,
    );
  const pods = Object.entries(service.selector).map(([key, value]) => `${key}=${value}`);
  if (pods.length === 0)
    throw new NoWayError(`Service ${said} selects no pods: nobody knows which of them are its own`);
  const outside = await outsideOf(kube, meant, service);
  const slices = await kube.get<SliceList>(slicesPath({ namespace, service: name }));
  if (readyEndpoints(slices, service.portName).length === 0)
    throw new NoWayError(`Service ${said} leads to no ready pod: nobody would answer`);
  return {
    service,
    address: {
      namespace,
      service: name,
      ...(service.portName !== undefined && { portName: service.portName }),
      pods: pods.join(','),
      path: meant.path,
      status: meant.expect,
      ...(outside !== undefined && { outside }),
    },
  };
}

async function outsideOf(
  kube: Pick<Kube, 'list'>,
  { by, namespace }: ServiceWorkload,
  service: FoundService,
): Promise<Outside | undefined> {
  const said = `Service ${namespace}/${service.name}`;
  const [balancer] = service.balancers;
  if (by === 'pod') return undefined;
  if (by === 'node-port') {
    if (service.nodePort !== undefined) return { port: service.nodePort };
    const others =
      balancer === undefined
        ? 'by: { ingress: HOST } if an Ingress leads to it, or by: pod'
        : 'by: load-balancer';
    throw new NoWayError(`${said} has no node port; write ${others} in the scenario`);
  }
  if (by === 'load-balancer') {
    if (balancer !== undefined) return { address: balancer, port: service.port };
    throw new NoWayError(`${said} has no address of a load balancer`);
  }
  return ingressAt(kube, namespace, by);
}

/** An Ingress need not be known to the API if its address is pinned: the host may be that of a gateway. */
async function ingressAt(
  kube: Pick<Kube, 'list'>,
  namespace: string,
  { ingress: host, address, port, https = false }: IngressHost,
): Promise<Outside> {
  const way = { port: port ?? (https ? 443 : 80), host, ...(https && { https: true as const }) };
  if (address !== undefined) return { ...way, address };
  const all = await kube.list<Ingress>(
    `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`,
  );
  const own = all.filter(({ spec }) => spec?.rules?.some((rule) => rule.host === host) === true);
  if (own.length === 0)
    throw new NoWayError(
      `no Ingress in namespace ${namespace} has the host ${host}; write its address beside it if something else serves it`,
    );
  const [known] = own.flatMap(({ status }) => addressesIn(status?.loadBalancer));
  if (known !== undefined) return { ...way, address: known };
  throw new NoWayError(
    `the Ingress of ${host} does not say where it is reached; write its address beside the host`,
  );
}
