import { expect } from 'chai';
import { leaderLoss, timelineOf, type Script } from '../testing/timelines.ts';
import type { Event } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { writesResume } from './writes-resume.ts';

const probes = ['write'];

describe('writes-resume', () => {
  it('is as slow as the slowest survivor, and tells each', () => {
    const verdict = resumed({});
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.because).to.match(
      /^writes through pi4, the last of 3 API servers, resumed 2\.[34]/,
    );
    expect(verdict.clocks).to.have.all.keys('pi2', 'pi3', 'pi4');
  });

  it('does not wait for the API server beside the victim, whose store was taken away', () => {
    const verdict = resumed({ recovered: 60_000 });
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.evidence.join()).to.not.contain('write@pi1');
  });

  it('fails a survivor beyond the limit', () => {
    expect(resumed({ writes: { pi2: 11_000 } }).outcome).to.equal('fail');
  });

  it('cannot tell where the limit lies inside the interval', () => {
    expect(resumed({ writes: { pi2: 9990 } }).outcome).to.equal('unknown');
  });

  it('says at least, where a survivor never took a write before healing', () => {
    const verdict = resumed({ writes: { pi2: 35_000, pi3: 2000 } });
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.measuredMs).to.have.property('atLeast').within(29_900, 30_210);
    expect(verdict.because).to.match(/^writes through pi2 were not seen to resume in the 30\.\d s/);
  });

  it('says where writes were not interrupted', () => {
    const verdict = resumed({ writes: {} });
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.because).to.contain('writes were not interrupted');
    expect(verdict.measuredMs).to.have.property('hi').below(220);
  });

  it('does not take a write sent before the fault for one after it', () => {
    // The last write before the fault is acknowledged two seconds after it, when nothing works yet.
    const timeline = timelineOf({ probes, writes: { pi2: 9000, pi3: 9000, pi4: 9000 } });
    const events = timeline.events.map((event): Event => {
      const last =
        event.type === 'sample' && event.due > 22_200 && (event.sent ?? Infinity) < 22_300;
      return last ? { ...event, got: 24_300, ok: true } : event;
    });
    const verdict = writesResume.judge(params(10_000), { ...timeline, events });
    expect(verdict.measuredMs).to.have.property('lo').above(8800);
  });

  it('wants two seconds without a failure: a flicker is no recovery', () => {
    const timeline = timelineOf({ probes, writes: { pi2: 9000 } });
    const events = timeline.events.map((event): Event => {
      const flicker =
        event.type === 'sample' &&
        event.series === 'write@pi2' &&
        event.due > 24_000 &&
        event.due < 25_500;
      return flicker ? { ...event, ok: true, value: { status: 200 } } : event;
    });
    const verdict = writesResume.judge(params(10_000), { ...timeline, events });
    expect(verdict.clocks!['pi2']).to.have.property('lo').above(8800);
  });

  it('takes a conflict for no acknowledgement: it is indeterminate', () => {
    const timeline = timelineOf({ probes, writes: { pi2: 9000 } });
    const events = timeline.events.map((event): Event =>
      event.type === 'sample' && event.error === 'HTTP 500'
        ? { ...event, error: 'HTTP 409' }
        : event,
    );
    const verdict = writesResume.judge(params(10_000), { ...timeline, events });
    expect(verdict.measuredMs).to.have.property('lo').above(8800);
    expect(verdict.evidence.join()).to.contain('HTTP 409');
  });

  it('says in its evidence how many failed later on', () => {
    const deaf = [{ series: 'write@pi3', from: 40_000, to: 40_500 }];
    expect(resumed({ deaf }).evidence.join()).to.contain('failed later on');
  });

  it('has not seen the end until two seconds have shown it', () => {
    const timeline = timelineOf({ probes });
    const upTo = (ms: number): boolean =>
      writesResume.seen(params(10_000), {
        ...timeline,
        events: timeline.events.filter(
          (event) => (event.type === 'sample' ? (event.got ?? event.due) : event.at) <= ms,
        ),
      });
    expect([22_400, 24_900, 26_500, 27_200].map(upTo)).to.deep.equal([false, false, false, true]);
  });

  it('of the targets is asked after healing', () => {
    const heal = { within: 10_000, on: 'targets', after: 'heal' } as const;
    const timeline = timelineOf({ probes, isolated: true });
    const verdict = writesResume.judge(heal, timeline);
    expect(verdict.title).to.equal(
      'writes through the API server of every target within 10 s of healing',
    );
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.because).to.match(/^writes through pi1, .* resumed 8\.\d\d s .* after healing/);
    const later = timelineOf({ probes, isolated: true, recovered: 66_000 });
    expect(writesResume.judge(heal, later).outcome).to.equal('fail');
    expect(writesResume.judge({ ...heal, after: undefined }, timeline).measuredMs)
      .to.have.property('atLeast')
      .above(29_900);
  });

  it('is invalid where a survivor did not take writes before the fault', () => {
    const deaf = [{ series: 'write@pi2', from: 20_000, to: 22_200 }];
    const verdict = resumed({ deaf });
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.match(/^write@pi2 had \d good samples/);
  });

  it('is invalid where the samples around the change are too sparse', () => {
    const timeline = timelineOf({ probes });
    const events = timeline.events.filter(
      (event) =>
        event.type !== 'sample' ||
        event.series !== 'write@pi3' ||
        event.due < leaderLoss.fired + 2000 ||
        event.due > leaderLoss.fired + 4000,
    );
    const verdict = writesResume.judge(params(10_000), { ...timeline, events });
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.match(/^write@pi3: the change was seen only to within/);
  });

  it('does not apply where the fault aims at every API server', () => {
    const timeline = timelineOf({ probes });
    const series = timeline.plan.series.filter(({ node }) => node === 'pi1');
    const plan = { ...timeline.plan, series };
    const verdict = writesResume.judge(params(10_000), { ...timeline, plan });
    expect(verdict.outcome).to.equal('not-applicable');
  });
});

function params(within: number): Parameters<typeof writesResume.judge>[0] {
  return { within, on: 'every-survivor' };
}

function resumed(changes: Partial<Script>): Verdict {
  return writesResume.judge(params(10_000), timelineOf({ probes, ...changes }));
}
