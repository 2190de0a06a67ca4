import { expect } from 'chai';
import { timelineOf, type Script } from '../testing/timelines.ts';
import type { Event, PodsSeen, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { podsRun } from './pods-run.ts';

const probes = ['pods'];

describe('pods-run', () => {
  it('is kept once as many others are ready as were before', () => {
    const verdict = run({ replaced: 8000 });
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.title).to.equal('as many ready pods of the workload as before within 20 s');
    expect(verdict.because).to.match(
      /^3 pods were ready in place of those that were hit [78]\.\d\d s \(±\d\.\d\d\) after the fault/,
    );
    expect(verdict.measuredMs).to.have.property('hi').within(8000, 9100);
    expect(verdict.evidence[0]).to.equal('3 pods were ready before, 2 of them not hit');
  });

  it('fails beyond the limit, and where they were not seen before the healing', () => {
    expect(run({ replaced: 22_000 }).outcome).to.equal('fail');
    const verdict = run({ replaced: 40_000 });
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.measuredMs).to.have.property('atLeast').within(28_900, 30_210);
  });

  it('does not count a pod that the fault hit, though it is told to be ready', () => {
    // The script's victim stays listed as ready throughout, as a pod on a dead node is for a while.
    expect(run({ replaced: Infinity }).measuredMs).to.have.property('atLeast');
  });

  it('does not count one on a node that the fault is aimed at', () => {
    const verdict = podsRun.judge(
      { within: 20_000 },
      changed(timelineOf({ probes, replaced: 8000 }), ({ pods }) => ({
        pods: pods.map((pod) => (pod.name === 'holdfast/web-4' ? { ...pod, node: 'pi1' } : pod)),
      })),
    );
    expect(verdict.measuredMs).to.have.property('atLeast');
  });

  it('does not take a flicker for it', () => {
    const timeline = timelineOf({ probes, replaced: 5000 });
    const events = timeline.events.map((event): Event =>
      event.type === 'sample' && event.due > 28_500 && event.due < 30_000
        ? { ...event, value: { pods: [] } }
        : event,
    );
    const verdict = podsRun.judge({ within: 20_000 }, { ...timeline, events });
    expect(verdict.measuredMs).to.have.property('lo').above(7000);
  });

  it('is told by whichever API server answers first', () => {
    const deaf = ['pi1', 'pi2', 'pi3'].map((node) => ({
      series: `pods@${node}`,
      from: 22_000,
      to: 45_000,
    }));
    expect(run({ replaced: 8000, deaf }).measuredMs)
      .to.have.property('hi')
      .within(8000, 9100);
  });

  it('does not apply where the fault hits no pod of the workload', () => {
    const verdict = run({});
    expect(verdict.outcome).to.equal('not-applicable');
    expect(verdict.because).to.equal('the fault hits none of the 3 ready pods of the workload');
  });

  it('is invalid where nobody told of the pods before', () => {
    const deaf = ['pi1', 'pi2', 'pi3', 'pi4'].map((node) => ({
      series: `pods@${node}`,
      from: 19_000,
      to: 22_300,
    }));
    expect(run({ replaced: 8000, deaf }).outcome).to.equal('invalid');
  });

  it('has not seen the end until two seconds have shown it', () => {
    const timeline = timelineOf({ probes, replaced: 8000 });
    const upTo = (ms: number): boolean =>
      podsRun.seen(
        { within: 20_000 },
        {
          ...timeline,
          events: timeline.events.filter(
            (event) => (event.type === 'sample' ? (event.got ?? event.due) : event.at) <= ms,
          ),
        },
      );
    expect([25_000, 31_500, 34_500].map(upTo)).to.deep.equal([false, false, true]);
  });
});

function run(changes: Partial<Script>): Verdict {
  return podsRun.judge({ within: 20_000 }, timelineOf({ probes, ...changes }));
}

function changed(timeline: Timeline, change: (seen: PodsSeen) => PodsSeen): Timeline {
  const events = timeline.events.map((event): Event =>
    event.type === 'sample' && event.ok === true
      ? { ...event, value: change(event.value as PodsSeen) }
      : event,
  );
  return { ...timeline, events };
}
