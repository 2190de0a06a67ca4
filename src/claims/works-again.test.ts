import { expect } from 'chai';
import { leaderLoss, timelineOf, type Script } from '../testing/timelines.ts';
import type { Verdict } from '../model/verdict.ts';
import { deploymentsReconciled } from './deployments-reconciled.ts';
import { endpointAnswers } from './endpoint-answers.ts';
import { namesResolved } from './names-resolved.ts';
import { podsScheduled } from './pods-scheduled.ts';

const probes = ['scheduled', 'reconciled', 'write'];

function judged(changes: Partial<Script>, within = 20_000, after?: string): readonly Verdict[] {
  const timeline = timelineOf({ probes, idle: { scheduled: 0, reconciled: 0 }, ...changes });
  const params = { within, ...(after !== undefined && { after }) };
  return [podsScheduled.judge(params, timeline), deploymentsReconciled.judge(params, timeline)];
}

describe('pods-scheduled and deployments-reconciled', () => {
  it('are told from the last canary that was left alone to the first that was not', () => {
    const [scheduled, reconciled] = judged({ idle: { scheduled: 17_000, reconciled: 15_000 } });
    expect(scheduled).to.include({ claim: 'pods-scheduled', outcome: 'pass' });
    expect(scheduled?.measuredMs).to.have.property('lo').within(15_900, 17_000);
    expect(scheduled?.measuredMs).to.have.property('hi').within(17_000, 18_100);
    expect(scheduled?.evidence[0]).to.match(/^scheduled last failed when asked at .*EPENDING/);
    expect(reconciled).to.include({ claim: 'deployments-reconciled', outcome: 'pass' });
    expect(reconciled?.measuredMs).to.have.property('lo').within(14_400, 15_000);
    expect(reconciled?.measuredMs).to.have.property('hi').within(15_000, 15_600);
  });

  it('fail beyond the limit, and where nothing was done to the end', () => {
    const late = judged({ idle: { scheduled: 23_000, reconciled: 22_000 } });
    expect(late.map(({ outcome }) => outcome)).to.deep.equal(['fail', 'fail']);
    const never = judged({ idle: { scheduled: 60_000, reconciled: 60_000 } });
    expect(never.map(({ outcome }) => outcome)).to.deep.equal(['fail', 'fail']);
    expect(never[0]?.because).to.match(/^it was not seen that new pods were scheduled again in/);
  });

  it('were not disturbed where nothing failed', () => {
    const calm = judged({});
    expect(calm.map(({ outcome }) => outcome)).to.deep.equal(['pass', 'pass']);
    expect(calm[0]?.evidence[0]).to.match(/^scheduled did not fail; first well again/);
  });

  it('count from the healing, if they are told', () => {
    const healing = leaderLoss.heal - leaderLoss.fired;
    const idle = { scheduled: healing + 4000, reconciled: healing + 3000 };
    const [scheduled] = judged({ idle }, 5000, 'heal');
    expect(scheduled).to.include({ outcome: 'pass' });
    expect(scheduled?.measuredMs).to.have.property('hi').within(3500, 5000);
  });

  it('are invalid where nothing was done before the fault, or nobody looked', () => {
    const deaf = [
      { series: 'scheduled', from: 15_000, to: 22_400 },
      { series: 'reconciled', from: 15_000, to: 22_400 },
    ];
    expect(judged({ deaf }).map(({ outcome }) => outcome)).to.deep.equal(['invalid', 'invalid']);
    expect(judged({ idle: {} }).map(({ because }) => because)).to.deep.equal([
      'nothing sampled scheduled in this run',
      'nothing sampled reconciled in this run',
    ]);
  });
});

describe('endpoint-answers', () => {
  it('is told from the last request that failed to the first that did not', () => {
    const idle = { endpoint: 4000 };
    const timeline = timelineOf({ probes: ['endpoint', 'write'], idle });
    const verdict = endpointAnswers.judge({ within: 6000 }, timeline);
    expect(verdict).to.include({ claim: 'endpoint-answers', outcome: 'pass' });
    expect(verdict.measuredMs).to.have.property('lo').within(3800, 4000);
    expect(verdict.measuredMs).to.have.property('hi').within(4000, 4200);
    expect(verdict).not.to.have.property('clocks');
    expect(endpointAnswers.judge({ within: 3000 }, timeline).outcome).to.equal('fail');
    const events = timeline.events.filter(
      (event) =>
        event.type !== 'sample' ||
        event.series !== 'endpoint' ||
        event.due < leaderLoss.fired + 3800 ||
        event.due > leaderLoss.fired + 6500,
    );
    const coarse = endpointAnswers.judge({ within: 9000 }, { ...timeline, events });
    expect(coarse.outcome).to.equal('invalid');
    expect(coarse.because).to.match(/^endpoint: the change was seen only to within/);
  });
});

describe('names-resolved', () => {
  const resolved = (changes: Partial<Script>, within = 20_000): Verdict =>
    namesResolved.judge({ within }, timelineOf({ probes: ['names', 'write'], ...changes }));

  it('counts from the last node that no fault hits, and tells each', () => {
    const webDown = [
      { node: 'pi1', from: 0, to: 28_000 },
      { node: 'pi2', from: 0, to: 6000 },
      { node: 'pi3', from: 0, to: 9000 },
    ];
    const verdict = resolved({ webDown });
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.measuredMs).to.have.property('lo').within(8400, 9000);
    expect(verdict.measuredMs).to.have.property('hi').within(9000, 9500);
    expect(Object.keys(verdict.clocks ?? {})).to.deep.equal(['pi2', 'pi3', 'pi4']);
    expect(resolved({ webDown }, 8000).outcome).to.equal('fail');
  });

  it('is invalid where this cluster let nobody ask from inside', () => {
    const timeline = timelineOf({ probes: ['names', 'write'] });
    const events = timeline.events.filter(
      (event) => event.type !== 'sample' || !event.series.startsWith('names@'),
    );
    const series = timeline.plan.series.map((one) =>
      one.probe === 'names' ? { ...one, optional: true as const } : one,
    );
    const plan = { ...timeline.plan, series };
    expect(namesResolved.judge({ within: 20_000 }, { plan, events })).to.include({
      outcome: 'invalid',
      because: 'nothing sampled names in this run',
    });
  });
});
