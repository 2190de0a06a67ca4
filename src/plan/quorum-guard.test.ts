/**
 * The quorum guard against an oracle of our own. The oracle knows of each fault what it does to nodes and to the
 * network between them, by what a person wrote and which nodes were picked; it knows nothing of `membersDown`,
 * `membersApart` or the guard's arithmetic.
 */
import { expect } from 'chai';
import { faults } from '../faults/table.ts';
import { randomFrom, type Random } from '../model/random.ts';
import { memberNumber, nodeNumber, snapshotOf } from '../testing/snapshot.ts';
import { testTables } from '../testing/tables.ts';
import { plan, redesign, type FaultStep } from './plan.ts';
import { isRefusal } from './refusal.ts';
import type { Intent } from '../model/intent.ts';
import type { FaultParams, Scenario, ScenarioClass, Step } from '../model/scenario.ts';
import type { Datastore, Member, Role, Snapshot } from '../model/snapshot.ts';
import type { FaultTable } from '../model/tables.ts';

const cases = 100_000;
const plans = 2_000;
const run = '2026-11-21T07-10-00Z-guard-3f9a1c';

/** What a fault does while it stands: nodes whose member is silent, and pairs that cannot talk, in either direction. */
interface Effect {
  readonly silent: readonly string[];
  readonly cut: readonly (readonly [string, string])[];
}

/** How a fault may be written, and what it then does to which nodes. */
interface Kind {
  readonly written: readonly object[];
  readonly effect: (
    params: FaultParams,
    targets: readonly string[],
    all: readonly string[],
  ) => Effect;
}

const nothing = (): Effect => ({ silent: [], cut: [] });
const silence = (_: FaultParams, targets: readonly string[]): Effect => ({
  silent: targets,
  cut: [],
});
const ofService: Kind['effect'] = ({ service }, targets) =>
  service === 'datastore' ? { silent: targets, cut: [] } : nothing();
/** Nodes of one side are cut off from those of the other that are not on theirs. */
const between = (some: readonly string[], others: readonly string[]): Effect => ({
  silent: [],
  cut: some.flatMap((one) =>
    others.filter((other) => other !== one).map((other) => [one, other] as const),
  ),
});
const named = (from: FaultParams['from']): readonly string[] | undefined => {
  if (typeof from !== 'object') return undefined;
  if ('node' in from) return [from.node];
  return 'nodes' in from ? from.nodes : undefined;
};

const targets = [
  ...['leader', 'follower', 'voter', 'stand-by', 'control-plane', 'worker'].flatMap((target) =>
    ['one', 'minority', 'majority', 'all', 2].map((count) => ({ target, count })),
  ),
  ...['pi1', 'pi2', 'pi3', 'pi5'].map((node) => ({ target: { node } })),
  { target: { nodes: ['pi1', 'pi2'] } },
  { target: { nodes: ['pi2', 'pi4', 'pi5'] } },
  { target: { 'holder-of': 'kube-scheduler' } },
];
const aimed = (...more: readonly object[]): readonly object[] =>
  targets.flatMap((target) =>
    (more.length === 0 ? [{}] : more).map((one) => ({ ...target, ...one })),
  );
const single = targets.flatMap(({ target, ...more }) => ('count' in more ? [] : [{ target }]));
const services = ['datastore', 'api-server', 'containers'].map((service) => ({ service }));

/** Every kind of fault there is; one that is missing here is told by name. */
const kinds: Readonly<Record<string, Kind>> = {
  kill: {
    written: aimed(...services, { service: 'datastore', 'stay-down': true }),
    effect: ofService,
  },
  stop: { written: aimed(...services), effect: ofService },
  freeze: { written: aimed(...services), effect: ofService },
  'power-off': { written: aimed(), effect: silence },
  'power-cycle': { written: aimed(), effect: silence },
  reboot: { written: aimed(), effect: silence },
  'fill-disk': { written: aimed(), effect: silence },
  'remove-member': { written: single, effect: silence },
  'destroy-data': { written: single, effect: silence },
  'add-member': { written: single, effect: nothing },
  isolate: {
    written: aimed({}, { direction: 'in' }, { direction: 'out' }, { traffic: 'datastore' }),
    effect: (_, targets, all) => between(targets, all),
  },
  flap: { written: aimed(), effect: (_, targets, all) => between(targets, all) },
  partition: {
    written: aimed(
      {},
      { from: { node: 'pi3' } },
      { from: { nodes: ['pi1', 'pi4'] }, how: 'reject' },
    ),
    effect: ({ from }, targets, all) =>
      between(
        targets,
        (named(from) ?? all).filter((one) => !targets.includes(one)),
      ),
  },
  lose: { written: aimed({ share: '30%' }), effect: nothing },
  'slow-disk': { written: aimed(), effect: nothing },
  'hog-cpu': { written: aimed(), effect: nothing },
  'hog-memory': { written: aimed({ size: '256MiB' }), effect: nothing },
  cordon: { written: aimed(), effect: nothing },
  drain: { written: aimed(), effect: nothing },
  'delete-pod': { written: [{ namespace: 'holdfast', labels: { app: 'web' } }], effect: nothing },
  'freeze-pod': { written: [{ namespace: 'holdfast', labels: { app: 'web' } }], effect: nothing },
  update: { written: [{ deployment: 'holdfast/web', image: 'nginx:1.28' }], effect: nothing },
  rollback: { written: [{ deployment: 'holdfast/web' }], effect: nothing },
  scale: { written: [{ deployment: 'holdfast/web', replicas: 6 }], effect: nothing },
  switch: { written: [{ service: 'holdfast/web', selector: { app: 'v2' } }], effect: nothing },
};

/** The parameters of each kind, as its own schema reads them. */
const read: ReadonlyMap<string, readonly FaultParams[]> = new Map(
  Object.entries<FaultTable[string]>(faults).map(([name, { schema }]) => [
    name,
    (kinds[name]?.written ?? []).map((written) => schema.parse(written)),
  ]),
);

describe('the quorum guard', function () {
  this.timeout(300_000);

  it('is tried with every fault there is', () => {
    expect(Object.keys(faults).filter((name) => kinds[name] === undefined)).to.deep.equal([]);
  });

  it(`lets no fault go below a quorum, in ${cases} clusters that change meanwhile`, () => {
    const tally = { permitted: 0, refused: 0, silenced: 0, cut: 0 };
    for (let seed = 0; seed < cases; seed++) tryCluster(seed, tally);
    // Nothing is shown by a guard that refuses everything, or by faults that hit no voter.
    expect(tally.permitted).to.be.above(cases);
    expect(tally.refused).to.be.above(cases / 10);
    expect(tally.silenced).to.be.above(cases / 20);
  });

  it(`plans no such steps, in ${plans} clusters`, () => {
    let planned = 0;
    for (let seed = 0; seed < plans; seed++) if (tryPlan(seed)) planned++;
    expect(planned).to.be.above(plans / 20);
  });

  it('is asked again before each step: what was planned is refused in a cluster that got worse', () => {
    const step: FaultStep = {
      kind: 'fault',
      id: 'kill',
      fault: 'kill',
      params: faults.kill.schema.parse({
        service: 'datastore',
        target: 'leader',
        'stay-down': true,
      }),
    };
    const snapshot = snapshotOf();
    const intent = redesign(step, snapshot, planOf([step]));
    expect(isRefusal(intent)).to.equal(false);
    const worse = (id: string, change: Partial<Member>): Snapshot => ({
      ...snapshot,
      datastore: {
        ...snapshot.datastore,
        members: snapshot.datastore.members.map((one) =>
          one.id === id ? { ...one, ...change } : one,
        ),
      },
    });
    expect(redesign(step, worse('2', { answers: false }), planOf([step])))
      .to.have.property('reason')
      .that.includes('would leave 1 of 3 voters, and 2 are needed');
    expect(redesign(step, worse('2', { role: 'spare' }), planOf([step])))
      .to.have.property('reason')
      .that.includes('would leave 1 of 2 voters, and 2 are needed');
    expect(isRefusal(redesign(step, worse('4', { answers: false }), planOf([step])))).to.equal(
      false,
    );
  });
});

interface Standing {
  readonly intent: Intent;
  readonly effect: Effect;
}

/** One cluster, to which faults, healings and misfortunes of its own come in turn. */
function tryCluster(
  seed: number,
  tally: { permitted: number; refused: number; silenced: number; cut: number },
): void {
  const random = randomFrom(seed);
  let cluster = randomCluster(random);
  const standing = new Map<string, Standing>();
  const length = 2 + Math.floor(random.next() * 5);
  for (let index = 0; index < length; index++) {
    const chance = random.next();
    if (chance < 0.1) standing.clear();
    else if (chance < 0.2) standing.delete(random.pick([...standing.keys()]) ?? '');
    else if (chance < 0.3) cluster = misfortune(cluster, random);
    else {
      const step = randomFault(`s${index}`, random);
      // What has crashed once answers again, though its fault stands until it is healed.
      const now = random.next() < 0.5 ? cluster : surveyed(cluster, [...standing.values()]);
      const before = [...standing.values()];
      const intents = before.map(({ intent }) => intent);
      const intent = redesign(step, now, { ...planOf([step]), seed }, intents);
      if (isRefusal(intent)) {
        tally.refused++;
        continue;
      }
      const effect = effectOf(step, intent, now);
      const hits = hitsVoter(effect, cluster, before);
      if (hits && !writes(cluster, [...before, { intent, effect }]))
        throw new Error(`seed ${seed}: ${intent.says} was permitted: ${tell(cluster, before)}`);
      tally.permitted++;
      if (hits && effect.silent.length > 0) tally.silenced++;
      if (hits && effect.cut.length > 0) tally.cut++;
      standing.set(step.id, { intent, effect });
    }
  }
}

/** One scenario on one cluster as surveyed. @returns whether there was a plan that hits a voter */
function tryPlan(seed: number): boolean {
  const random = randomFrom(seed);
  const snapshot = randomCluster(random);
  const steps = Array.from({ length: 1 + Math.floor(random.next() * 4) }, (_, index): Step => {
    const heal = index > 0 && random.next() < 0.3;
    return heal ? { kind: 'heal', id: `s${index}`, step: 'all' } : randomFault(`s${index}`, random);
  });
  const { scenario } = planOf(steps);
  const result = plan({
    ...{ scenario, text: '', file: '', snapshot, allow: scenario.class, protect: [], seed, run },
    ...{ versions: {}, tables: testTables },
  });
  if (isRefusal(result)) return false;
  let standing: Standing[] = [];
  let hit = false;
  for (const step of result.steps) {
    if (step.kind === 'heal') standing = [];
    if (step.kind !== 'fault' || step.intent === undefined) continue;
    const { intent } = step;
    const effect = effectOf(step, intent, snapshot);
    const hits = hitsVoter(effect, snapshot, standing);
    standing.push({ intent, effect });
    if (hits && !writes(snapshot, standing))
      throw new Error(`seed ${seed}: ${intent.says} was planned: ${tell(snapshot, standing)}`);
    hit ||= hits;
  }
  return hit;
}

/** Is there a voter that reaches a majority of all voters, itself among them? */
function writes(cluster: Snapshot, standing: readonly Standing[]): boolean {
  const voters = cluster.datastore.members.filter(({ role }) => role === 'voter');
  const silent = new Set(standing.flatMap(({ effect }) => effect.silent));
  const alive = voters.flatMap(({ node, answers }) =>
    node !== undefined && answers && !silent.has(node) ? [node] : [],
  );
  const cut = new Set(standing.flatMap(({ effect }) => effect.cut.map((pair) => pair.join())));
  const talk = (a: string, b: string): boolean => !cut.has(`${a},${b}`) && !cut.has(`${b},${a}`);
  return alive.some(
    (leader) => alive.filter((other) => talk(leader, other)).length * 2 > voters.length,
  );
}

/** Does a fault change anything for a voter that was alive? */
function hitsVoter(effect: Effect, cluster: Snapshot, standing: readonly Standing[]): boolean {
  const silent = new Set(standing.flatMap((one) => one.effect.silent));
  const alive = cluster.datastore.members
    .filter(({ role, answers, node }) => role === 'voter' && answers && !silent.has(node ?? ''))
    .map(({ node }) => node);
  return (
    effect.silent.some((node) => alive.includes(node)) ||
    effect.cut.some(([a, b]) => alive.includes(a) && alive.includes(b))
  );
}

function effectOf(step: FaultStep, intent: Intent, { nodes }: Snapshot): Effect {
  const kind = kinds[step.fault];
  if (kind === undefined) throw new Error(`the oracle does not know what ${step.fault} does`);
  return kind.effect(
    step.params,
    intent.targets,
    nodes.map(({ name }) => name),
  );
}

function randomFault(id: string, random: Random): FaultStep {
  // Every other one is of those that matter here.
  const harmful = random.next() < 0.5;
  const names = [...read.keys()].filter((name) => !harmful || kinds[name]?.effect !== nothing);
  const fault = random.pick(names) ?? '';
  return { kind: 'fault', id, fault, params: random.pick(read.get(fault) ?? []) ?? {} };
}

/** One to seven members, some of which are dead, and up to two workers; perhaps nobody leads. */
function randomCluster(random: Random): Snapshot {
  const some = (below: number): number => Math.floor(random.next() * below);
  const role = (): Role =>
    (['voter', 'voter', 'voter', 'voter', 'stand-by', 'spare'] as const)[some(6)] ?? 'voter';
  const members = Array.from(
    { length: some(10) === 0 ? 1 + some(2) : 3 + some(5) },
    (_, index) => ({
      ...memberNumber(index + 1, index === 0 ? 'voter' : role()),
      answers: random.next() < 0.95,
    }),
  );
  const leader = random.pick(members.filter((one) => one.role === 'voter' && one.answers))?.id;
  const workers = Array.from({ length: some(3) }, (_, index) => ({
    ...nodeNumber(members.length + index + 1),
    controlPlane: false,
  }));
  const nodes = [...members.map((_, index) => nodeNumber(index + 1)), ...workers];
  const { rest: datastore } = leaderOf(snapshotOf().datastore);
  return snapshotOf([], {
    nodes,
    datastore: { ...datastore, members, ...(leader !== undefined && { leader }) },
  });
}

/** A member dies, or wakes, or is given another role, as the datastore does when a voter is silent for long. */
function misfortune(cluster: Snapshot, random: Random): Snapshot {
  const { members } = cluster.datastore;
  const hit = random.pick(members);
  const other = random.pick(members);
  const die = random.next() < 0.5;
  const changed = members.map((one): Member => {
    if (die) return one === hit ? { ...one, answers: !one.answers } : one;
    if (one === hit) return { ...one, role: other?.role ?? one.role };
    return one === other ? { ...one, role: hit?.role ?? one.role } : one;
  });
  return { ...cluster, datastore: { ...cluster.datastore, members: changed } };
}

/** What a survey finds: members that are silenced do not answer; those that are cut off answer the controller. */
function surveyed(cluster: Snapshot, standing: readonly Standing[]): Snapshot {
  const silent = new Set(standing.flatMap(({ effect }) => effect.silent));
  const { leader, rest: datastore } = leaderOf(cluster.datastore);
  const members = datastore.members.map((one) => ({
    ...one,
    answers: one.answers && !silent.has(one.node ?? ''),
  }));
  const leads = members.some((one) => one.id === leader && one.answers && one.role === 'voter');
  return {
    ...cluster,
    datastore: { ...datastore, members, ...(leads && leader !== undefined && { leader }) },
  };
}

function leaderOf({ leader, ...rest }: Datastore): {
  readonly leader: string | undefined;
  readonly rest: Omit<Datastore, 'leader'>;
} {
  return { leader, rest };
}

function planOf(steps: readonly Step[]): {
  scenario: Scenario;
  seed: number;
  run: string;
  protect: [];
} {
  const allowed: ScenarioClass[] = ['reversible', 'power', 'may-need-hands', 'destroys-data'];
  return {
    scenario: {
      ...{ name: 'guard', title: '', claim: '', class: allowed, needs: {}, workload: 'web' },
      ...{ steps, expect: [] },
    },
    seed: 1,
    run,
    protect: [],
  };
}

function tell(cluster: Snapshot, standing: readonly Standing[]): string {
  const members = cluster.datastore.members.map(
    ({ node, role, answers }) => `${node} ${role}${answers ? '' : ' (dead)'}`,
  );
  return `${members.join(', ')}; standing: ${standing.map(({ intent }) => intent.says).join('; ') || 'nothing'}`;
}
