import { expect } from 'chai';
import { timelineOf, type Script } from '../testing/timelines.ts';
import type { Event, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { writeOutage } from './write-outage.ts';

const probes = ['write'];
type Params = Parameters<typeof writeOutage.judge>[0];
const params: Params = { longest: 10_000, on: 'every-survivor', except: 0 };

describe('write-outage', () => {
  it('is that of the worst survivor, and tells each', () => {
    const verdict = outage({});
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.title).to.equal(
      'no write outage longer than 10 s through every surviving API server',
    );
    expect(verdict.because).to.match(
      /^the longest time without an acknowledged write was 2\.\d\d s \(±0\.\d\d\), through pi4; the limit is 10 s$/,
    );
    expect(verdict.clocks).to.have.all.keys('pi2', 'pi3', 'pi4');
  });

  it('fails beyond the limit, and cannot tell where the limit lies inside the interval', () => {
    expect(outage({ writes: { pi2: 11_000 } }).outcome).to.equal('fail');
    expect(outage({ writes: { pi2: 10_000 } }).outcome).to.equal('unknown');
  });

  it('tells each of two survivors', () => {
    const timeline = timelineOf({ probes });
    const series = timeline.plan.series.filter(({ node }) => node !== 'pi4');
    const plan = { ...timeline.plan, series };
    const both = writeOutage.judge(params, { ...timeline, plan });
    expect(both.clocks).to.have.all.keys('pi2', 'pi3');
  });

  it('is between two writes where none fails, from the very fault on', () => {
    const { measuredMs } = outage({ writes: {} });
    expect(measuredMs).to.have.property('hi').within(100, 900);
  });

  it('counts the outages that come after the first write, until the end of settling', () => {
    const writesDown = [{ node: 'pi3', from: 31_000, to: 43_000 }];
    const verdict = outage({ writesDown });
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.contain('through pi3');
  });

  it('counts the time in which writes wait, though none of them fails', () => {
    const verdict = outage({ writes: { pi2: 800, pi3: 700, pi4: 600 }, writesWait: true });
    expect(verdict.evidence[0]).to.match(/^pi2: 0 of \d+ writes failed/);
    expect(verdict.measuredMs).to.have.property('hi').within(800, 920);
    expect(outage({ writes: { pi2: 800 }, writesWait: true }, { longest: 500 }).outcome).to.equal(
      'unknown',
    );
  });

  it('lets so many be longer as it is told', () => {
    const writesDown = [
      { node: 'pi2', from: 20_000, to: 32_000 },
      { node: 'pi3', from: 20_000, to: 31_000 },
    ];
    expect(outage({ writesDown }).outcome).to.equal('fail');
    const verdict = outage({ writesDown }, { except: 1 });
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.title).to.match(/, but for one$/);
    expect(verdict.because).to.contain('the second longest time');
    const twice = [...writesDown, { node: 'pi2', from: 5000, to: 15_500 }];
    expect(outage({ writesDown: twice }, { except: 1 }).outcome).to.equal('fail');
    const third = outage({ writesDown: twice }, { except: 2 });
    expect(third.because).to.match(/^the third longest time .*, through pi2/);
  });

  it('says which of many is the longest that counts', () => {
    const writesDown = Array.from({ length: 25 }, (_, index) => {
      const from = 5000 + index * 1000;
      return { node: 'pi2', from, to: from + 500 };
    });
    const which = [3, 4, 11, 12, 13, 21, 22, 23, 24].map((nth) => {
      const { because } = outage({ writesDown }, { except: nth - 1 });
      return /^the (\S+) longest time/.exec(because)?.[1];
    });
    expect(which.join(' ')).to.equal('third 4th 11th 12th 13th 21st 22nd 23rd 24th');
  });

  it('says at least, where the last one had not ended with the window', () => {
    const verdict = outage({ writes: { pi2: Infinity } });
    expect(verdict.measuredMs).to.have.property('atLeast').above(50_000);
    expect(verdict.because).to.match(/through pi2, had not ended after 5\d\.\d s/);
  });

  it('is not told to go on by a write or two that were lost at the end', () => {
    const deaf = [{ series: 'write@pi2', from: 74_000 - 300, to: 80_000 }];
    expect(outage({ deaf }).outcome).to.equal('pass');
  });

  it('of any ends with the first API server that acknowledges', () => {
    const writes = { pi2: 20_000, pi3: 2000, pi4: 20_000 };
    const verdict = outage({ writes }, { on: 'any', longest: 3000 });
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.measuredMs).to.have.property('lo').within(1600, 2000);
    expect(verdict.measuredMs).to.have.property('hi').within(2000, 2300);
    expect(outage({ writes }, { longest: 3000 }).outcome).to.equal('fail');
  });

  it('of any has a lower bound only where all of them failed', () => {
    // pi1 is the victim; the three others fail in turn and never together.
    const writesDown = ['pi2', 'pi3', 'pi4'].map((node, index) => ({
      node,
      from: index * 4000,
      to: index * 4000 + 3900,
    }));
    const verdict = outage({ writes: {}, writesDown }, { on: 'any', longest: 1000 });
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.measuredMs).to.have.property('lo', 0);
  });

  it('of the targets is of those alone', () => {
    const verdict = outage({ isolated: true }, { on: 'targets' });
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.evidence.join()).to.match(/^pi1: /);
    expect(verdict.measuredMs).to.have.property('lo').within(38_000, 38_400);
  });

  it('leaves out who was hit by a later fault', () => {
    const timeline = timelineOf({
      probes,
      writesDown: [{ node: 'pi2', from: 25_500, to: 36_000 }],
    });
    expect(writeOutage.judge(params, withSecond(timeline, 'pi2')).outcome).to.equal('pass');
    expect(writeOutage.judge(params, timeline).outcome).to.equal('fail');
  });

  it('counts from the fault that it is told', () => {
    const timeline = withSecond(timelineOf({ probes, writes: { pi3: 15_000 } }), 'pi2');
    expect(writeOutage.judge(params, timeline).outcome).to.equal('fail');
    expect(writeOutage.judge({ ...params, after: 'second' }, timeline).outcome).to.equal('pass');
  });

  it('widens what it does not know where slots were missed, and never says less', () => {
    const timeline = timelineOf({ probes });
    const events = timeline.events.map((event): Event => {
      const late = event.type === 'sample' && event.due > 40_000 && event.due < 43_000;
      return late ? { type: 'sample', series: event.series, due: event.due, missed: true } : event;
    });
    const verdict = writeOutage.judge({ ...params, longest: 2800 }, { ...timeline, events });
    expect(verdict.measuredMs).to.have.property('hi').within(3000, 3450);
    expect(verdict.outcome).to.equal('unknown');
  });

  it('does not join failures over a long silence of its own to one certain outage', () => {
    const timeline = timelineOf({ probes, writes: { pi2: 6000 } });
    const events = timeline.events.map((event): Event => {
      const after = event.type === 'sample' ? event.due - 22_310 : 0;
      return event.type === 'sample' && after > 2000 && after < 4000
        ? { type: 'sample', series: event.series, due: event.due, missed: true }
        : event;
    });
    const verdict = writeOutage.judge(params, { ...timeline, events });
    expect(verdict.clocks!['pi2']).to.have.property('lo').within(1700, 2100);
    expect(verdict.clocks!['pi2']).to.have.property('hi').within(6000, 6250);
  });

  it('takes a conflict for no acknowledgement', () => {
    const timeline = timelineOf({ probes, writes: { pi2: 11_000 } });
    const events = timeline.events.map((event): Event =>
      event.type === 'sample' && event.error === 'HTTP 500'
        ? { ...event, error: 'HTTP 409' }
        : event,
    );
    expect(writeOutage.judge(params, { ...timeline, events }).outcome).to.equal('fail');
  });

  it('is invalid where the writes did not work before, and not applicable where none is meant', () => {
    const deaf = [{ series: 'write@pi2', from: 20_000, to: 22_200 }];
    expect(outage({ deaf }).outcome).to.equal('invalid');
    const timeline = timelineOf({ probes });
    const plan = {
      ...timeline.plan,
      series: timeline.plan.series.filter(({ node }) => node === 'pi1'),
    };
    const verdict = writeOutage.judge(params, { ...timeline, plan });
    expect(verdict.outcome).to.equal('not-applicable');
  });

  it('has seen the end once it was quiet for two seconds', () => {
    const timeline = timelineOf({ probes });
    const upTo = (ms: number): boolean =>
      writeOutage.seen(params, {
        ...timeline,
        events: timeline.events.filter(
          (event) => (event.type === 'sample' ? (event.got ?? event.due) : event.at) <= ms,
        ),
      });
    expect([22_400, 24_500, 26_500, 27_200].map(upTo)).to.deep.equal([false, false, false, true]);
  });

  it('has a strict schema with defaults', () => {
    expect(writeOutage.schema.parse({ longest: '10s' })).to.deep.equal(params);
    const reads = (more: object): boolean =>
      writeOutage.schema.safeParse({ longest: '10s', ...more }).success;
    expect(reads({ on: 'others' })).to.equal(false);
    expect([-1, 1, 1000, 1001].map((except) => reads({ except }))).to.deep.equal([
      ...[false, true, true, false],
    ]);
  });
});

function outage(changes: Partial<Script>, more: Partial<Params> = {}): Verdict {
  return writeOutage.judge({ ...params, ...more }, timelineOf({ probes, ...changes }));
}

/** The same run with a second fault, 25 s after the first, while that stands, on another node. */
function withSecond({ plan, events }: Timeline, node: string): Timeline {
  const step = { kind: 'fault', id: 'second', fault: 'kill', params: {} } as const;
  const [first] = events.flatMap((event) =>
    event.type === 'fault' && event.intent !== undefined ? [event.intent] : [],
  );
  const fault = { type: 'fault', step: 'second' } as const;
  const at = 22_310 + 25_000;
  return {
    plan: { ...plan, steps: [...plan.steps, step] },
    events: [
      ...events,
      { ...fault, at: at - 300, state: 'journaled', intent: { ...first!, targets: [node] } },
      { ...fault, at, state: 'fired', span: { lo: at - 3, hi: at } },
      { ...fault, at: at + 100, state: 'bit' },
      { ...fault, at: at + 10_000, state: 'undone', span: { lo: at + 9900, hi: at + 10_000 } },
      { ...fault, at: at + 10_100, state: 'gone' },
    ],
  };
}
