import type { Intent } from '../model/intent.ts';
import type { Prediction } from '../model/plan.ts';
import type { Random } from '../model/random.ts';
import { endsKubelet, type Snapshot } from '../model/snapshot.ts';
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

/**
 * What Kubernetes' own settings say of how long it takes to notice that nodes are gone, after a fault that takes them down
 * and keeps them down: the lease of a controller that ran there, NotReady, the Service's endpoints, pods elsewhere.
 * @see k8s.io/client-go/tools/leaderelection; pkg/controller/nodelifecycle in Kubernetes
 */
export function predictKubernetes(snapshot: Snapshot, intent: Intent): readonly Prediction[] {
  const down = downIn(intent, snapshot);
  if (down.length === 0 || intent.loss === 'brief') return [];
  const held = Object.entries(snapshot.leases)
    .filter(([, node]) => down.includes(node))
    .map(([name]) => name);
  const takenOver = (random: Random, name: string): number =>
    takeoverMs(random, snapshot.settings.leaseMs[name] ?? defaultLeaseMs);
  const predictions: Prediction[] = [];
  if (held.length > 0)
    predictions.push({
      claim: 'lease-held',
      ...quantiles((random) => Math.max(...held.map((name) => takenOver(random, name)))),
      from: `${down.join(', ')} holds ${held.join(', ')}: ${sayLeases(snapshot, held)}, and the others try every ${retryMs / 1000} to ${(retryMs * retryJitter) / 1000} s`,
    });
  const controller = held.find((name) => name.includes('controller-manager'));
  const notReady = (random: Random): number =>
    notReadyMs(random, snapshot, controller === undefined ? 0 : takenOver(random, controller));
  const graceFrom =
    `no word for ${graceOf(snapshot) / 1000} s, a kubelet gives it every ${kubeletMs / 1000} s, nodes are looked at every ${monitorOf(snapshot) / 1000} s` +
    (controller === undefined ? '' : ', once another holds the lease of the controller manager');
  predictions.push({ claim: 'node-not-ready', ...quantiles(notReady), from: graceFrom });
  if (intent.podsHit.length > 0) {
    const toleration = snapshot.settings.tolerationMs ?? defaultTolerationMs;
    predictions.push(
      {
        claim: 'endpoints-updated',
        ...quantiles(notReady),
        from: `as soon as the node is not Ready: ${graceFrom}`,
      },
      {
        claim: 'pods-run',
        ...quantiles((random) => notReady(random) + toleration),
        from: `pods are told to end ${toleration / 1000} s after the node is not Ready (${graceFrom}); how long others take to start, no setting tells`,
      },
    );
  }
  return predictions;
}

/** The nodes of which nothing is heard any more. */
function downIn(
  { nodesDown = [], service, targets, loss }: Intent,
  snapshot: Snapshot,
): readonly string[] {
  return endsKubelet(snapshot, service) && loss !== 'handed-over' ? targets : nodesDown;
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
