import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { campaignResult, gamedayResult } from '../campaign/fold.ts';
import { readDone, type DoneTrial } from '../campaign/folder.ts';
import type { Ended } from '../campaign/stop.ts';
import { fakeAgenda, fakeResult, verdictOf, writeRun } from '../campaign/testing/fake-run.ts';
import type { Agenda, PlannedTrial } from '../model/agenda.ts';
import { fleetSchema } from '../model/any-result-schema.ts';
import type { FleetResult } from '../model/fleet-result.ts';
import type { Result } from '../model/result.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import { merge, type Merging, type ReadMember } from './merge.ts';

/** A cluster of which something was read. */
interface On {
  readonly id: string;
  readonly name: string;
}

const rackA: On = { id: 'aaaaaaaa-0000', name: 'rack-a' };
const rackB: On = { id: 'bbbbbbbb-0000', name: 'rack-b' };

describe('a fleet, merged', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-merge-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const { datastore, nodes } = snapshotOf();
  const clusterOf = ({ id, name }: On): NonNullable<Result['cluster']> => ({
    id,
    name,
    platform: 'microk8s',
    kubernetes: 'v1.34.4',
    datastore: { kind: datastore.kind, voters: 3, standbys: 1 },
    nodes: nodes.length,
  });

  /** What was done of an agenda on a cluster, each trial with a run of its own. */
  const doneOn = (
    on: On,
    agenda: Agenda,
    { settings = {}, resultOf = fakeResult }: Doing = {},
  ): readonly DoneTrial[] =>
    agenda.trials.map((trial) => {
      const run = `${on.name} ${agenda.run} ${trial.scenario} ${trial.trial}`;
      const result = { ...resultOf(trial), run, cluster: clusterOf(on) };
      writeRun(folder, result, settings);
      const at = `2026-11-22T01:${String(trial.number).padStart(2, '0')}:00.000Z`;
      const one = readDone(folder, { ...trial, run, startedAt: at, finishedAt: at });
      return { ...one, configuration: { ...one.configuration, cluster: on.id } };
    });

  interface Doing {
    readonly settings?: Readonly<Record<string, number>>;
    readonly resultOf?: (trial: PlannedTrial) => Result;
    readonly ended?: Ended;
  }

  const memberOn = (on: On, run: string, trials: number, doing: Doing = {}): ReadMember => {
    const agenda = fakeAgenda({ 'leader-loss': trials }, { run });
    const done = doneOn(on, agenda, doing);
    const ended = doing.ended ?? {};
    const result = campaignResult({ agenda, done, ended, finishedAt: '', compared: new Map() });
    return { folder: `reports/${run}`, result, done, clusterId: on.id };
  };

  const merged = (read: readonly ReadMember[], more: Partial<Merging> = {}): FleetResult => {
    const now = '2026-11-22T03:00:00.000Z';
    const result = merge({ run: 'fleet', now, read, unread: [], expected: [], ...more });
    expect(fleetSchema.safeParse(result).error).to.equal(undefined);
    return result;
  };
  const late = (trial: PlannedTrial): Result =>
    fakeResult(trial, { verdicts: [verdictOf('leader-elected', { lo: 6000, hi: 6040 })] });

  it('has the worst outcome of all, and says whose it is', () => {
    const good = memberOn(rackA, 'one', 2);
    const bad = memberOn(rackB, 'two', 3, { resultOf: late });
    const both = merged([good, bad]);
    expect(both).to.include({ outcome: 'fail', exitCode: 1 });
    expect(both.reason).to.match(/^rack-b, leader-loss: 3 of 3 trials: leader-elected/);
    expect(merged([good])).to.include({ outcome: 'pass', exitCode: 0, healed: true });
    const residue = { ended: { residue: ['pi1: a unit is masked'] } };
    const left = merged([bad, memberOn(rackA, 'three', 1, residue)]);
    expect(left).to.include({ outcome: 'residue', exitCode: 4, healed: false });
    expect(left.residue).to.deep.equal(['rack-a: pi1: a unit is masked']);
    const ended: Ended = { interrupted: 'SIGTERM' };
    expect(merged([good, memberOn(rackB, 'four', 2, { ended })]).exitCode).to.equal(143);
  });

  it('tells trials of one configuration together, and no others', () => {
    const members = [
      memberOn(rackA, 'one', 20),
      memberOn(rackA, 'two', 10),
      memberOn(rackA, 'tuned', 5, { settings: { networkLatencyMs: 20 } }),
      memberOn(rackB, 'one-b', 20),
    ];
    const { scenarios } = merged(members);
    expect(
      scenarios.map(({ on, sources, trials, asked }) => [
        on,
        sources.join(' '),
        trials.length,
        asked,
      ]),
    ).to.deep.equal([
      ['rack-a', 'one two', 30, 30],
      ['rack-a', 'tuned', 5, 5],
      ['rack-b', 'one-b', 20, 20],
    ]);
    expect(scenarios[0]?.claims[0]).to.include({ passed: 30, failed: 0 });
    expect(scenarios[0]?.claims[0]?.summary).to.include({ n: 30 });
    expect(scenarios[0]?.trials.map(({ number }) => number)).to.deep.equal(
      Array.from({ length: 30 }, (_, index) => index + 1),
    );
    const keys = scenarios.map(({ configuration }) => JSON.stringify(configuration));
    expect(new Set(keys).size).to.equal(3);
  });

  it('parts the trials of one member whose cluster was changed between them', () => {
    const agenda = fakeAgenda({ 'leader-loss': 6 });
    const done = doneOn(rackA, agenda)
      .slice(0, 4)
      .map((one) =>
        one.trial < 3
          ? one
          : { ...one, configuration: { ...one.configuration, settings: { latency: 20 } } },
      );
    const result = campaignResult({
      agenda,
      done,
      ended: {},
      finishedAt: '',
      compared: new Map(),
    });
    const { scenarios, outcome } = merged([{ folder: 'x', result, done }]);
    expect(outcome).to.equal('invalid');
    expect(scenarios.map(({ trials, asked }) => `${trials.length} of ${asked}`)).to.deep.equal([
      '2 of 2',
      '2 of 4',
    ]);
  });

  it('counts what was given twice once, and a trial beside its campaign not at all', () => {
    const campaign = memberOn(rackA, 'one', 3);
    const [trial] = campaign.done;
    if (trial === undefined) throw new Error('no trial');
    const run: ReadMember = { folder: 'reports/one/run', result: trial.result, done: [trial] };
    const earlier = { ...campaign, folder: 'copy', done: campaign.done.slice(0, 1) };
    const { members, scenarios } = merged([earlier, campaign, run, campaign]);
    expect(members.map((one) => one.folder)).to.deep.equal(['reports/one']);
    expect(scenarios[0]?.trials).to.have.length(3);
    // Without its campaign it is a run like any other.
    expect(merged([run]).scenarios[0]).to.include({ asked: 1, outcome: 'pass' });
  });

  it('says of what it cannot read, and of clusters that have nothing, that there is nothing', () => {
    const because = 'run.json:1:1: this is not JSON';
    const result = merged([memberOn(rackA, 'one', 1)], {
      unread: [{ folder: 'reports/torn', because }],
      expected: [rackA, rackB],
    });
    expect(result).to.include({ outcome: 'invalid', exitCode: 3 });
    expect(result.reason).to.equal(`reports/torn: ${because}`);
    expect(result.members.map(({ on, outcome }) => `${on}: ${outcome}`)).to.deep.equal([
      'rack-a: pass',
      'cluster not known: invalid',
      'rack-b: unknown',
    ]);
    expect(merged([], { expected: [rackB] })).to.include({ outcome: 'unknown', exitCode: 2 });
  });

  it('takes nothing of an earlier night for one of this', () => {
    const since = '2026-11-22T00:30:00.000Z';
    const tonight = memberOn(rackA, 'tonight', 2);
    const early = memberOn(rackB, 'early', 2);
    const result = { ...early.result, startedAt: '2026-11-21T01:00:00.000Z' };
    const expected = [rackA, rackB];
    const fleet = merged([tonight, { ...early, result }], { since, expected });
    expect(fleet).to.include({ outcome: 'unknown', exitCode: 2 });
    expect(fleet.members.map(({ on, outcome }) => `${on}: ${outcome}`)).to.deep.equal([
      'rack-a: pass',
      'rack-b: unknown',
    ]);
    expect(fleet.reason).to.include('it was begun at 2026-11-21T01:00:00.000Z');
    expect(fleet.scenarios.map(({ on }) => on)).to.deep.equal(['rack-a']);
  });

  it('knows a cluster that was never surveyed by its agenda, and two of one name apart', () => {
    const agenda = fakeAgenda({ 'leader-loss': 1 });
    const ended: Ended = { stopped: { outcome: 'unreachable', reason: 'pi1 does not answer' } };
    const result = campaignResult({
      agenda,
      done: [],
      ended,
      finishedAt: '',
      compared: new Map(),
    });
    const never: ReadMember = { folder: 'x', result, done: [], clusterId: rackB.id };
    const told = merged([never], { expected: [rackB] });
    expect(told.members.map(({ on, outcome }) => `${on}: ${outcome}`)).to.deep.equal([
      'rack-b: unreachable',
    ]);
    expect(told.scenarios[0]).to.include({ on: 'rack-b', outcome: 'unreachable', asked: 1 });
    const namesake: On = { ...rackA, id: 'cccccccc-0000' };
    const two = merged([memberOn(rackA, 'one', 1), memberOn(namesake, 'two', 1)]);
    expect(two.members.map(({ on }) => on)).to.deep.equal([
      'rack-a (aaaaaaaa)',
      'rack-a (cccccccc)',
    ]);
  });

  it('takes a game day as it is, with what is known to fail', () => {
    const known = [
      {
        scenario: 'leader-freeze',
        claim: 'leader-elected',
        reason: 'stock',
        until: '2026-12-31',
      },
    ];
    const agenda = fakeAgenda({ 'leader-loss': 2, 'leader-freeze': 1 }, { known });
    const done = doneOn(rackA, agenda, {
      resultOf: (trial) => (trial.scenario === 'leader-freeze' ? late(trial) : fakeResult(trial)),
    });
    const finishedAt = '2026-11-22T02:00:00.000Z';
    const result = gamedayResult({ agenda, done, ended: {}, finishedAt, compared: new Map() });
    const fleet = merged([{ folder: 'x', result, done }]);
    expect(fleet.outcome).to.equal('pass');
    expect(
      fleet.scenarios.map((one) => `${one.scenario} ${one.outcome} ${one.tolerated.length}`),
    ).to.deep.equal(['leader-loss pass 0', 'leader-freeze pass 1']);
  });
});
