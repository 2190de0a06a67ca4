import type { Kube } from '../links/kube.ts';
import { KubeError } from '../links/kube.ts';

/** A Service as its API server tells it, with the one of its ports that is asked. */
export interface FoundService {
  readonly namespace: string;
  readonly name: string;
  /** Its own address; absent where it has none (headless, or a name elsewhere). */
  readonly clusterIP?: string;
  readonly port: number;
  readonly portName?: string;
  readonly nodePort?: number;
  /** The addresses that a load balancer gave it. */
  readonly balancers: readonly string[];
  /** Labels of the pods that it leads to; empty if it does not say. */
  readonly selector: Readonly<Record<string, string>>;
}

interface ServiceObject {
  readonly spec: {
    readonly clusterIP?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly ServicePort[];
  };
  readonly status?: { readonly loadBalancer?: LoadBalancerStatus };
}

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly nodePort?: number;
}

/** What a Service or an Ingress says of where it is reached. */
export interface LoadBalancerStatus {
  readonly ingress?: readonly { readonly ip?: string }[];
}

/**
 * Looks a Service up, and changes nothing.
 * @param wanted the number or the name of the port that is asked; the first without
 * @returns undefined if there is no such Service; `ports` in words if it has no such port
 * @throws KubeError, LinkError
 */
export async function findService(
  kube: Pick<Kube, 'get'>,
  namespace: string,
  name: string,
  wanted?: number | string,
): Promise<FoundService | { readonly ports: string } | undefined> {
  const path = `/api/v1/namespaces/${namespace}/services/${name}`;
  const found = await kube.get<ServiceObject>(path).catch((error: unknown) => {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  const { clusterIP, ports = [], selector = {} } = found.spec;
  const port =
    wanted === undefined
      ? ports[0]
      : ports.find((one) => one.port === wanted || one.name === wanted);
  if (port === undefined) return { ports: ports.map(sayPort).join(', ') || 'none' };
  return {
    namespace,
    name,
    ...(clusterIP !== undefined && /^[0-9a-f.:]+$/i.test(clusterIP) && { clusterIP }),
    port: port.port,
    ...(port.name !== undefined && port.name !== '' && { portName: port.name }),
    ...(port.nodePort !== undefined && port.nodePort > 0 && { nodePort: port.nodePort }),
    balancers: addressesIn(found.status?.loadBalancer),
    selector,
  };
}

/** The addresses that can be asked from elsewhere: none that a controller gives for want of another. */
export function addressesIn(status: LoadBalancerStatus | undefined): readonly string[] {
  return (status?.ingress ?? []).flatMap(({ ip = '' }) =>
    /^(?:|127\..*|::1)$/.test(ip) ? [] : ip,
  );
}

function sayPort({ port, name }: ServicePort): string {
  return name === undefined ? String(port) : `${port} (${name})`;
}
