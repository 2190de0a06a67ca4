import { expect } from 'chai';
import { intentOf } from '../testing/intent.ts';
import { badLook, look, timelineWith } from '../testing/looks.ts';
import { leaderLoss, timelineOf, type Script } from '../testing/timelines.ts';
import type { Event, NodesSeen, Sample } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { clusterRecovers } from './cluster-recovers.ts';

const probes = ['leader', 'roles', 'write', 'nodes'];

describe('cluster-recovers', () => {
  it('passes a cluster that is as before within the limit, and stays so', () => {
    const verdict = recovered({});
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.measuredMs).to.have.property('lo').below(8180);
    expect(verdict.measuredMs).to.have.property('hi').above(7990);
    expect(verdict.evidence[0]).to.match(
      /^nodes@pi\d was last not well at 60\.\d{3} s, well at 61/,
    );
  });

  it('asks Kubernetes for no machine of the datastore alone', () => {
    const nodes = leaderLoss.snapshot.nodes.map((node) =>
      node.name === 'pi4' ? ({ ...node, controlPlane: false, datastoreOnly: true } as const) : node,
    );
    const snapshot = { ...leaderLoss.snapshot, nodes };
    const timeline = timelineOf({ probes, snapshot });
    const events = timeline.events.map((event): Event => {
      if (event.type !== 'sample' || !event.series.startsWith('nodes@')) return event;
      const { ready, renewed } = event.value as NodesSeen;
      const known = (all: object): object =>
        Object.fromEntries(Object.entries(all).filter(([name]) => name !== 'pi4'));
      return { ...event, value: { ready: known(ready), renewed: known(renewed) } };
    });
    expect(clusterRecovers.judge(params(120_000), { ...timeline, events }).outcome).to.equal(
      'pass',
    );
  });

  it('counts from the sending of the last bad sample to the receipt of the first good one', () => {
    const timeline = timelineOf({ probes });
    const slow = timeline.events.map((event): Event => {
      const last = event.type === 'sample' && event.series === 'write@pi2' && event.due > 70_910;
      if (!last || event.due > 71_100) return event;
      return { ...event, sent: 71_100, got: 71_900, ok: false, error: 'EDEADLINE' };
    });
    const { measuredMs } = clusterRecovers.judge(params(120_000), { ...timeline, events: slow });
    expect(measuredMs).to.have.property('lo', 71_100 - 52_710);
    expect(measuredMs)
      .to.have.property('hi')
      .within(71_100 - 52_520, 71_350 - 52_520);
  });

  it('fails one beyond it', () => {
    expect(recovered({}, 5000).outcome).to.equal('fail');
  });

  it('cannot tell where the limit lies inside the interval', () => {
    expect(recovered({}, 8100).outcome).to.equal('unknown');
  });

  it('counts from the last relapse: a write that fails later means it was not over', () => {
    const deaf = [{ series: 'write@pi2', from: 65_000, to: 65_100 }];
    expect(recovered({ deaf }).measuredMs).to.have.property('lo').above(12_000);
  });

  it('wants every member to answer and to tell as many voters as before', () => {
    const timeline = timelineOf({ probes });
    const events = timeline.events.map((event): Event => {
      const fewer =
        event.type === 'sample' &&
        event.series === 'roles@pi4' &&
        event.due > 52_000 &&
        event.due < 66_000;
      return fewer ? { ...event, value: { members: [{ id: '2', role: 'voter' }] } } : event;
    });
    const verdict = clusterRecovers.judge(params(120_000), { ...timeline, events });
    expect(verdict.measuredMs).to.have.property('lo').above(13_000);
  });

  it('says at least, where something is not well to the end', () => {
    const deaf = [{ series: 'write@pi2', from: 72_000, to: 80_000 }];
    const verdict = recovered({ deaf });
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.measuredMs).to.have.property('atLeast').above(20_000);
  });

  it('fails where the survey still finds differences, and lists them', () => {
    const differences = ['pi1 is cordoned', 'member 1 does not answer'];
    const verdict = recovered({ differences });
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.equal(
      'after settling the cluster still differs from before: pi1 is cordoned; member 1 does not answer',
    );
    expect(verdict.evidence).to.deep.equal(differences);
  });

  it('cannot tell of differences that a person did not wait for', () => {
    const verdict = recovered({
      differences: ['member 1 does not answer'],
      ended: { interrupted: 'SIGINT' },
    });
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.because).to.contain('settling was cut short');
  });

  it('fails where the survey finds differences, though the run was killed after it', () => {
    const timeline = timelineOf({ probes, differences: ['pi1 is cordoned'] });
    const events = timeline.events.filter(({ type }) => type !== 'end');
    const verdict = clusterRecovers.judge(params(120_000), { ...timeline, events });
    expect(verdict.outcome).to.equal('fail');
  });

  it('is awaited by no step, but by settling', () => {
    const { plan, events } = timelineOf({ probes });
    const upTo = (ms: number): boolean =>
      clusterRecovers.seen(params(120_000), {
        plan,
        events: events.filter(
          (event) => (event.type === 'sample' ? (event.got ?? event.due) : event.at) <= ms,
        ),
      });
    expect([22_000, 40_000, 54_000, 59_000].map(upTo)).to.deep.equal([true, true, true, true]);
  });

  it('is counted from the healing alone', () => {
    expect(clusterRecovers.schema.parse({ within: '2m', after: 'heal' })).to.deep.equal(
      params(120_000),
    );
    expect(clusterRecovers.schema.safeParse({ within: '2m', after: 'kill' }).success).to.equal(
      false,
    );
  });

  it('cannot tell without a survey after settling', () => {
    const timeline = timelineOf({ probes });
    const events = timeline.events.filter(
      (event) => event.type !== 'state' || event.when !== 'after',
    );
    const verdict = clusterRecovers.judge(params(120_000), { ...timeline, events });
    expect(verdict).to.include({
      outcome: 'unknown',
      because: 'the cluster was not surveyed after settling',
    });
  });

  it('is invalid where the fault was not taken back', () => {
    const timeline = timelineOf({ probes });
    const events = timeline.events.filter(
      (event) => event.type !== 'fault' || event.state !== 'undone',
    );
    const verdict = clusterRecovers.judge(params(120_000), { ...timeline, events });
    expect(verdict).to.include({ outcome: 'invalid', because: 'the faults were not taken back' });
  });

  it('takes an API server that tells of no nodes for one by whose word they are not well', () => {
    const deaf = [{ series: 'nodes@pi2', from: 65_000, to: 66_500 }];
    expect(recovered({ deaf }).measuredMs).to.have.property('lo').above(12_000);
  });

  it('does not take a condition for well whose kubelet renews no Lease', () => {
    const { measuredMs, evidence } = recovered({ staleReady: 50_000 });
    expect(evidence[0]).to.match(/^nodes@pi\d was last not well at 60\.\d{3} s, well at 61/);
    expect(measuredMs).to.deep.equal(recovered({}).measuredMs);
  });

  it('asks of no node to be readier than it was before', () => {
    const timeline = timelineOf({ probes });
    const { snapshot } = timeline.plan;
    const nodes = snapshot.nodes.map((node) => ({ ...node, ready: node.name !== 'pi4' }));
    const plan = { ...timeline.plan, snapshot: { ...snapshot, nodes } };
    const events = timeline.events.map((event): Event => {
      if (event.type !== 'sample' || !event.series.startsWith('nodes')) return event;
      const { ready, renewed } = event.value as NodesSeen;
      return { ...event, value: { renewed, ready: { ...ready, pi4: false } } };
    });
    expect(clusterRecovers.judge(params(120_000), { plan, events }).outcome).to.equal('pass');
  });
});

describe('cluster-recovers, of looks written by hand', () => {
  type Is = (sent: number) => boolean;
  const always: Is = () => true;
  const slots = (from: number, until: number): readonly number[] =>
    Array.from({ length: (until - from) / 500 + 1 }, (_, index) => from + index * 500);

  interface Looks {
    readonly writes?: Is;
    readonly ready?: Is;
    /** A number that grows as a kubelet renews its Lease. */
    readonly renewed?: (sent: number) => number;
    readonly voters?: (sent: number) => number;
    /** Until the answer of a look at nodes; milliseconds. */
    readonly tripMs?: number;
    /** Whether the member on pi2 calls itself leader. */
    readonly led?: boolean;
    /** Whether a second fault fired at 15 s, taken back with the first. */
    readonly again?: boolean;
    /** Between its looks at members; milliseconds. */
    readonly everyMs?: number;
    /** Until when members are looked at. */
    readonly told?: number;
    /** Until when writes are looked at. */
    readonly until?: number;
    readonly healed?: boolean;
    readonly differences?: readonly string[];
    readonly without?: string;
  }

  /** All is well. */
  const well = {
    writes: always,
    ready: always,
    renewed: (sent: number) => sent,
    tripMs: 10,
    voters: () => 3,
    led: false,
    again: false,
    everyMs: 100,
    told: 41_000,
    until: 41_000,
    healed: true,
    differences: [],
    without: '',
  } satisfies Looks;

  /** A fault at 10 s, healed at 20.000 to 20.010 s and settled at 40 s; all is well unless said. */
  function judged(changes: Looks): Verdict {
    const looked: Required<Looks> = { ...well, ...changes };
    const { writes, ready, renewed, tripMs, voters, led, again } = looked;
    const { everyMs, told, until, healed, differences, without } = looked;
    const roles = (sent: number): readonly object[] =>
      ['1', '2', '3'].slice(0, voters(sent)).map((id) => ({ id, role: 'voter' }));
    const looks: readonly Sample[] = [
      ...slots(8000, until).map((sent) =>
        writes(sent)
          ? look('write@pi2', sent, { status: 200, n: 1 })
          : badLook('write@pi2', sent, 'HTTP 500'),
      ),
      ...slots(8000, 41_000).flatMap((sent) => [
        {
          ...look('nodes@pi3', sent, {
            ready: { pi1: ready(sent), pi2: true, pi3: true, pi4: true },
            renewed: { pi1: `${renewed(sent)}`, pi2: `${sent}`, pi3: `${sent}`, pi4: `${sent}` },
          }),
          got: sent + tripMs,
        },
        ...(led ? [look('leader@pi2', sent, { leader: '2' })] : []),
      ]),
      ...slots(8000, told).map((sent) => look('roles@pi2', sent, { members: roles(sent) })),
    ];
    const fault = { type: 'fault', step: 'kill' } as const;
    const timeline = timelineWith(
      looks.filter(({ series }) => without === '' || !series.startsWith(without)),
      [],
    );
    const intent = intentOf('test', 'pi1', 'node-timer', []);
    const second: readonly Event[] = [
      { ...fault, step: 'again', state: 'fired', at: 15_000, intent },
      { ...fault, step: 'again', state: 'undone', at: 19_000 },
    ];
    const events: readonly Event[] = [
      ...timeline.events,
      { ...fault, state: 'fired', at: 10_000, span: { lo: 10_000, hi: 10_000 }, intent },
      { ...fault, state: healed ? 'undone' : 'bit', at: 20_010, span: { lo: 20_000, hi: 20_010 } },
      ...(again ? second : []),
      { type: 'state', when: 'after', at: 40_000, snapshot: timeline.plan.snapshot, differences },
      { type: 'end', at: 40_500, residue: [] },
    ];
    const series = timeline.plan.series.map((one) =>
      one.probe === 'roles' ? { ...one, everyMs } : one,
    );
    const kill = { kind: 'fault', fault: 'kill', params: {} } as const;
    const steps = ['kill', 'again'].map((id) => ({ ...kill, id }));
    const plan = { ...timeline.plan, steps, series };
    return clusterRecovers.judge(params(120_000), { plan, events });
  }

  it('counts nothing but from the healing to the end of settling', () => {
    const { measuredMs, evidence } = judged({ writes: (sent) => sent >= 20_000 && sent <= 40_000 });
    expect(measuredMs).to.deep.equal({ lo: 0, hi: 10 });
    expect(evidence).to.deep.equal(
      ['nodes@pi3', 'write@pi2', 'roles@pi2'].map(
        (series) => `${series} was well throughout, well at 20.010 s`,
      ),
    );
    // The last look of settling counts.
    expect(judged({ writes: (sent) => sent !== 40_000 }).measuredMs).to.deep.equal({
      atLeast: 40_000 - 20_010,
    });
  });

  it('lasts from the last bad look of any to the first good one of all, and tells the worst first', () => {
    const { measuredMs, evidence } = judged({
      writes: (sent) => sent >= 22_000,
      voters: (sent) => (sent < 25_000 ? 2 : 3),
      ready: (sent) => sent >= 21_000,
    });
    expect(measuredMs).to.deep.equal({ lo: 24_500 - 20_010, hi: 25_010 - 20_000 });
    expect(evidence).to.deep.equal([
      'roles@pi2 was last not well at 24.500 s, well at 25.010 s',
      'write@pi2 was last not well at 21.500 s, well at 22.010 s',
      'nodes@pi3 was last not well at 20.500 s, well at 21.010 s',
    ]);
    expect(judged({ writes: (sent) => sent !== 20_000 }).evidence[0]).to.equal(
      'write@pi2 was last not well at 20.000 s, well at 20.510 s',
    );
  });

  it('has not come where something is not well to the end, for as long as the last of these', () => {
    const { measuredMs, evidence } = judged({
      writes: (sent) => sent < 30_000,
      voters: (sent) => (sent > 39_000 ? 2 : 3),
      until: 37_000,
    });
    expect(measuredMs).to.deep.equal({ atLeast: 40_000 - 20_010 });
    expect(evidence.slice(0, 2)).to.deep.equal([
      'write@pi2 was last not well at 37.000 s, not seen after 37.000 s',
      'roles@pi2 was last not well at 40.000 s, not seen well after it',
    ]);
  });

  it('wants to be seen up to the end of settling, but for two seconds', () => {
    expect(judged({ until: 38_000 }).measuredMs).to.deep.equal({ lo: 0, hi: 10 });
    const { measuredMs, evidence } = judged({ until: 37_500 });
    expect(measuredMs).to.deep.equal({ atLeast: 0 });
    expect(evidence[0]).to.equal('write@pi2 was well throughout, not seen after 37.500 s');
    expect(judged({ until: 19_500 }).evidence[0]).to.equal(
      'write@pi2 was well throughout, not seen after 20.000 s',
    );
  });

  it('wants of a slow series but to be seen within three of its periods', () => {
    const of = (everyMs: number): unknown => judged({ told: 37_000, everyMs }).measuredMs;
    expect(of(1000)).to.deep.equal({ lo: 0, hi: 10 });
    expect(of(999)).to.deep.equal({ atLeast: 0 });
  });

  it('wants as many voters as there were just before the fault, if fewer than were surveyed', () => {
    const two = judged({ voters: () => 2, led: true });
    expect(two.measuredMs).to.deep.equal({ lo: 0, hi: 10 });
    expect(judged({ voters: () => 2 }).measuredMs).to.deep.equal({ atLeast: 40_000 - 20_010 });
    // Of several faults, before the first.
    const fewer = (sent: number): number => (sent < 12_000 ? 3 : 2);
    expect(judged({ voters: fewer, led: true, again: true }).measuredMs).to.deep.equal({
      atLeast: 40_000 - 20_010,
    });
  });

  it('wants each kubelet to renew its Lease within fifteen seconds', () => {
    const stopped = (sent: number): number => Math.min(sent, 20_000);
    const again = judged({ renewed: (sent) => (sent < 37_000 ? stopped(sent) : sent) });
    expect(again.measuredMs).to.deep.equal({ lo: 36_500 - 20_010, hi: 37_010 - 20_000 });
    const intime = judged({ renewed: (sent) => (sent < 35_500 ? stopped(sent) : sent) });
    expect(intime.measuredMs).to.deep.equal({ lo: 0, hi: 10 });
    // Seen renewed at 20.000 s, and again in the look after that at 35.000 s.
    const just = judged({ renewed: (sent) => (sent <= 35_000 ? stopped(sent) : sent), tripMs: 0 });
    expect(just.measuredMs).to.deep.equal({ lo: 0, hi: 10 });
  });

  it('says since when it differs, if it was healed', () => {
    const differences = ['pi1 is cordoned'];
    expect(judged({ differences })).to.deep.include({
      outcome: 'fail',
      measuredMs: { atLeast: 40_000 - 20_010 },
    });
    const standing = judged({ differences, healed: false });
    expect(standing.outcome).to.equal('fail');
    expect(standing).not.to.have.property('measuredMs');
  });

  it('is invalid where nobody asked what it must be', () => {
    expect(judged({ without: 'roles' })).to.include({
      outcome: 'invalid',
      because: 'no series samples what the cluster must be: roles',
    });
  });
});

function params(within: number): Parameters<typeof clusterRecovers.judge>[0] {
  return { within, after: 'heal' };
}

function recovered(changes: Partial<Script>, within = 120_000): Verdict {
  return clusterRecovers.judge(params(within), timelineOf({ probes, ...changes }));
}
