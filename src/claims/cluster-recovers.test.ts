import { expect } from 'chai';
import { timelineOf, type Script } from '../testing/timelines.ts';
import type { Event, NodesSeen } from '../model/timeline.ts';
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

  it('counts from the sending of the last bad sample to the receipt of the first good one', () => {
    const timeline = timelineOf({ probes });
    const slow = timeline.events.map((event): Event => {
      const last = event.type === 'sample' && event.series === 'write@pi2' && event.due > 71_000;
      if (!last || event.due > 71_100) return event;
      return { ...event, sent: 71_100, got: 71_900, ok: false, error: 'EDEADLINE' };
    });
    const { measuredMs } = clusterRecovers.judge(params(120_000), { ...timeline, events: slow });
    expect(measuredMs).to.have.property('lo', 71_100 - 52_710);
    expect(measuredMs)
      .to.have.property('hi')
      .within(71_100 - 52_520, 71_250 - 52_520);
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

function params(within: number): Parameters<typeof clusterRecovers.judge>[0] {
  return { within, after: 'heal' };
}

function recovered(changes: Partial<Script>, within = 120_000): Verdict {
  return clusterRecovers.judge(params(within), timelineOf({ probes, ...changes }));
}
