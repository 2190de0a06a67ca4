/**
 * A pod on each node that asks on our behalf what pods ask: the workload by its Service, and the cluster's DNS. It is the
 * web server of our own workload, so that no node needs another image, told to pass each of our requests on. Its Service
 * leads from a port of each node to the pod of that node and no other.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Kube } from '../links/kube.ts';
import { ownNamespace as namespace, partLabel } from '../model/namespace.ts';
import type { Series } from '../model/plan.ts';
import { urlHost } from '../model/url-host.ts';
import { ask, type Question } from '../probes/ask.ts';
import { readyEndpoints, slicesPath, type SliceList } from '../probes/endpoint-slices.ts';
import type { InsideAddress, WorkloadAddress } from '../probes/probe.ts';
import type { FoundService } from './service.ts';
import { createPatiently } from './create-patiently.ts';

/** Name of everything that belongs to it. */
const insideName = 'inside';

const image = 'docker.io/library/nginx:1.29';
const readyTimeoutMs = 30_000;
const askTimeoutMs = 10_000;
const pollMs = 200;

/** For each probe a path by which to see that it works at all; undefined where there is nothing to ask. */
type CheckPath = (kube: Kube, workload: WorkloadAddress) => Promise<string | undefined>;

const checkPaths: Readonly<Record<string, CheckPath>> = {
  'inside-new': fixed('/new'),
  'inside-reused': fixed('/reused'),
  'inside-named': fixed('/named'),
  'each-endpoint': async (kube, workload) => {
    const [first] = readyEndpoints(
      await kube.get<SliceList>(slicesPath(workload)),
      workload.portName,
    );
    return first && `/endpoint/${first.address}`;
  },
  names: fixed('/names/127-0-0-1'),
};

function fixed(path: string): CheckPath {
  return () => Promise.resolve(path);
}

/** The series of a plan that can be sampled, as not every cluster has pods of ours that answer all of them. */
export function sampledOf(
  planned: readonly Series[],
  inside: InsideAddress | undefined,
): readonly Series[] {
  return planned.filter(
    ({ probe }) => !(probe in checkPaths) || inside?.probes.includes(probe) === true,
  );
}

interface DaemonSet {
  readonly status: {
    readonly desiredNumberScheduled?: number;
    readonly numberAvailable?: number;
    readonly observedGeneration?: number;
  };
}

interface Service {
  readonly spec: {
    readonly clusterIP?: string;
    readonly ports: readonly { readonly nodePort?: number }[];
  };
}

/** What the pods ask. */
export interface Asked {
  readonly service: FoundService;
  readonly path: string;
}

/** Who asks, and what. */
export interface Askers {
  /** Addresses of the nodes, from a pod on each of which it is asked. */
  readonly nodes: readonly string[];
  /**
   * Nobody can guess it. Their port is open to all who reach a node, and they ask any endpoint that they are told to: so
   * they are told to by those who know it.
   */
  readonly key: string;
  /** The probes that the run is going to sample. */
  readonly probes: ReadonlySet<string>;
}

/** Makes the objects, and waits for nothing. @param asked the Service, and the path that it is asked for */
export async function deployInside(
  kube: Kube,
  asked: Asked,
  { key }: Pick<Askers, 'key'>,
): Promise<void> {
  const dns = await kube
    .get<Service>('/api/v1/namespaces/kube-system/services/kube-dns')
    .catch(() => undefined);
  const configuration = configurationFor(asked, key, dns?.spec.clusterIP);
  await createPatiently(kube, `/api/v1/namespaces/${namespace}/configmaps`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: insideName },
    data: { 'default.conf': configuration },
  });
  await Promise.all([
    createPatiently(kube, `/apis/apps/v1/namespaces/${namespace}/daemonsets`, daemonSet),
    createPatiently(kube, `/api/v1/namespaces/${namespace}/services`, service),
  ]);
}

/**
 * Waits for the pods, and tries what can be asked of them.
 * @returns where they are asked, and which probes each of them answers; a line for each that cannot be used
 */
export async function insideAddress(
  kube: Kube,
  workload: WorkloadAddress,
  { nodes, key, probes }: Askers,
): Promise<{ readonly address?: InsideAddress; readonly missing: readonly string[] }> {
  const last = await untilAvailable(kube);
  if (last !== undefined)
    return {
      missing: [`nothing is asked from inside pods: ${last} after ${readyTimeoutMs / 1000} s`],
    };
  const { spec } = await kube.get<Service>(
    `/api/v1/namespaces/${namespace}/services/${insideName}`,
  );
  const nodePort = spec.ports[0]?.nodePort;
  if (nodePort === undefined)
    return { missing: ['nothing is asked from inside pods: no node port'] };
  const tried = await Promise.all(
    Object.entries(checkPaths)
      .filter(([probe]) => probes.has(probe))
      .map(async ([probe, pathOf]) => {
        const status = probe === 'names' ? 200 : workload.status;
        const question = { port: nodePort, prefix: `/${key}`, status };
        const failed = await lastFailure(nodes, question, () => pathOf(kube, workload));
        return { probe, failed };
      }),
  );
  return {
    address: {
      nodePort,
      key,
      probes: tried.filter(({ failed }) => failed === undefined).map(({ probe }) => probe),
    },
    missing: tried.flatMap(({ probe, failed }) =>
      failed === undefined ? [] : [`${probe} is not sampled: ${failed}`],
    ),
  };
}

/** @returns what is missing still when the time is over */
async function untilAvailable(kube: Kube): Promise<string | undefined> {
  const end = performance.now() + readyTimeoutMs;
  for (;;) {
    const { status } = await kube.get<DaemonSet>(
      `/apis/apps/v1/namespaces/${namespace}/daemonsets/${insideName}`,
    );
    const { desiredNumberScheduled: wanted = 0, numberAvailable: has = 0 } = status;
    if (status.observedGeneration !== undefined && wanted > 0 && has >= wanted) return undefined;
    if (performance.now() > end) return `${has} of ${wanted} pods are available`;
    await delay(pollMs);
  }
}

type Check = Pick<Question, 'port' | 'status'> & { readonly prefix: string };

/**
 * Each node's pod must answer; kube-proxy may learn of a new Service a moment after the API tells of its pods.
 * @returns what fails still when the time is over
 */
async function lastFailure(
  nodes: readonly string[],
  question: Check,
  pathOf: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const end = performance.now() + askTimeoutMs;
  for (;;) {
    const failed = await failureOf(nodes, question, await pathOf());
    if (failed === undefined) return undefined;
    if (performance.now() > end) return failed;
    await delay(pollMs);
  }
}

async function failureOf(
  nodes: readonly string[],
  { port, status, prefix }: Check,
  path: string | undefined,
): Promise<string | undefined> {
  if (path === undefined) return 'its Service leads to no ready pod';
  const answers = await Promise.all(
    nodes.map(async (host) => ({
      host,
      ...(await ask({
        host,
        port,
        path: `${prefix}${path}`,
        status,
        agent: undefined,
        timeoutMs: 500,
      })),
    })),
  );
  const failed = answers.find(({ ok }) => !ok);
  return failed && `the pod on ${failed.host} says ${failed.error ?? 'no'}`;
}

/**
 * Deadlines are below those of our samples, so that what fails inside is told and not lost. An endpoint has less time, as
 * a part of it goes to the question which there are. What it leads to is what a Service of the cluster may lead to, and
 * no other path of it.
 */
function configurationFor({ service, path }: Asked, key: string, dns: string | undefined): string {
  const workload = `${urlHost(service.clusterIP ?? '')}:${service.port}`;
  const name = `${service.name}.${service.namespace}.svc`;
  const asked = `proxy_set_header Host ${name};`;
  const deadlines =
    'proxy_connect_timeout 800ms; proxy_read_timeout 800ms; proxy_next_upstream off;';
  const names =
    dns === undefined
      ? ''
      : `
  location = /named {
    internal;
    resolver ${urlHost(dns)} valid=1s;
    resolver_timeout 800ms;
    set $named ${name}.cluster.local;
    proxy_pass http://$named:${service.port}${path};
    ${asked}
    ${deadlines}
  }
  location ~ ^/names/(?<name>[0-9-]+)$ {
    internal;
    resolver ${urlHost(dns)} valid=1s;
    resolver_timeout 800ms;
    set $there $name.${namespace}.pod.cluster.local;
    proxy_pass http://$there/ready;
    ${deadlines}
  }`;
  return `
upstream workload { server ${workload}; keepalive 1; }
server {
  listen 80;
  location = /ready { return 200 "ready\\n"; }
  location ~ ^/${key}(?<question>/.*)$ { rewrite ^ $question last; }
  location = /new {
    internal;
    proxy_pass http://${workload}${path};
    ${asked}
    ${deadlines}
  }
  location = /reused {
    internal;
    proxy_pass http://workload${path};
    ${asked}
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    ${deadlines}
  }
  location ~ ^/endpoint/(?<endpoint>[0-9.]+:[0-9]+|\\[[0-9a-f:.]+\\]:[0-9]+)$ {
    internal;
    proxy_pass http://$endpoint${path};
    ${asked}
    proxy_connect_timeout 500ms; proxy_read_timeout 500ms; proxy_next_upstream off;
  }${names}
}
`;
}

const labels = { [partLabel]: insideName };

const daemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: insideName },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        terminationGracePeriodSeconds: 1,
        automountServiceAccountToken: false,
        tolerations: [{ operator: 'Exists' }],
        containers: [
          {
            name: 'nginx',
            image,
            imagePullPolicy: 'IfNotPresent',
            ports: [{ containerPort: 80 }],
            readinessProbe: { httpGet: { path: '/ready', port: 80 }, periodSeconds: 1 },
            volumeMounts: [{ name: 'conf', mountPath: '/etc/nginx/conf.d', readOnly: true }],
          },
        ],
        volumes: [{ name: 'conf', configMap: { name: insideName } }],
      },
    },
  },
};

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: insideName },
  spec: {
    type: 'NodePort',
    externalTrafficPolicy: 'Local',
    selector: labels,
    ports: [{ port: 80, targetPort: 80 }],
  },
};
