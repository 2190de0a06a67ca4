import type { Intent } from '../model/intent.ts';
import type { Prediction } from '../model/plan.ts';
import type { Random } from '../model/random.ts';
import {
  areOne,
  endsKubelet,
  nodeNamed,
  type ServiceName,
  type Snapshot,
} from '../model/snapshot.ts';
import { quantiles } from './quantiles.ts';

/** How often a holder renews its lease, and at least how often another tries to take it. */
const retryMs = 2000;
/** The others wait up to so many times as long, each time anew. */
const retryJitter = 2.2;
const defaultLeaseMs = 15_000;
/** How often a kubelet gives word of its node. */
const kubeletMs = 10_000;
const defaultMonitorMs = 5000;
const defaultTolerationMs = 300_000;
/** No setting tells how long a pod takes to be given a node and to be ready there: with its image there, mostly so long. */
const startMs = [1000, 10_000] as const;

/** No setting tells how long it takes from a node's condition to the endpoints of its pods: mostly no longer. */
const unlistMs = 1000;

/**
 * What Kubernetes' own settings say of how long it takes to notice what a fault takes down: the leases that it held and
 * what their holders did, and of nodes that are gone until they are taken back NotReady, the Service's endpoints, pods
 * elsewhere.
 * @param tolerationMs how long the pods of the workload stay on a node that does not answer, where they say so themselves
 * @see k8s.io/client-go/tools/leaderelection; pkg/controller/nodelifecycle in Kubernetes
 */
export function predictKubernetes(
  snapshot: Snapshot,
  intent: Intent,
  tolerationMs = snapshot.settings.tolerationMs ?? defaultTolerationMs,
): readonly Prediction[] {
  const down = downIn(intent, snapshot);
  const held = heldBy(intent, down, snapshot);
  const gone = down.length > 0 && intent.loss !== 'brief';
  return [
    ...predictLeases(snapshot, held),
    ...(gone ? predictNodes(snapshot, intent, held, tolerationMs) : []),
    ...predictEndpoint(snapshot, intent, down),
  ];
}

/** A Lease, and the node that held it. */
type Held = readonly (readonly [lease: string, node: string])[];

const endpointAnswers = 'endpoint-answers';
const schedulerLease = 'kube-scheduler';
const controllerLease = 'kube-controller-manager';

/** The leases whose holders end: they ran on nodes that go down, or are the service that is hit. */
function heldBy(
  { service, targets, loss, leases = [] }: Intent,
  down: readonly string[],
  snapshot: Snapshot,
): Held {
  const ends = (name: ServiceName): boolean =>
    service !== undefined &&
    loss !== 'handed-over' &&
    areOne(snapshot.services[service], snapshot.services[name]);
  return Object.entries(snapshot.leases).filter(
    ([lease, node]) =>
      leases.includes(lease) ||
      down.includes(node) ||
      (targets.includes(node) &&
        ((lease === schedulerLease && ends('scheduler')) ||
          (lease === controllerLease && ends('controller-manager')))),
  );
}

function predictLeases(snapshot: Snapshot, held: Held): readonly Prediction[] {
  const names = held.map(([name]) => name);
  const predictionOf = (
    claim: string,
    lost: readonly string[],
    more = '',
  ): readonly Prediction[] =>
    lost.length === 0
      ? []
      : [
          {
            claim,
            ...quantiles((random) =>
              Math.max(...lost.map((name) => takenOver(random, snapshot, name))),
            ),
            of: lost,
            from: `${sayHolders(held, lost)}: ${sayLeases(snapshot, lost)}, and the others try every ${retryMs / 1000} to ${(retryMs * retryJitter) / 1000} s${more}`,
          },
        ];
  const only = (name: string): readonly string[] => names.filter((one) => one === name);
  const start = '; how long the new leader takes to begin, no setting tells';
  return [
    ...predictionOf('lease-held', names),
    ...predictionOf('pods-scheduled', only(schedulerLease), start),
    ...predictionOf('deployments-reconciled', only(controllerLease), start),
  ];
}

function predictNodes(
  snapshot: Snapshot,
  intent: Intent,
  held: Held,
  tolerationMs: number,
): readonly Prediction[] {
  const predictions: Prediction[] = [];
  const controller = held.map(([name]) => name).find((name) => name === controllerLease);
  const notReady = (random: Random): number =>
    notReadyMs(
      random,
      snapshot,
      controller === undefined ? 0 : takenOver(random, snapshot, controller),
    );
  const graceFrom =
    `no word for ${graceOf(snapshot) / 1000} s, a kubelet gives it every ${kubeletMs / 1000} s, nodes are looked at every ${monitorOf(snapshot) / 1000} s` +
    (controller === undefined ? '' : ', once another holds the lease of the controller manager');
  predictions.push({ claim: 'node-not-ready', ...quantiles(notReady), from: graceFrom });
  if (intent.podsHit.length > 0)
    predictions.push({
      claim: 'endpoints-updated',
      ...quantiles(notReady),
      from: `as soon as the node is not Ready: ${graceFrom}`,
    });
  // Also of a node on which none stands yet: the workload comes with the run. Without its kubelet, its pods answer still.
  if (!endsKubelet(snapshot, intent.service))
    predictions.push({
      claim: 'endpoints-alive',
      ...quantiles((random) => notReady(random) + random.between(0, unlistMs)),
      from: `dead pods are listed until their node is not Ready: ${graceFrom}; that they are taken out then takes up to ${unlistMs / 1000} s, which no setting tells`,
    });
  // Pods that tolerate it for ever stay.
  if (Number.isFinite(tolerationMs)) {
    const ended = `pods are told to end ${tolerationMs / 1000} s after the node is not Ready (${graceFrom})`;
    const [least, most] = startMs;
    if (intent.podsHit.length > 0)
      predictions.push({
        claim: 'pods-run',
        ...quantiles((random) => notReady(random) + tolerationMs),
        from: `${ended}; how long others take to start, no setting tells`,
      });
    // Also of a node on which none stands yet: the workload comes with the run.
    predictions.push({
      claim: 'pods-moved',
      ...quantiles((random) => notReady(random) + tolerationMs + random.between(least, most)),
      from: `${ended}; that others are given a node and start takes ${least / 1000} to ${most / 1000} s, which no setting tells`,
    });
  }
  return predictions;
}

/** The endpoint's address leaves a node that falls silent, or whose load balancer ends. */
function predictEndpoint(
  { nodes, settings: { endpoint } }: Snapshot,
  { service, targets, loss }: Intent,
  down: readonly string[],
): readonly Prediction[] {
  const holder = nodes.find(({ holdsEndpoint }) => holdsEndpoint)?.name;
  if (endpoint === undefined || holder === undefined || loss === 'brief') return [];
  const { advertMs, checkMs, checks, lowers } = endpoint;
  const says = `${holder} has the address and gives word every ${advertMs / 1000} s`;
  // Whoever comes first waits for up to one more of these periods, the less the higher its priority.
  const skew = (random: Random): number => random.between(0, advertMs);
  // Counted from the last word, which is up to one period old.
  const silence = (random: Random): number =>
    3 * advertMs - random.between(0, advertMs) + skew(random);
  if (down.includes(holder))
    return [
      {
        claim: endpointAnswers,
        ...quantiles(silence),
        from: `${says}; after three times without, another takes it`,
      },
    ];
  if (service !== 'load-balancer' || !targets.includes(holder)) return [];
  return [
    {
      claim: endpointAnswers,
      ...quantiles(
        (random) =>
          (checks - 1) * checkMs +
          random.between(0, checkMs) +
          (lowers === true ? silence(random) : skew(random)),
      ),
      from:
        `${says}; it looks after its load balancer every ${checkMs / 1000} s, and after ${checks} that failed ` +
        (lowers === true
          ? 'lowers its priority: the others take its word for nothing, as of a silent one (RFC 5798, 6.4.2)'
          : 'gives it up at once'),
    },
  ];
}

function takenOver(random: Random, { settings }: Snapshot, lease: string): number {
  return takeoverMs(random, settings.leaseMs[lease] ?? defaultLeaseMs);
}

function sayHolders(held: Held, lost: readonly string[]): string {
  const nodes = new Set(held.filter(([name]) => lost.includes(name)).map(([, node]) => node));
  return `${[...nodes].join(', ')} holds ${lost.join(', ')}`;
}

/** The nodes of which nothing is heard any more. */
function downIn(
  { nodesDown = [], service, targets, loss }: Intent,
  snapshot: Snapshot,
): readonly string[] {
  const down = endsKubelet(snapshot, service) && loss !== 'handed-over' ? targets : nodesDown;
  return down.filter((name) => nodeNamed(snapshot, name).datastoreOnly !== true);
}

/** From the crash of a holder until another has its lease: what is left of it, as the other saw it, and its next try. */
function takeoverMs(random: Random, leaseMs: number): number {
  const tryMs = (): number => random.between(0, retryMs * random.between(1, retryJitter));
  return leaseMs - random.between(0, retryMs) + tryMs() + tryMs();
}

/** @param takeover when another holds the lease of the controller manager; 0 if that was not lost */
function notReadyMs(random: Random, snapshot: Snapshot, takeover: number): number {
  const silent = graceOf(snapshot) - random.between(0, kubeletMs);
  // A new controller manager has heard nothing of any node yet, and waits for as long as for a silent one.
  const after = takeover > 0 ? Math.max(silent, takeover + graceOf(snapshot)) : silent;
  return after + random.between(0, monitorOf(snapshot));
}

function monitorOf({ settings }: Snapshot): number {
  return settings.nodeMonitorMs ?? defaultMonitorMs;
}

/** 40 s up to Kubernetes 1.31, 50 s since. */
function graceOf({ settings, cluster }: Snapshot): number {
  const [, minor = ''] = /^v?1\.(\d+)/.exec(cluster.kubernetes) ?? [];
  return settings.nodeGraceMs ?? (Number(minor) >= 32 ? 50_000 : 40_000);
}

function sayLeases({ settings }: Snapshot, held: readonly string[]): string {
  const lasts = held.map((name) => (settings.leaseMs[name] ?? defaultLeaseMs) / 1000);
  return `a lease lasts ${[...new Set(lasts)].join(' or ')} s`;
}
