import { expect } from 'chai';
import { z } from 'zod';
import { claims } from '../claims/table.ts';
import { deploymentOf } from '../testing/deployment.ts';
import { memberNumber, nodeNumber, podOf, snapshotOf } from '../testing/snapshot.ts';
import { partition } from '../faults/partition.ts';
import { testTables } from '../testing/tables.ts';
import { explain } from './explain.ts';
import { intentId, plan, redesign } from './plan.ts';
import { isRefusal, type Refusal } from './refusal.ts';
import type { Intent } from '../model/intent.ts';
import type { Plan } from '../model/plan.ts';
import type { Scenario, ScenarioClass, Selector, Step } from '../model/scenario.ts';
import type { ServiceName, Snapshot } from '../model/snapshot.ts';
import type { Tables } from '../model/tables.ts';
import type { PlanInput } from './plan.ts';

const run = '2026-11-21T07-10-00Z-leader-loss-3f9a1c';

describe('a plan', () => {
  it('is the same for the same seed, and its phase another for another', () => {
    const one = planned({ seed: 1 });
    expect(planned({ seed: 1 })).to.deep.equal(one);
    expect(planned({ seed: 2 }).phaseMs).not.to.equal(one.phaseMs);
  });

  it('begins at any phase of the thirty seconds between looks at the roles', () => {
    const scenario = scenarioWith([killStep('kill', 'leader', 'containers')]);
    const phases = Array.from({ length: 200 }, (_, seed) => planned({ seed, scenario }).phaseMs);
    expect(Math.min(...phases)).to.be.within(0, 1000);
    expect(Math.max(...phases)).to.be.within(29_000, 29_999);
  });

  it('holds the intent of each fault, named after run and step', () => {
    const { steps } = planned();
    expect(intentOf(steps[0])).to.include({ id: '3f9a1c-kill', fault: 'kill' });
    expect(intentOf(steps[0])?.targets).to.deep.equal(['pi1']);
    expect(steps.slice(1)).to.deep.equal([
      { kind: 'until-seen', id: 'wait', atMostMs: 45_000 },
      { kind: 'heal', id: 'heal', step: 'all' },
    ]);
  });

  it('is plain data', () => {
    const one = planned();
    expect(JSON.parse(JSON.stringify(one))).to.deep.equal(one);
  });

  it('does not pick another victim because a step was put before', () => {
    const follower = (id: string): Step => killStep(id, 'follower');
    for (let seed = 0; seed < 20; seed++) {
      const alone = planned({ seed, scenario: scenarioWith([follower('second')]) });
      const behind = planned({
        seed,
        scenario: scenarioWith([
          follower('first'),
          { kind: 'heal', id: 'heal', step: 'all' },
          follower('second'),
        ]),
      });
      expect(intentOf(behind.steps[2])).to.deep.equal(intentOf(alone.steps[0]));
    }
  });
});

describe('a selector', () => {
  const victim = (target: Selector, seed = 1, snapshot = snapshotOf()): string =>
    intentOf(
      planned({ seed, snapshot, scenario: scenarioWith([killStep('kill', target)]) }).steps[0],
    )?.targets[0] ?? 'none';

  it('finds the leader, a stand-by, and a node by its name', () => {
    expect(victim('leader')).to.equal('pi1');
    expect(victim('stand-by')).to.equal('pi4');
    expect(victim({ node: 'pi3' })).to.equal('pi3');
  });

  it('finds every follower sooner or later, and never the leader or a stand-by', () => {
    const victims = new Set(Array.from({ length: 50 }, (_, seed) => victim('follower', seed)));
    expect([...victims].sort()).to.deep.equal(['pi2', 'pi3']);
  });

  it('that finds nobody is refused with the reason', () => {
    const refusal = (target: Selector, snapshot: Snapshot): string =>
      refused({ snapshot, scenario: scenarioWith([killStep('kill', target)]) }).reason;
    expect(refusal('stand-by', snapshotOf(['voter', 'voter', 'voter']))).to.equal(
      'step kill: no node of rack is a stand-by with a datastore member that answers',
    );
    expect(refusal({ node: 'pi9' }, snapshotOf())).to.equal(
      'step kill: there is no node "pi9" in rack; its nodes: pi1, pi2, pi3, pi4',
    );
    expect(refusal('leader', leaderless(snapshotOf()))).to.contain('is the leader');
  });

  it('is, with hit-by, what an earlier fault hit that still stands', () => {
    const first = killStep('first', 'follower', 'api-server');
    const again = killStep('again', { 'hit-by': 'first' });
    const steps = planned({ scenario: scenarioWith([first, again]) }).steps;
    expect(intentOf(steps[1])?.targets).to.deep.equal(intentOf(steps[0])?.targets);
    const heal: Step = { kind: 'heal', id: 'heal', step: 'all' };
    expect(refused({ scenario: scenarioWith([first, heal, again]) }).reason).to.contain(
      'there is no node "hit by first, which does not stand"',
    );
  });

  it('does not pick the dead', () => {
    const snapshot = silent(snapshotOf(['voter', 'voter', 'voter', 'stand-by', 'stand-by']), '4');
    const victims = new Set(
      Array.from({ length: 20 }, (_, seed) => victim('stand-by', seed, snapshot)),
    );
    expect([...victims]).to.deep.equal(['pi5']);
  });
});

describe('planning refuses', () => {
  it('what the cluster has not consented to', () => {
    const scenario = {
      ...scenarioWith([killStep('kill', 'leader')]),
      class: classes('power', 'reversible'),
    };
    expect(refused({ scenario, allow: ['reversible'] })).to.deep.equal({
      outcome: 'refused',
      reason:
        'leader-loss is of class power, which the cluster does not allow (allow: [reversible]); ' +
        'add it to allow in the cluster file if that is meant',
    });
  });

  it('to lose the quorum, with the faults before that were not healed', () => {
    const scenario = scenarioWith([
      killStep('one', { node: 'pi1' }),
      killStep('two', { node: 'pi2' }),
    ]);
    expect(refused({ scenario })).to.deep.equal({
      outcome: 'refused',
      reason:
        'step two: to kill the datastore (k8s-dqlite) on pi2 and keep it down would leave 1 of 3 voters, ' +
        'and 2 are needed for a quorum; heal before this step, or give the scenario the class breaks-quorum',
    });
  });

  it('to lose the quorum by two cuts, of which neither would cost it', () => {
    const cut = (id: string, from: string): Step => ({
      kind: 'fault',
      id,
      fault: 'partition',
      params: { ...partition.schema.parse({ target: { node: 'pi1' }, from: { node: from } }) },
    });
    const kill = killStep('kill', { node: 'pi3' });
    expect(planned({ scenario: scenarioWith([cut('one', 'pi2')]) }).steps).to.have.length(1);
    expect(
      planned({ scenario: scenarioWith([cut('one', 'pi2'), cut('two', 'pi3')]) }).steps,
    ).to.have.length(2);
    expect(refused({ scenario: scenarioWith([cut('one', 'pi2'), kill]) }).reason).to.contain(
      'would leave 1 of 3 voters',
    );
  });

  it('no loss of quorum that the scenario says and the cluster allows, or that healing prevents', () => {
    const [one, two] = [killStep('one', { node: 'pi1' }), killStep('two', { node: 'pi2' })];
    const meant = { ...scenarioWith([one, two]), class: classes('breaks-quorum') };
    expect(planned({ scenario: meant, allow: ['breaks-quorum'] }).steps).to.have.length(2);
    const heal: Step = { kind: 'heal', id: 'heal', step: 'one' };
    expect(planned({ scenario: scenarioWith([one, heal, two]) }).steps).to.have.length(3);
  });

  it('two faults that hold the same thing', () => {
    const kill = (id: string): Step => killStep(id, { node: 'pi2' }, 'containers');
    expect(refused({ scenario: scenarioWith([kill('one'), kill('two')]) }).reason).to.equal(
      'step two: to kill the containers (containerd) on pi2 and keep it down is not possible while ' +
        'kill (3f9a1c-one) holds pi2/snap.microk8s.daemon-containerd.service; heal that one before this step',
    );
  });

  it('to end a pod of a namespace that the cluster protects, where a step would', () => {
    const pods = [1, 2, 3, 4].map((number) => podOf(`billing/shop-${number}`, 'pi2'));
    const drainOf = (node: string): Scenario =>
      scenarioWith([
        {
          kind: 'fault',
          id: 'drain',
          fault: 'drain',
          params: { target: { node }, count: 'one', within: 60_000 },
        },
      ]);
    const snapshot = snapshotOf(undefined, { pods });
    const protect = ['billing'];
    expect(refused({ snapshot, protect, scenario: drainOf('pi2') })).to.deep.equal({
      outcome: 'refused',
      reason:
        'step drain: to drain pi2: cordon, and evict 4 pods would hit billing/shop-1, billing/shop-2, billing/shop-3 ' +
        'and 1 more, of a namespace that the cluster file protects; move those pods to another node, aim elsewhere, ' +
        'or take the namespace out of protect',
    });
    expect(planned({ snapshot, protect, scenario: drainOf('pi3') }).steps).to.have.length(1);
    expect(planned({ snapshot, scenario: drainOf('pi2') }).steps).to.have.length(1);
  });

  it('to kill a datastore where there is none', () => {
    const snapshot = snapshotOf();
    const worker = { ...nodeNumber(5), controlPlane: false };
    expect(
      refused({
        snapshot: { ...snapshot, nodes: [...snapshot.nodes, worker] },
        scenario: scenarioWith([killStep('kill', { node: 'pi5' })]),
      }).reason,
    ).to.contain('no member of the datastore runs on pi5');
  });

  it('a predicted limit where nothing predicts', () => {
    const expectation = {
      claim: 'cluster-recovers',
      params: { within: 'predicted', after: 'heal' },
    };
    const scenario = { ...scenarioWith([killStep('kill', 'leader')]), expect: [expectation] };
    expect(refused({ scenario }).reason).to.match(
      /^cluster-recovers has the limit predicted, and nothing/,
    );
  });

  it('a predicted limit of another fault than the one that is predicted for', () => {
    const steps = [
      killStep('one', { node: 'pi1' }),
      { kind: 'heal', id: 'heal', step: 'all' } as const,
      killStep('two', { node: 'pi2' }),
    ];
    const of = (after?: string): Scenario => ({
      ...scenarioWith(steps),
      expect: [{ claim: 'voters-restored', params: { within: 'predicted', after } }],
    });
    expect(planned({ scenario: of('one') }).predicted).to.have.length.above(0);
    expect(planned({ scenario: of() }).predicted).to.have.length.above(0);
    expect(refused({ scenario: of('two') }).reason).to.match(/^voters-restored has the limit/);
  });
});

describe('planning skips', () => {
  it('what claims that somebody is alerted, where nobody tells of alerts', () => {
    const scenario = {
      ...scenarioWith([killStep('kill', 'leader')]),
      expect: [{ claim: 'alerted', params: { alert: 'NodeDown', within: 60_000 } }],
    };
    const tables = { ...testTables, claims };
    expect(refused({ scenario, tables })).to.deep.equal({
      outcome: 'skipped',
      reason:
        'leader-loss claims that somebody is alerted, and the cluster file does not say whence alerts are known; ' +
        'write alerts: { alertmanager: URL } or alerts: { listen: ADDRESS:PORT } there',
    });
    const { series } = planned({ scenario, tables, alerts: true });
    expect(series.filter(({ probe }) => probe === 'alerts')).to.deep.equal([
      { id: 'alerts', probe: 'alerts', everyMs: 997 },
    ]);
    expect(planned({ alerts: true }).series.map(({ probe }) => probe)).not.to.contain('alerts');
  });

  it('a scenario that needs a larger cluster', () => {
    const scenario = {
      ...scenarioWith([killStep('kill', 'leader')]),
      needs: { voters: 3, standbys: 1, nodes: 4 },
    };
    expect(refused({ scenario, snapshot: snapshotOf(['voter', 'voter', 'voter']) })).to.deep.equal({
      outcome: 'skipped',
      reason: 'leader-loss needs more of rack: standbys ≥ 1 (has 0), nodes ≥ 4 (has 3)',
    });
  });
});

describe('the series of a plan', () => {
  const worker = { ...nodeNumber(5), controlPlane: false };
  const snapshot = snapshotOf();
  const wide = { ...snapshot, nodes: [...snapshot.nodes, worker] };
  const members = ['pi1', 'pi2', 'pi3', 'pi4'];
  const nodesOf = (scenario: Scenario, probe: string): readonly (string | undefined)[] =>
    planned({ snapshot: wide, scenario })
      .series.filter((series) => series.probe === probe)
      .map(({ node }) => node);

  it('look from every member for the leader, whatever is claimed', () => {
    const scenario = { ...scenarioWith([killStep('kill', 'leader')]), expect: [] };
    expect(nodesOf(scenario, 'leader')).to.deep.equal(members);
  });

  it('look at the workload through every node, and only if there is one', () => {
    const scenario = scenarioWith([killStep('kill', 'leader')]);
    for (const probe of ['web-new', 'inside-new', 'names']) {
      const with5 = nodesOf({ ...scenario, workload: 'web' }, probe);
      expect(with5, probe).to.deep.equal([...members, 'pi5']);
      expect(nodesOf(scenario, probe), probe).to.deep.equal([]);
    }
  });

  it('have the rhythm of their probe', () => {
    expect(planned().series[0]).to.deep.equal({
      id: 'leader@pi1',
      probe: 'leader',
      node: 'pi1',
      everyMs: 41,
    });
  });

  it('spare the datastore where no claim needs to look closer', () => {
    const everyMs = (probe: string, ...expect: Scenario['expect']): number | undefined => {
      const scenario = { ...scenarioWith([killStep('kill', 'leader')]), expect };
      return planned({ scenario }).series.find((one) => one.probe === probe)?.everyMs;
    };
    const outage = (longest: number): Scenario['expect'][number] => ({
      claim: 'write-outage',
      params: { longest },
    });
    expect(everyMs('write')).to.equal(397);
    expect(everyMs('write', outage(10_000))).to.equal(397);
    expect(everyMs('write', outage(9000))).to.equal(193);
    expect(everyMs('write', outage(10_000), outage(1000))).to.equal(193);
    expect(everyMs('history', outage(1000))).to.equal(1601);
    const kept = { claim: 'acknowledged-writes-survive', params: {} };
    expect(everyMs('history', kept)).to.equal(401);
    expect(everyMs('read', kept)).to.equal(199);
  });
});

describe('designing again before firing', () => {
  const original = planned();

  it('aims at the leader of now', () => {
    const snapshot = snapshotOf();
    const moved = { ...snapshot, datastore: { ...snapshot.datastore, leader: '3' } };
    const again = redesign(faultStep(original), moved, original);
    expect(again).to.have.property('targets').that.deep.equals(['pi3']);
    expect(again).to.have.property('membersDown').that.deep.equals(['3']);
  });

  it('gives the same intent while nothing has moved', () => {
    expect(redesign(faultStep(original), original.snapshot, original)).to.deep.equal(
      intentOf(original.steps[0]),
    );
  });

  it('refuses when a voter has died since', () => {
    const weaker = silent(snapshotOf(), '2');
    expect(redesign(faultStep(original), weaker, original))
      .to.have.property('reason')
      .that.contains('would leave 1 of 3 voters');
  });
});

describe('a fault that aims at pods', () => {
  const deletion = (namespace: string): Step => ({
    kind: 'fault',
    id: 'crash',
    fault: 'delete-pod',
    params: { namespace, labels: { app: 'web' }, count: 'one', grace: 0 },
  });
  const bare = scenarioWith([deletion('holdfast')]);
  const scenario = { ...bare, workload: 'web' };
  const web = podOf('holdfast/web-1', 'pi2', { labels: { app: 'web' } });

  it('is planned in words while the workload of the run is not there', () => {
    const one = planned({ scenario });
    expect(one.steps).to.deep.equal([
      {
        ...deletion('holdfast'),
        untilDeployed: 'delete one of the pods in namespace holdfast with app=web without grace',
      },
    ]);
    expect(explain(one, testTables.claims)).to.include(
      '1. crash: delete one of the pods in namespace holdfast with app=web without grace (designed once the workload is deployed)',
    );
  });

  it('is designed just before it fires, or refused if the pods are not there then either', () => {
    const one = planned({ scenario });
    const deployed = snapshotOf(undefined, { pods: [web] });
    expect(redesign(faultStep(one), deployed, one)).to.have.property(
      'says',
      'delete holdfast/web-1 on pi2 without grace',
    );
    expect(redesign(faultStep(one), snapshotOf(), one)).to.include({
      outcome: 'refused',
      reason: 'step crash: no pod stands on a node in namespace holdfast with app=web',
    });
    expect(redesign(faultStep(one), deployed, { ...one, protect: ['holdfast'] }))
      .to.have.property('reason')
      .that.includes('of a namespace that the cluster file protects');
  });

  it('is planned in words, too, where it aims at the nodes that they run on', () => {
    const target = { runs: { namespace: 'holdfast', labels: { app: 'web' } } };
    const params = { service: 'containers', target, count: 'one', 'stay-down': true } as const;
    const kill: Step = { kind: 'fault', id: 'kill', fault: 'kill', params };
    const one = planned({ scenario: { ...scenarioWith([kill]), workload: 'web' } });
    expect(one.steps[0]).to.have.property('untilDeployed', 'kill where app=web runs');
    const deployed = snapshotOf(undefined, { pods: [web] });
    expect(redesign(faultStep(one), deployed, one)).to.deep.include({ targets: ['pi2'] });
    expect(refused({ scenario: scenarioWith([kill]) }).reason).to.include('stand on 0 nodes');
  });

  it('is refused at once where the scenario has no workload, or the pods should be there', () => {
    expect(refused({ scenario: bare }).reason).to.match(/no pod stands .* holdfast with app=web$/);
    expect(
      refused({ scenario: { ...scenarioWith([deletion('shop')]), workload: 'web' } }).reason,
    ).to.equal('step crash: no pod stands on a node in namespace shop with app=web');
  });
});

describe('a change of a Deployment', () => {
  const update = (deployment: string): Step => ({
    ...{ kind: 'fault', id: 'update', fault: 'update' },
    params: { deployment, image: 'nginx:1.28' },
  });
  const rollback = (deployment: string): Step => ({
    ...{ kind: 'fault', id: 'rollback', fault: 'rollback' },
    params: { deployment },
  });
  const theirs = 'shop/web';
  const changes = { class: classes('reversible', 'changes-workloads') };
  const both = { ...scenarioWith([update(theirs), rollback(theirs)]), ...changes };
  const objects = { deployments: { [theirs]: deploymentOf() }, services: {} };
  const snapshot = snapshotOf(undefined, { objects });
  const allow = changes.class;

  it('of the run’s own is planned in words, with what takes it back', () => {
    const steps = [update('holdfast/web'), rollback('holdfast/web')];
    const one = planned({ scenario: { ...scenarioWith(steps), workload: 'web' } });
    expect(one.steps.map((step) => 'untilDeployed' in step && step.untilDeployed)).to.deep.equal([
      'update holdfast/web to nginx:1.28',
      'roll holdfast/web back',
    ]);
    expect(refused({ scenario: scenarioWith(steps) }).reason).to.equal(
      'step update: there is no Deployment holdfast/web',
    );
  });

  it('of others is designed at once, and rolled back to what is recorded', () => {
    const [first, second] = planned({ scenario: both, snapshot, allow }).steps.map(intentOf);
    expect(first).to.have.property('says', 'update shop/web to nginx:1.28');
    expect(JSON.stringify(second?.inject)).to.include(JSON.stringify(deploymentOf().template.spec));
  });

  it('of others is refused without the scenario’s word, the cluster’s, or that object', () => {
    const bare = scenarioWith([update(theirs)]);
    expect(refused({ scenario: bare, snapshot }).reason).to.match(
      /^step update: .* would change shop\/web, .* give the scenario the class changes-workloads/,
    );
    expect(refused({ scenario: both, snapshot }).reason).to.include('does not allow');
    expect(refused({ scenario: both, snapshot, allow, protect: ['shop'] }).reason).to.include(
      'of a namespace that the cluster file protects',
    );
    expect(refused({ scenario: { ...both, workload: 'web' }, allow }).reason).to.equal(
      'step update: there is no Deployment shop/web',
    );
  });
});

describe('the predictions of a plan', () => {
  it('follow the network latency of the cluster', () => {
    const [election, roles] = planned().predicted;
    expect(election).to.include({ claim: 'leader-elected' });
    // Of two timers between 1500 and 3000 ms the later has its median at 2561; the tick adds 75 on average.
    expect(election?.p50Ms).to.be.within(2600, 2670);
    expect(election?.p95Ms).to.be.within(2980, 3100);
    expect(roles).to.include({ claim: 'voters-restored' });
    expect(roles?.p50Ms).to.be.within(14_500, 15_500);
    expect(roles?.p95Ms).to.be.within(28_000, 29_500);
  });

  it("agree with Dqlite's defaults as measured over 81 elections: p50 5.35 s, p95 6.21 s", () => {
    const [election] = planned({ snapshot: tuned({}) }).predicted;
    expect(election?.p50Ms).to.be.within(5200, 5500);
    expect(election?.p95Ms).to.be.within(6050, 6350);
  });

  it('wait for no timer that a majority does not need: of four survivors, the third', () => {
    const five = snapshotOf(['voter', 'voter', 'voter', 'voter', 'voter']);
    const [election, ...others] = planned({ snapshot: five }).predicted;
    // The third of four uniform timers has its median at 61 % of the range.
    expect(election?.p50Ms).to.be.within(2430, 2560);
    expect(others, 'no stand-by to promote').to.deep.equal([]);
  });

  it('say nothing of roles when the member comes back by itself, or of elections when a follower dies', () => {
    const once = scenarioWith([killStep('kill', 'leader', 'datastore', false)]);
    expect(planned({ scenario: once }).predicted.map(({ claim }) => claim)).to.deep.equal([
      'leader-elected',
    ]);
    const follower = scenarioWith([killStep('kill', 'follower')]);
    expect(planned({ scenario: follower }).predicted.map(({ claim }) => claim)).to.deep.equal([
      'voters-restored',
    ]);
  });

  it('rest on how the members go: frozen they are lost, stopped they hand over', () => {
    const claimsOf = (fault: string): readonly string[] => {
      const step = { ...killStep('deed', 'leader'), fault };
      return planned({ scenario: scenarioWith([step]) }).predicted.map(({ claim }) => claim);
    };
    expect(claimsOf('freeze')).to.deep.equal(['leader-elected', 'voters-restored']);
    expect(claimsOf('stop')).to.deep.equal([]);
  });

  it('say nothing where no member is lost', () => {
    const containers = scenarioWith([killStep('kill', 'leader', 'containers')]);
    expect(planned({ scenario: containers }).predicted).to.deep.equal([]);
  });

  it('say nothing of roles where the datastore is etcd, which promotes nobody by itself', () => {
    const snapshot = snapshotOf();
    const etcd = { ...snapshot, datastore: { ...snapshot.datastore, kind: 'etcd' as const } };
    expect(planned({ snapshot: etcd }).predicted.map(({ claim }) => claim)).to.deep.equal([
      'leader-elected',
    ]);
  });
});

describe('the dry run', () => {
  it('prints each intent word for word', () => {
    const one = planned();
    const said = explain(one, testTables.claims);
    const intent = intentOf(one.steps[0]);
    const scripts = [
      ...(intent?.prepare ?? []),
      ...(intent?.inject ?? []),
      ...(intent?.bit ?? []),
      ...(intent?.undo ?? []),
      ...(intent?.gone ?? []),
    ].flatMap((part) => ('sh' in part ? part.sh.split('\n') : []));
    expect(scripts).to.have.length.above(20);
    for (const line of scripts) expect(said).to.contain(line);
  });

  it('says cluster, seed, steps, claims, predictions and samples', () => {
    const said = explain(planned({ seed: 42 }), testTables.claims).split('\n');
    expect(said).to.include.members([
      'The leader dies',
      '  cluster  rack (microk8s, Kubernetes v1.34.4): 4 nodes, dqlite 1.18.1 with 3 voters and 1 stand-by, led by pi1',
      `  run      ${run}, seed 42`,
      '1. kill: kill the datastore (k8s-dqlite) on pi1 and keep it down',
      '   down     datastore member 1',
      '   undo by  node-timer, should Holdfast die meanwhile',
      '2. wait: wait until the end of every claim was seen, at most 45s',
      '3. heal: heal all',
      '  leader-elected: {"within":5000}',
      '  leader every 41 ms at pi1, pi2, pi3, pi4',
    ]);
    expect(said.find((line) => line.includes('predicted: half within 2.6'))).to.match(
      /from an election timeout of 1500 ms \(15 × network latency 100 ms\)/,
    );
  });
});

describe('the id of an intent', () => {
  it('is short, and made of the run and the step', () => {
    expect(intentId(run, 'kill')).to.equal('3f9a1c-kill');
    expect(intentId(run, 'a'.repeat(31)).length).to.be.at.most(40);
  });

  it('is not made of a run without digits of its own', () => {
    expect(() => intentId('some-run', 'kill')).to.throw('six hex digits');
  });
});

describe('a fault that a test brings', () => {
  it('is planned like any other', () => {
    const nothing = {
      summary: 'does nothing',
      schema: z.strictObject({}),
      example: {},
      design: (_params: unknown, { id }: { id: string }): Intent => ({
        ...{
          id,
          fault: 'nothing',
          says: 'do nothing',
          targets: [],
          holds: [],
          membersDown: [],
          podsHit: [],
        },
        ...{ prepare: [], inject: [], bit: [], undo: [], gone: [], undoBy: 'journal' },
      }),
    };
    const tables: Tables = { ...testTables, faults: { ...testTables.faults, nothing } };
    const step: Step = { kind: 'fault', id: 'nothing', fault: 'nothing', params: {} };
    expect(intentOf(planned({ tables, scenario: scenarioWith([step]) }).steps[0])?.says).to.equal(
      'do nothing',
    );
  });
});

function killStep(
  id: string,
  target: Selector,
  service: ServiceName = 'datastore',
  stayDown = true,
): Step {
  return { kind: 'fault', id, fault: 'kill', params: { service, target, 'stay-down': stayDown } };
}

function scenarioWith(steps: readonly Step[]): Scenario {
  return {
    name: 'leader-loss',
    title: 'The leader dies',
    claim: 'A new leader within 5 s.',
    class: ['reversible'],
    needs: {},
    steps,
    expect: [{ claim: 'leader-elected', params: { within: 5000 } }],
  };
}

function input(changes: Partial<PlanInput> = {}): PlanInput {
  return {
    scenario: scenarioWith([
      killStep('kill', 'leader'),
      { kind: 'until-seen', id: 'wait', atMostMs: 45_000 },
      { kind: 'heal', id: 'heal', step: 'all' },
    ]),
    text: 'name: leader-loss',
    file: 'scenarios/leader-loss.yaml',
    snapshot: snapshotOf(),
    allow: ['reversible'],
    protect: [],
    seed: 1,
    run,
    versions: { holdfast: '0.1.0' },
    tables: testTables,
    ...changes,
  };
}

function planned(changes: Partial<PlanInput> = {}): Plan {
  const result = plan(input(changes));
  if (isRefusal(result)) throw new Error(`${result.outcome}: ${result.reason}`);
  return result;
}

function refused(changes: Partial<PlanInput>): Refusal {
  const result = plan(input(changes));
  if (!isRefusal(result)) throw new Error('it was planned');
  return result;
}

function intentOf(step: Plan['steps'][number] | undefined): Intent | undefined {
  return step?.kind === 'fault' ? step.intent : undefined;
}

function faultStep(plan: Plan): Extract<Step, { kind: 'fault' }> {
  const step = plan.scenario.steps[0];
  if (step?.kind !== 'fault') throw new Error('the first step is no fault');
  return step;
}

function classes(...some: ScenarioClass[]): readonly ScenarioClass[] {
  return some;
}

function leaderless({ datastore, ...snapshot }: Snapshot): Snapshot {
  const { kind, version, folder, members, settings, scripts } = datastore;
  return { ...snapshot, datastore: { kind, version, folder, members, settings, scripts } };
}

function silent(snapshot: Snapshot, id: string): Snapshot {
  const members = snapshot.datastore.members.map((member) =>
    member.id === id ? { ...memberNumber(Number(id), member.role), answers: false } : member,
  );
  return { ...snapshot, datastore: { ...snapshot.datastore, members } };
}

function tuned(settings: Snapshot['datastore']['settings']): Snapshot {
  const snapshot = snapshotOf();
  return { ...snapshot, datastore: { ...snapshot.datastore, settings } };
}
