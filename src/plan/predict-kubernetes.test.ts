import { expect } from 'chai';
import type { Intent } from '../model/intent.ts';
import type { Prediction } from '../model/plan.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { intentOf } from '../testing/intent.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import { predictKubernetes } from './predict-kubernetes.ts';

const settings = { leaseMs: {}, nodeGraceMs: 40_000, nodeMonitorMs: 5000, tolerationMs: 30_000 };

function predicted(changes: Partial<Intent>, snapshot: Partial<Snapshot> = {}): Prediction[] {
  const cluster = snapshotOf(undefined, { settings, leases: {}, ...snapshot });
  return [
    ...predictKubernetes(cluster, { ...intentOf('1-test', 'pi1', 'nothing', []), ...changes }),
  ];
}

function of(claim: string, all: readonly Prediction[]): Prediction {
  const found = all.find((one) => one.claim === claim);
  if (found === undefined) throw new Error(`no prediction of ${claim}`);
  return found;
}

describe('what the settings of Kubernetes predict', () => {
  it('is nothing where no node falls silent, or only for a moment', () => {
    expect(predicted({ nodesDown: [] })).to.deep.equal([]);
    expect(predicted({ nodesDown: ['pi1'], loss: 'brief' })).to.deep.equal([]);
  });

  it('is NotReady after the grace period, less what the last word is old, and up to one look later', () => {
    const { p50Ms, p95Ms } = of('node-not-ready', predicted({ nodesDown: ['pi1'] }));
    expect(p50Ms).to.be.within(36_500, 38_500);
    expect(p95Ms).to.be.within(41_000, 44_000);
  });

  it('knows the grace period of each version that does not set it', () => {
    const at = (kubernetes: string): number => {
      const { cluster } = snapshotOf();
      const bare = { settings: { leaseMs: {} }, cluster: { ...cluster, kubernetes } };
      return of('node-not-ready', predicted({ nodesDown: ['pi1'] }, bare)).p50Ms;
    };
    expect(at('v1.32.0') - at('v1.31.9')).to.be.within(9900, 10_100);
  });

  it('is a lease that another takes once it has run out', () => {
    const leases = { 'kube-scheduler': 'pi1', 'kube-controller-manager': 'pi2' };
    const all = predicted({ nodesDown: ['pi1'] }, { leases });
    const { p50Ms, from } = of('lease-held', all);
    expect(p50Ms).to.be.within(15_000, 19_500);
    expect(from).to.include('pi1 holds kube-scheduler: a lease lasts 15 s');
  });

  it('is when the address of the endpoint moves', () => {
    const { nodes } = snapshotOf();
    const holding = nodes.map((node) =>
      node.name === 'pi2' ? { ...node, holdsEndpoint: true as const } : node,
    );
    const endpoint = { advertMs: 1000, checkMs: 2000, checks: 2 };
    const snapshot = { nodes: holding, settings: { ...settings, endpoint } };
    const down = of('endpoint-answers', predicted({ nodesDown: ['pi2'] }, snapshot));
    expect(down.p50Ms).to.be.within(2700, 3300);
    const balancer = { service: 'load-balancer', targets: ['pi2'] } as const;
    const lost = of('endpoint-answers', predicted(balancer, snapshot));
    expect(lost.p50Ms).to.be.within(3300, 3700);
    expect(lost.p95Ms).to.be.within(4400, 5000);
    expect(lost.from).to.equal(
      'pi2 has the address and gives word every 1 s; it looks after its load balancer every 2 s, and after 2 that failed gives it up at once',
    );
    const lowers = { ...settings, endpoint: { ...endpoint, lowers: true as const } };
    const lowered = of('endpoint-answers', predicted(balancer, { ...snapshot, settings: lowers }));
    expect(lowered.p50Ms).to.be.within(5800, 6200);
    expect(lowered.p95Ms).to.be.within(7000, 7600);
    expect(lowered.from).to.include('after 2 that failed lowers its priority');
    expect(predicted({ ...balancer, targets: ['pi1'] }, snapshot)).to.deep.equal([]);
    expect(predicted({ ...balancer, loss: 'brief' }, snapshot)).to.deep.equal([]);
  });

  it('is the lease of a pod that ends with it', () => {
    const leases = { 'cloud-controller-manager': 'pi2' };
    const found = predicted({ leases: ['cloud-controller-manager'] }, { leases });
    expect(of('lease-held', found).from).to.include('pi2 holds cloud-controller-manager');
  });

  describe('of a service that ends alone', () => {
    const own = (process: string) => ({ manifest: `/m/${process}.yaml`, process });
    const leases = { 'kube-scheduler': 'pi1', 'kube-controller-manager': 'pi1', other: 'pi1' };
    const { services } = snapshotOf();
    const apart = {
      ...services,
      scheduler: own('kube-scheduler'),
      'controller-manager': own('kube-controller-manager'),
    };

    it('is its own lease, and what it did', () => {
      const all = predicted({ service: 'scheduler' }, { leases, services: apart });
      expect(all.map(({ claim }) => claim)).to.deep.equal(['lease-held', 'pods-scheduled']);
      expect(of('lease-held', all).from).to.include('pi1 holds kube-scheduler:');
      expect(
        predicted({ service: 'controller-manager' }, { leases, services: apart }).map(
          ({ claim }) => claim,
        ),
      ).to.deep.equal(['lease-held', 'deployments-reconciled']);
    });

    it('is the same if it is started anew at once, as nobody knows it again', () => {
      const brief = { service: 'scheduler', loss: 'brief' } as const;
      expect(predicted(brief, { leases, services: apart })).to.have.length(2);
    });

    it('is nothing where another node holds the lease, or it was handed over', () => {
      const elsewhere = { ...leases, 'kube-scheduler': 'pi2' };
      expect(
        predicted({ service: 'scheduler' }, { leases: elsewhere, services: apart }),
      ).to.deep.equal([]);
      expect(
        predicted({ service: 'scheduler', loss: 'handed-over' }, { leases, services: apart }),
      ).to.deep.equal([]);
    });
  });

  it('waits for another controller manager, which begins anew to wait for the node', () => {
    const with15 = { leases: { 'kube-controller-manager': 'pi1' } };
    const { p50Ms, from } = of('node-not-ready', predicted({ nodesDown: ['pi1'] }, with15));
    expect(p50Ms).to.be.within(55_000, 64_000);
    expect(from).to.include('lease of the controller manager');
  });

  it('is endpoints with NotReady, and pods elsewhere once they are not tolerated any more', () => {
    const all = predicted({ nodesDown: ['pi1'], podsHit: ['holdfast/web-1'] });
    expect(of('endpoints-updated', all).p50Ms).to.equal(of('node-not-ready', all).p50Ms);
    expect(of('pods-run', all).p50Ms - of('node-not-ready', all).p50Ms).to.equal(30_000);
    expect(predicted({ nodesDown: ['pi1'], podsHit: [] }).map(({ claim }) => claim)).to.deep.equal([
      'node-not-ready',
      'endpoints-alive',
      'pods-moved',
    ]);
    const alive = of('endpoints-alive', all);
    expect(alive.p50Ms - of('node-not-ready', all).p50Ms).to.be.within(300, 700);
    expect(alive.from).to.match(
      /^dead pods are listed until their node is not Ready: no word for 40 s, .*; that they are taken out then takes up to 1 s, which no setting tells$/,
    );
  });

  it('is what the pods tolerate by their own word, which may be for ever', () => {
    const intent = { ...intentOf('1-test', 'pi1', 'nothing', []), nodesDown: ['pi1'] };
    const cluster = snapshotOf(undefined, { settings, leases: {} });
    const hit = { ...intent, podsHit: ['kube-system/proxy-1'] };
    const all = predictKubernetes(cluster, hit, 60_000);
    const ended = of('pods-run', all);
    expect(ended.p50Ms - of('node-not-ready', all).p50Ms).to.equal(60_000);
    const moved = of('pods-moved', all);
    expect(moved.p50Ms - ended.p50Ms).to.be.within(5000, 6000);
    expect(moved.p95Ms - ended.p95Ms).to.be.within(4500, 9500);
    expect(moved.from).to.match(
      /^pods are told to end 60 s after the node is not Ready \(no word for 40 s.*; that others are given a node and start takes 1 to 10 s, which no setting tells$/,
    );
    const claims = predictKubernetes(cluster, hit, Infinity).map(({ claim }) => claim);
    expect(claims).to.deep.equal(['node-not-ready', 'endpoints-updated', 'endpoints-alive']);
  });

  it('is the same for a kubelet that is killed for good', () => {
    const claims = predicted({ service: 'api-server' }).map(({ claim }) => claim);
    expect(claims).to.include('node-not-ready');
    // Its pods answer still.
    expect(claims).not.to.include('endpoints-alive');
  });
});
