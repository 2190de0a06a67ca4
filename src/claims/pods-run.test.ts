import { expect } from 'chai';
import { intentOf } from '../testing/intent.ts';
import { deed, look, timelineWith } from '../testing/looks.ts';
import { timelineOf, type Script } from '../testing/timelines.ts';
import type { Event, PodsSeen, Sample, Timeline } from '../model/timeline.ts';
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

  it('is invalid where the fault was never fired', () => {
    const timeline = timelineOf({ probes, replaced: 8000 });
    const events = timeline.events.filter(({ type }) => type !== 'fault');
    expect(podsRun.judge({ within: 20_000 }, { ...timeline, events })).to.include({
      outcome: 'invalid',
      because: 'the fault was never fired',
    });
    const stands = timeline.events.filter(
      (event) => event.type !== 'fault' || event.state !== 'undone',
    );
    const healed = podsRun.judge(
      { within: 20_000, after: 'heal' },
      { ...timeline, events: stands },
    );
    expect(healed).to.include({ outcome: 'invalid', because: 'the faults were not taken back' });
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

  it('counts from the healing, if that is asked, and every pod then', () => {
    // The victim's own pod is ready throughout, by its name: that of a StatefulSet that is there again.
    const timeline = timelineOf({ probes, replaced: Infinity });
    const verdict = podsRun.judge({ within: 20_000, after: 'heal' }, timeline);
    expect(verdict.title).to.match(/as before within 20 s of healing$/);
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.because).to.match(/^3 pods were ready again 0\.\d\d s .* after healing/);
    const never = timeline.events.map((event): Event =>
      event.type === 'sample' && event.due > 30_000 ? { ...event, value: { pods: [] } } : event,
    );
    const failed = podsRun.judge({ within: 20_000, after: 'heal' }, { ...timeline, events: never });
    expect(failed.outcome).to.equal('fail');
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

describe('pods-run, of looks written by hand', () => {
  /** Pods as `name@node`; one in brackets is not ready, and one without a node waits for a place. */
  function told(sent: number, pods: string, through = 'pi3'): Sample {
    return look(`pods@${through}`, sent, {
      pods: pods.split(' ').map((text) => {
        const [name = '', node] = text.replace(/[()]/g, '').split('@');
        return { name, ready: !text.startsWith('('), ...(node !== undefined && { node }) };
      }),
    });
  }

  const every = (from: number, until: number, pods: string): readonly Sample[] =>
    Array.from({ length: (until - from) / 100 + 1 }, (_, index) => told(from + index * 100, pods));

  /** Of a fault that hits the pod a on pi1, unless said. */
  function judged(looks: readonly Sample[], podsHit: readonly string[] = ['a']): Verdict {
    const intent = { ...intentOf('test', 'pi1', 'node-timer', []), podsHit };
    const fault = { type: 'fault', step: 'kill' } as const;
    const timeline = timelineWith(looks, [
      { ...fault, state: 'fired', at: deed.hi, span: deed, intent },
      { ...fault, state: 'undone', at: 20_010, span: { lo: 20_000, hi: 20_010 } },
    ]);
    return podsRun.judge({ within: 30_000 }, timeline);
  }

  const before = told(9900, 'a@pi1 b@pi2 (x@pi4)');
  const fewer = told(10_100, 'a@pi1 b@pi2');

  it('counts from the last look with fewer to the answer of the first with enough', () => {
    const verdict = judged([before, fewer, ...every(10_200, 12_200, 'b@pi2 c@pi3')]);
    expect(verdict.measuredMs).to.deep.equal({ lo: 96, hi: 210 });
    expect(verdict.evidence).to.deep.equal([
      '2 pods were ready before, 1 of them not hit',
      '2 others were told between 10.100 s and 10.210 s',
    ]);
    // Two seconds must have shown it.
    const short = judged([before, fewer, ...every(10_200, 12_100, 'b@pi2 c@pi3')]);
    expect(short.measuredMs).to.deep.equal({ atLeast: 96 });
    expect(short.evidence[1]).to.equal('fewer were told until 10.100 s at least');
  });

  it('begins again where fewer are told within two seconds', () => {
    const flicker = (at: number): Verdict =>
      judged([
        ...[before, fewer, ...every(10_200, at - 100, 'b@pi2 c@pi3')],
        ...[told(at, 'b@pi2 (c@pi3)'), ...every(at + 100, 15_000, 'b@pi2 c@pi3')],
      ]);
    expect(flicker(12_200).measuredMs).to.deep.equal({ lo: 12_200 - 10_004, hi: 2310 });
    expect(flicker(12_300).measuredMs).to.deep.equal({ lo: 96, hi: 210 });
  });

  it('counts none that was hit, nor one on a node that the fault is aimed at', () => {
    for (const pods of ['a@pi2 b@pi2', 'b@pi2 c@pi1', 'b@pi2 (c@pi3)', 'b@pi2']) {
      const { measuredMs } = judged([before, ...every(10_100, 15_000, pods)]);
      expect(measuredMs, pods).to.deep.equal({ atLeast: 15_000 - 10_004 });
    }
    const waiting = judged([before, fewer, ...every(10_200, 15_000, 'b@pi2 c')]);
    expect(waiting.measuredMs).to.deep.equal({ lo: 96, hi: 210 });
  });

  it('knows those before by the last look that had come, of the last two seconds', () => {
    const after = [fewer, ...every(10_200, 15_000, 'b@pi2 c@pi3')];
    const since = (sent: number): string => judged([told(sent, 'a@pi1 b@pi2'), ...after]).outcome;
    expect([7999, 8000, 9990, 9991].map(since)).to.deep.equal([
      ...['invalid', 'pass', 'pass', 'invalid'],
    ]);
    const newest = judged([told(9800, 'a@pi1 b@pi2 y@pi2'), before, ...after]);
    expect(newest.measuredMs).to.deep.equal({ lo: 96, hi: 210 });
  });

  it('does not look beyond the healing, nor take what was asked before the fault', () => {
    const late = judged([before, fewer, ...every(20_100, 23_000, 'b@pi2 c@pi3')]);
    expect(late.measuredMs).to.deep.equal({ atLeast: 96 });
    const early = told(9995, 'b@pi2 c@pi3', 'pi2');
    expect(
      judged([before, early, ...every(10_000, 13_000, 'b@pi2 c@pi3')]).measuredMs,
    ).to.deep.equal({ lo: 0, hi: 10 });
    expect(judged([before]).measuredMs).to.deep.equal({ atLeast: 0 });
  });

  it('is told by the first answer, in whatever order they come', () => {
    const enough = every(10_200, 13_000, 'b@pi2 c@pi3').map((one) =>
      one.due === 10_200 ? { ...one, got: 10_900 } : one,
    );
    expect(judged([before, fewer, ...enough]).measuredMs).to.deep.equal({ lo: 96, hi: 310 });
  });

  it('does not apply to pods that were not hit, and is invalid where it was seen too seldom', () => {
    expect(judged([before, fewer], [])).to.include({
      outcome: 'not-applicable',
      because: 'the fault hits none of the 2 ready pods of the workload',
    });
    expect(judged([told(9900, 'a@pi1'), fewer], []).because).to.equal(
      'the fault does not hit the only ready pod of the workload',
    );
    expect(judged([before, fewer, ...every(10_600, 13_000, 'b@pi2 c@pi3')]).outcome).to.equal(
      'invalid',
    );
    expect(judged([before, fewer, ...every(10_500, 13_000, 'b@pi2 c@pi3')]).outcome).to.equal(
      'pass',
    );
  });
});
