import { expect } from 'chai';
import { isImpossible } from '../model/fault.ts';
import { faults } from '../faults/table.ts';
import { designContext } from '../testing/design.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import {
  composition,
  limitsPredicted,
  needs,
  ownership,
  protection,
  quorum,
  serviceMissing,
  serviceThere,
} from './guards.ts';
import type { Intent } from '../model/intent.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Scenario } from '../model/scenario.ts';
import type { NodeFacts, Snapshot } from '../model/snapshot.ts';

const powerOff = (node: string): Intent => {
  const intent = faults['power-off'].design(
    { target: 'leader', count: 'one' },
    designContext([node]),
  );
  if (isImpossible(intent)) throw new Error(intent.impossible);
  return intent;
};
const kill = (node: string): Intent =>
  faults.kill.design(
    { service: 'datastore', target: 'leader', count: 'one', 'stay-down': true },
    designContext([node]),
  );

describe('faults that take a node down', () => {
  it('do not compose with one that has something to take back on it, whichever comes first', () => {
    for (const [one, other] of [
      [powerOff('pi1'), kill('pi1')],
      [kill('pi1'), powerOff('pi1')],
    ] as const)
      expect(composition(one, [other]))
        .to.include('takes pi1 down')
        .and.include(other.id);
    expect(composition(powerOff('pi1'), [powerOff('pi1')])).to.include('holds pi1/power');
  });

  it('compose with those on other nodes', () => {
    expect(composition(powerOff('pi1'), [kill('pi2')])).to.equal(undefined);
    expect(composition(kill('pi2'), [powerOff('pi1')])).to.equal(undefined);
  });
});

describe('a fault that has something else to do on another node', () => {
  it('does not compose with one that takes any of its nodes down', () => {
    const both = { ...kill('pi2'), undo: [...kill('pi2').undo, { on: 'pi1', sh: 'true' }] };
    expect(composition(both, [powerOff('pi1')])).to.include('takes pi1 down');
  });
});

describe('pods of a protected namespace', () => {
  const hitting = (...podsHit: string[]): Intent => ({ ...kill('pi1'), podsHit });

  it('are not hit; three of them are named', () => {
    const protect = ['kube-system'];
    expect(protection(hitting('web/a', 'kube-system'), [])).to.equal(undefined);
    expect(protection(hitting('web/a'), protect)).to.equal(undefined);
    const three = ['kube-system/a', 'kube-system/b', 'kube-system/c'];
    expect(protection(hitting('web/x', ...three), protect)).to.include(
      'would hit kube-system/a, kube-system/b, kube-system/c, of a namespace',
    );
    expect(protection(hitting(...three, 'kube-system/d'), protect)).to.include(
      'kube-system/c and 1 more, of a namespace',
    );
  });
});

describe('an object that is not ours', () => {
  const changing = (...changes: string[]): Intent => ({
    ...kill('pi1'),
    says: 'update it',
    changes,
  });
  const of = (...more: Scenario['class']): Scenario => ({
    ...({ name: 'x', needs: {} } as Scenario),
    class: ['reversible', ...more],
  });

  it('is changed only if the scenario says so by its class', () => {
    expect(ownership(of(), changing('holdfast/web'))).to.equal(undefined);
    expect(ownership(of(), kill('pi1'))).to.equal(undefined);
    expect(ownership(of(), changing('holdfast/web', 'shop/web'))).to.equal(
      'to update it would change shop/web, which is not of the run’s own workload (namespace holdfast); ' +
        'give the scenario the class changes-workloads if that is meant',
    );
    expect(ownership(of('changes-workloads'), changing('shop/web'))).to.equal(undefined);
  });

  it('is never changed in a protected namespace', () => {
    expect(protection(changing('shop/web', 'pay/api'), ['pay'])).to.equal(
      'to update it would change pay/api, of a namespace that the cluster file protects; ' +
        'change another, or take the namespace out of protect',
    );
    expect(protection(changing('shop/web'), ['pay'])).to.equal(undefined);
  });
});

describe('a limit that is to be the predicted one', () => {
  const scenario = {
    expect: [{ claim: 'leader-elected', params: { within: 'predicted' } }],
  } as unknown as Scenario;
  const kill = { kind: 'fault', id: 'kill', fault: 'kill', params: {} } as const;
  const hold: PlannedStep = { kind: 'hold', id: 'first', forMs: 1000 };
  const prediction = (claim: string) => ({ claim, p50Ms: 1, p95Ms: 2, from: 'x' });

  it('needs a prediction of that claim, for that fault', () => {
    const holding = (claim: string, step: string) =>
      limitsPredicted(scenario, [hold, kill], [prediction(claim)], step);
    expect(holding('leader-elected', 'kill')).to.equal(undefined);
    expect(holding('voters-restored', 'kill')).to.include('leader-elected has the limit predicted');
    expect(holding('leader-elected', 'other')).to.include('leader-elected has the limit predicted');
    const several = ['voters-restored', 'leader-elected'].map(prediction);
    expect(limitsPredicted(scenario, [hold, kill], several, 'kill')).to.equal(undefined);
  });

  it('is of the fault that it is counted from, if it names one', () => {
    const params = { within: 'predicted', after: 'second' };
    const later = { expect: [{ claim: 'leader-elected', params }] } as unknown as Scenario;
    const of = (step: string) =>
      limitsPredicted(later, [kill], [prediction('leader-elected')], step);
    expect(of('second')).to.equal(undefined);
    expect(of('kill')).to.include('leader-elected has the limit predicted');
  });

  it('is asked of a scenario without a fault, too', () => {
    expect(limitsPredicted(scenario, [hold], [], 'kill')).to.include('has the limit predicted');
  });
});

describe('what a scenario needs', () => {
  it('is counted by role: a stand-by is no voter, and no voter a stand-by', () => {
    const wanting = (standbys: number): Scenario =>
      ({ name: 'two-lost', needs: { voters: 3, standbys, nodes: 4 } }) as unknown as Scenario;
    expect(needs(wanting(1), snapshotOf())).to.equal(undefined);
    expect(needs(wanting(2), snapshotOf())).to.equal(
      'two-lost needs more of rack: standbys ≥ 2 (has 1)',
    );
  });

  it('is counted by control planes, too', () => {
    const scenario = {
      name: 'lost',
      needs: { 'control-planes': 3 },
    } as unknown as Scenario;
    const [one, ...workers] = snapshotOf().nodes;
    const nodes = [one!, ...workers.map((node) => ({ ...node, controlPlane: false }))];
    expect(needs(scenario, snapshotOf())).to.equal(undefined);
    expect(needs(scenario, snapshotOf(undefined, { nodes }))).to.equal(
      'lost needs more of rack: control-planes ≥ 3 (has 1)',
    );
  });

  it('is a node that is no control plane, nor one for the datastore alone', () => {
    const scenario = { name: 'lost', needs: { workers: 1 } } as unknown as Scenario;
    const [one, two, ...others] = snapshotOf().nodes;
    const etcd = { ...two!, controlPlane: false, datastoreOnly: true as const };
    const of = (node: typeof etcd | typeof one): Snapshot =>
      snapshotOf(undefined, { nodes: [...others, node!] });
    expect(needs(scenario, of({ ...one!, controlPlane: false }))).to.equal(undefined);
    for (const node of [one!, etcd])
      expect(needs(scenario, of(node))).to.equal('lost needs more of rack: workers ≥ 1 (has 0)');
  });

  it('is a node that takes any pod: not cordoned, and without a taint that forbids it', () => {
    const scenario = { name: 'lost', needs: { 'schedulable-nodes': 1 } } as unknown as Scenario;
    const [one] = snapshotOf().nodes;
    const of = (facts: Partial<NodeFacts>): string | undefined =>
      needs(scenario, snapshotOf(undefined, { nodes: [{ ...one!, schedulable: true, ...facts }] }));
    const none = 'lost needs more of rack: schedulable-nodes ≥ 1 (has 0)';
    expect(of({ taints: [] })).to.equal(undefined);
    expect(of({ taints: ['slow=yes:PreferNoSchedule'] })).to.equal(undefined);
    expect(of({ taints: [], schedulable: false })).to.equal(none);
    expect(of({ taints: ['a=b:PreferNoSchedule', 'gpu:NoExecute'] })).to.equal(none);
    expect(of({ taints: ['node-role.kubernetes.io/control-plane:NoSchedule'] })).to.equal(none);
  });

  it('is a machine of the datastore alone', () => {
    const scenario = { name: 'lost', needs: { 'datastore-nodes': 1 } } as unknown as Scenario;
    const [one, ...others] = snapshotOf().nodes;
    const nodes = [{ ...one!, datastoreOnly: true as const }, ...others];
    expect(needs(scenario, snapshotOf(undefined, { nodes }))).to.equal(undefined);
    expect(needs(scenario, snapshotOf())).to.equal(
      'lost needs more of rack: datastore-nodes ≥ 1 (has 0)',
    );
  });

  it('is a node that has the address of the endpoint', () => {
    const scenario = { name: 'lost', needs: { 'endpoint-holders': 1 } } as unknown as Scenario;
    const [one, ...others] = snapshotOf().nodes;
    const nodes = [{ ...one!, holdsEndpoint: true as const }, ...others];
    expect(needs(scenario, snapshotOf(undefined, { nodes }))).to.equal(undefined);
    expect(needs(scenario, snapshotOf())).to.equal(
      'lost needs more of rack: endpoint-holders ≥ 1 (has 0)',
    );
  });

  it('is a Lease that somebody holds: one that was given back is nobody’s', () => {
    const lease = 'kube-system/cloud-controller-manager';
    const scenario = { name: 'lost', needs: { leases: [lease] } } as unknown as Scenario;
    const holding = (leases: Record<string, string>): Snapshot => ({ ...snapshotOf(), leases });
    expect(needs(scenario, holding({ [lease]: 'pi1' }))).to.equal(undefined);
    for (const leases of [{}, { [lease]: '' }])
      expect(needs(scenario, holding(leases))).to.equal(
        `lost needs somebody on rack who holds the Lease ${lease}`,
      );
  });
});

describe('a service', () => {
  it('must be one that the platform has', () => {
    expect(serviceMissing({ service: 'scheduler' }, snapshotOf())).to.equal(undefined);
    expect(serviceMissing({ target: 'leader' }, snapshotOf())).to.equal(undefined);
    expect(serviceMissing({ service: 'shop/web' }, snapshotOf())).to.equal(undefined);
    expect(serviceMissing({ service: 'load-balancer' }, snapshotOf())).to.equal(
      'microk8s has no load-balancer that Holdfast knows of',
    );
  });
});

describe('a quorum', () => {
  const scenario = (...classes: string[]): Scenario => ({ class: classes }) as unknown as Scenario;
  const harmless: Intent = { ...kill('pi1'), membersDown: [] };
  const members = snapshotOf().datastore.members;
  const dead = (...ids: string[]): ReturnType<typeof snapshotOf> => ({
    ...snapshotOf(),
    datastore: {
      ...snapshotOf().datastore,
      members: members.map((one) => ({ ...one, answers: !ids.includes(one.id) })),
    },
  });

  it('that is lost already is no matter of a fault that takes no member down', () => {
    expect(quorum(scenario('reversible'), dead('2', '3'), harmless, [])).to.equal(undefined);
    expect(quorum(scenario('reversible'), dead('2', '3'), kill('pi1'), [])).to.include(
      'would leave 0 of 3 voters, and 2 are needed',
    );
  });

  it('may be broken by a scenario of the class for it', () => {
    expect(quorum(scenario('breaks-quorum'), dead('2'), kill('pi1'), [])).to.equal(undefined);
  });

  it('counts members that are down and those that are apart together', () => {
    const both: Intent = { ...kill('pi1'), membersApart: [['2', '3']] };
    expect(quorum(scenario('reversible'), snapshotOf(), both, [])).to.include(
      'would leave 1 of 3 voters',
    );
    const apart: Intent = { ...harmless, membersApart: [['2', '3']] };
    expect(quorum(scenario('reversible'), snapshotOf(), apart, [kill('pi1')])).to.include(
      'would leave 1 of 3 voters',
    );
  });
});

describe('a service', () => {
  it('is missed only where the fault is aimed at one that is not on every target', () => {
    const snapshot = snapshotOf();
    const [first] = snapshot.datastore.members;
    const one = { ...snapshot, datastore: { ...snapshot.datastore, members: [first!] } };
    const on = (service: 'datastore' | 'api-server'): Intent => ({
      ...{ ...kill('pi1'), service },
      targets: ['pi1', 'pi3'],
    });
    expect(serviceThere(on('datastore'), snapshot)).to.equal(undefined);
    expect(serviceThere(on('datastore'), one)).to.include('no member of the datastore runs on pi3');
    expect(serviceThere(on('api-server'), one)).to.equal(undefined);
  });
});
