import { expect } from 'chai';
import type { Event, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { firedSpan, leaderLoss, timelineOf } from '../testing/timelines.ts';
import { logged, searchesOf } from './logged.ts';

type Params = Parameters<typeof logged.judge>[0];

const asked: Params = {
  service: 'datastore',
  pattern: 'became leader',
  on: 'any-survivor',
  within: 10_000,
};

const { fired } = leaderLoss;

/** What is written down of a node: its lines by their instants after the fault, each known to ±5 ms; or why there is nothing. */
type Told = readonly number[] | string;

/** A run of leader-loss with what was found in the journals of its nodes; those that are not here were not searched. */
function run(params: Params, told: Readonly<Record<string, Told>>): Timeline {
  const logs = Object.fromEntries(
    Object.entries(told).flatMap(([node, lines]) =>
      typeof lines === 'string' ? [] : [[node, lines]],
    ),
  );
  const claim = { claim: 'logged', params: { ...params } };
  const { plan, events } = timelineOf({ probes: [], logs, expect: [claim] });
  return {
    plan,
    events: events.flatMap((event): readonly Event[] => {
      if (event.type !== 'log') return [event];
      const because = told[event.node];
      if (because === undefined) return [];
      return [typeof because === 'string' ? { ...event, because } : event];
    }),
  };
}

function judged(told: Readonly<Record<string, Told>>, changes: Partial<Params> = {}): Verdict {
  const params = { ...asked, ...changes };
  return logged.judge(params, run(params, told));
}

describe('logged', () => {
  it('is from the fault to the first line of any survivor, which is the evidence', () => {
    const verdict = judged({ pi2: [], pi3: [1800, 2500], pi4: [2200] });
    expect(verdict).to.include({ claim: 'logged', outcome: 'pass', limitMs: 10_000 });
    expect(verdict.measuredMs).to.deep.equal({ lo: 1793, hi: 1808 });
    expect(verdict.because).to.equal(
      '/became leader/ was logged 1.80 s (±0.01) after the fault; the limit is 10 s',
    );
    expect(verdict).not.to.have.property('clocks');
    expect(verdict.evidence).to.deep.equal([
      'pi2: no such line, of all that was searched',
      'pi3, between 24.105 s and 24.115 s: at 1800',
      'pi4, between 24.505 s and 24.515 s: at 2200',
    ]);
  });

  it('is, of every survivor, until the last of them', () => {
    const of = { on: 'every-survivor' } as const;
    const verdict = judged({ pi2: [900], pi3: [1800], pi4: [2200] }, of);
    expect(verdict.measuredMs).to.deep.equal({ lo: 2193, hi: 2208 });
    expect(verdict.clocks).to.have.all.keys('pi2', 'pi3', 'pi4');
    expect(judged({ pi2: [900], pi3: [1800], pi4: [] }, of).outcome).to.equal('fail');
  });

  it('is, of all that the fault was aimed at, until the last of them', () => {
    const params = { ...asked, on: 'targets' } as const;
    const { plan, events } = run(params, { pi1: [900] });
    expect(logged.judge(params, { plan, events })).not.to.have.property('clocks');
    const both = events.flatMap((event): readonly Event[] => {
      if (event.type === 'fault' && event.intent !== undefined)
        return [{ ...event, intent: { ...event.intent, targets: ['pi1', 'pi2'] } }];
      if (event.type !== 'log') return [event];
      const span = { lo: fired + 1795, hi: fired + 1805 };
      return [event, { ...event, node: 'pi2', lines: [{ span, text: 'at 1800' }] }];
    });
    const verdict = logged.judge(params, { plan, events: both });
    expect(verdict.measuredMs).to.deep.equal({ lo: 1793, hi: 1808 });
    expect(verdict.clocks).to.have.all.keys('pi1', 'pi2');
  });

  it('is judged by its own search, whatever others found on the same node', () => {
    const params = { ...asked, on: 'targets' } as const;
    const { plan, events } = run(params, { pi1: [1800] });
    const lines = [{ span: { lo: fired + 95, hi: fired + 105 }, text: 'of another search' }];
    const crowded = events.flatMap((event): readonly Event[] =>
      event.type !== 'log'
        ? [event]
        : [
            { ...event, lines, node: 'pi2' },
            { ...event, lines, service: 'kubelet' },
            { ...event, lines, pattern: 'leader' },
            { ...event, lines, since: event.since - 1 },
            event,
          ],
    );
    expect(logged.judge(params, { plan, events: crowded }).measuredMs).to.deep.equal({
      lo: 1793,
      hi: 1808,
    });
  });

  it('fails beyond the limit, and where no journal has such a line', () => {
    expect(judged({ pi2: [], pi3: [11_000], pi4: [] }).outcome).to.equal('fail');
    const none = judged({ pi2: [], pi3: [], pi4: [] });
    expect(none.outcome).to.equal('fail');
    expect(none.because).to.match(
      /^\/became leader\/ was not logged on a surviving node in the 30\.\d s after the fault; that is beyond/,
    );
  });

  it('is unknown where the limit lies inside, or beyond the healing; what came after that does not count', () => {
    expect(judged({ pi2: [], pi3: [9998], pi4: [] }).outcome).to.equal('unknown');
    const late = { pi2: [], pi3: [32_000], pi4: [] };
    expect(judged(late, { within: 40_000 }).outcome).to.equal('unknown');
    // One whose instant may be that of the healing came before it.
    const healed = leaderLoss.heal + 120 - fired;
    const just = { pi2: [], pi3: [healed + 5], pi4: [] };
    expect(judged(just, { within: 40_000 }).outcome).to.equal('pass');
  });

  it('is invalid where such a line was there before the fault', () => {
    const verdict = judged({ pi2: [-3000, 700], pi3: [1800], pi4: [] });
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.match(/^such a line was there before the fault already/);
    expect(verdict.evidence[0]).to.contain('at -3000');
    // One whose instant may be that of the fault is of the fault.
    expect(judged({ pi2: [], pi3: [-4], pi4: [] })).to.deep.include({
      outcome: 'pass',
      measuredMs: { lo: 0, hi: 4 },
    });
    expect(judged({ pi2: [], pi3: [-8], pi4: [] }).measuredMs).to.deep.equal({ lo: 0, hi: 0 });
  });

  it('is invalid where a journal was not searched, which is another thing than not found', () => {
    const because = 'what datastore of pi2 logged: it could not be read to its end';
    expect(judged({ pi2: because, pi3: [], pi4: [] })).to.include({ outcome: 'invalid', because });
    expect(judged({ pi2: [], pi3: [], pi4: because })).to.include({ outcome: 'invalid', because });
    expect(judged({ pi3: [], pi4: [] }).because).to.equal(
      'what datastore of pi2 logged was not searched',
    );
    const every = { pi2: because, pi3: [1800], pi4: [1900] };
    expect(judged(every, { on: 'every-survivor' }).outcome).to.equal('invalid');
    // It was logged in time, whoever else may have logged it before.
    expect(judged(every).outcome).to.equal('pass');
    expect(judged({ ...every, pi3: [11_000], pi4: [] }).outcome).to.equal('unknown');
  });

  it('is searched for, from ten seconds before the fault, where such a service is', () => {
    const nodes = (changes: Partial<Params>): readonly string[] =>
      searchesOf(run({ ...asked, ...changes }, {})).map(({ node }) => node);
    expect(nodes({ on: 'targets' })).to.deep.equal(['pi1']);
    expect(nodes({ on: 'any' })).to.deep.equal(['pi1', 'pi2', 'pi3', 'pi4']);
    for (const service of ['kubelet', 'scheduler', 'ssh.service'])
      expect(nodes({ service }), service).to.deep.equal(['pi2', 'pi3', 'pi4']);
    expect(searchesOf(run({ ...asked, on: 'targets' }, {}))).to.deep.equal([
      {
        node: 'pi1',
        service: 'datastore',
        pattern: 'became leader',
        since: firedSpan(leaderLoss).lo - 10_000,
      },
    ]);
    expect(searchesOf(timelineOf({ probes: [] }))).to.deep.equal([]);
    const { plan } = run(asked, {});
    expect(searchesOf({ plan, events: [] })).to.deep.equal([]);
  });

  it('is searched for on no node that cannot have such a service', () => {
    const { plan, events } = run(asked, {});
    const { nodes, datastore } = plan.snapshot;
    const other = (name: string, changes: object): (typeof nodes)[number] =>
      Object.assign({}, nodes[1], { name, controlPlane: false }, changes);
    const snapshot = {
      ...plan.snapshot,
      nodes: [...nodes, other('worker', {}), other('db', { datastoreOnly: true })],
      datastore: {
        ...datastore,
        members: [
          ...datastore.members.slice(0, 3),
          { id: '5', address: '192.168.1.105:2380', node: 'db', role: 'voter', answers: true },
          { id: '6', address: '192.168.1.106:2380', role: 'spare', answers: false },
        ],
      },
    } as const;
    const searched = (service: string): readonly string[] => {
      const expect = [{ claim: 'logged', params: { ...asked, service, on: 'any' } }];
      const scenario = { ...plan.scenario, expect };
      return searchesOf({ plan: { ...plan, scenario, snapshot }, events }).map(({ node }) => node);
    };
    const all = ['pi1', 'pi2', 'pi3', 'pi4'];
    expect(searched('datastore')).to.deep.equal(['pi1', 'pi2', 'pi3', 'db']);
    for (const service of ['kubelet', 'containers'])
      expect(searched(service), service).to.deep.equal([...all, 'worker']);
    for (const service of ['api-server', 'scheduler', 'controller-manager', 'load-balancer'])
      expect(searched(service), service).to.deep.equal(all);
    expect(searched('ssh.service')).to.deep.equal([...all, 'worker', 'db']);
  });

  it('does not apply where no node is meant', () => {
    const { plan, events } = run(asked, {});
    const nodes = plan.snapshot.nodes.filter(({ name }) => name === 'pi1');
    const alone = { ...plan, snapshot: { ...plan.snapshot, nodes } };
    const params = { ...asked, service: 'kubelet' };
    expect(logged.judge(params, { plan: alone, events })).to.include({
      outcome: 'not-applicable',
      because: 'there is no node of whose kubelet it is claimed',
    });
  });

  it('is waited for until its limit has passed, as nothing is found before the end', () => {
    const { plan, events } = run(asked, {});
    const until = (at: number): Timeline => ({
      plan,
      events: [
        ...events.filter((event) => event.type !== 'sample' && event.at < at),
        { type: 'phase', at, phase: 'steps', wall: '2026-11-21T07:10:30.000Z' },
      ],
    });
    const limit = firedSpan(leaderLoss).hi + asked.within;
    expect(logged.seen(asked, until(fired - 100))).to.equal(false);
    expect(logged.seen(asked, until(limit))).to.equal(false);
    expect(logged.seen(asked, until(limit + 1))).to.equal(true);
  });

  it('is of a service or a unit, and a pattern that is one', () => {
    const read = (changes: object) =>
      logged.schema.safeParse({ service: 'datastore', pattern: 'x', within: '5s', ...changes });
    const reads = (changes: object): boolean => read(changes).success;
    expect(read({}).data).to.include({ on: 'targets' });
    for (const service of ['kubelet', 'snap.microk8s.daemon-k8s-dqlite.service', 'a@b.mount'])
      expect(reads({ service }), service).to.equal(true);
    for (const service of [
      'kublet',
      'ssh',
      '',
      '*.service',
      '-x.service',
      "a'b.service",
      'a b.service',
      'ssh.service.d',
    ])
      expect(reads({ service }), service).to.equal(false);
    for (const pattern of ['(', '[z-a]', '', 'a\nb', '(?<n>'])
      expect(reads({ pattern }), pattern).to.equal(false);
    expect(read({ service: 'ssh' }).error?.issues[0]?.message).to.match(
      /^is "ssh"; write one of: datastore, .*; or a unit of systemd, such as ssh\.service$/,
    );
    for (const pattern of ['(', 7])
      expect(read({ pattern }).error?.issues[0]?.message).to.match(/; write a regular expression/);
  });
});
