import { expect } from 'chai';
import type { Event, HarnessEvent, Sample, Timeline } from '../model/timeline.ts';
import { intentOf } from '../testing/intent.ts';
import { deed, look, timelineWith } from '../testing/looks.ts';
import { leaderLoss, timelineOf, type Script } from '../testing/timelines.ts';
import { voidBecause } from './guards.ts';

const { fired } = leaderLoss;
/** Two series of different rhythms are enough to tell one from all. */
const probes = ['nodes', 'write'];

/** The same run, with what a test changes of what was written down. */
function written(
  change: (event: Event) => readonly Event[],
  script: Partial<Script> = {},
): Timeline {
  const timeline = timelineOf({ probes, ...script });
  return { ...timeline, events: timeline.events.flatMap(change) };
}

/** Of samples alone; `[]` takes one away. */
function samples(
  change: (sample: Sample) => readonly Event[],
  script: Partial<Script> = {},
): Timeline {
  return written((event) => (event.type === 'sample' ? change(event) : [event]), script);
}

function harness(changes: Partial<HarnessEvent>): Timeline {
  return written((event) => [event.type === 'harness' ? { ...event, ...changes } : event]);
}

const isOf =
  (series: string) =>
  (sample: Sample): boolean =>
    sample.series === series;

describe('the timings of a run', () => {
  it('tell of the cluster where nothing speaks against it', () => {
    expect(voidBecause(timelineOf({ probes }))).to.equal(undefined);
  });

  it('are void if the fault never fired, whether or not it is told why', () => {
    const unfired = (event: Event): boolean =>
      event.type === 'fault' && (event.state === 'fired' || event.state === 'bit');
    const never = written((event) => (unfired(event) ? [] : [event]));
    expect(voidBecause(never)).to.equal('the fault "kill" of step kill was never fired');
    const told = written((event) => (unfired(event) ? [] : [event]), { proof: 'missed' });
    expect(voidBecause(told)).to.equal(
      'the fault "kill" of step kill was never fired: the process is still there',
    );
  });

  it('are void if the fault did not bite, or not for as long as it should', () => {
    expect(voidBecause(timelineOf({ probes, proof: 'missed' }))).to.equal(
      'the fault "kill" of step kill was fired and did not bite: the process is still there',
    );
    const { plan, events } = timelineOf({ probes });
    const early: Event = {
      ...{ type: 'fault', step: 'kill', state: 'missed', at: 52_800 },
      because: 'the undo timer on pi1 had run before its time',
    };
    expect(voidBecause({ plan, events: [...events, early] })).to.equal(
      'the fault "kill" of step kill did not last: the undo timer on pi1 had run before its time',
    );
  });

  it('are void if a probe said yes and had seen nothing, whichever it was', () => {
    for (const series of ['nodes@pi2', 'write@pi4']) {
      const is = isOf(series);
      const timeline = samples((one) => {
        return [is(one) && one.ok === true ? { ...one, value: undefined } : one];
      });
      expect(voidBecause(timeline)).to.match(
        new RegExp(`^${series} said yes at \\d+\\.\\d+ s and had seen no answer: its probe cannot`),
      );
    }
  });

  it('are void if an answer came before its question, and not if it came in the same instant', () => {
    const answered = (tookMs: number): Timeline => {
      const is = isOf('write@pi3');
      return samples((one) => [
        is(one) && one.sent !== undefined && one.due > fired + 20_000
          ? { ...one, got: one.sent + tookMs }
          : one,
      ]);
    };
    expect(voidBecause(answered(-1))).to.match(
      /^the clock of this machine went backwards: write@pi3, sent at \d+\.\d+ s, was answered before it was asked$/,
    );
    expect(voidBecause(answered(0))).to.equal(undefined);
  });

  it('are void if nobody said how late the sampler was, but where nothing was sampled', () => {
    const silent = written((event) => (event.type === 'harness' ? [] : [event]));
    expect(voidBecause(silent)).to.equal(
      'nothing tells how well this machine kept up: its sampler never said how late it was',
    );
    const nothing = written((event) =>
      event.type === 'harness' || event.type === 'sample' ? [] : [event],
    );
    expect(voidBecause(nothing)).not.to.include('its sampler never said');
    const plan = { ...nothing.plan, series: [] };
    expect(voidBecause({ ...nothing, plan })).to.equal(undefined);
    // One series is enough to want to know.
    const one = written((event) =>
      event.type === 'harness' || (event.type === 'sample' && event.series !== 'write@pi2')
        ? []
        : [event],
    );
    expect(voidBecause(one)).to.include('its sampler never said');
  });

  it('are void beyond a twentieth of missed slots in all, and not at it', () => {
    expect(voidBecause(harness({ slots: 1000, missedSlots: 50 }))).to.equal(undefined);
    expect(voidBecause(harness({ slots: 1000, missedSlots: 51 }))).to.equal(
      'this machine was too slow to see: it missed 5.1 % of the samples, and 5 % is the most that is good enough',
    );
    expect(voidBecause(harness({ slots: 0, missedSlots: 0 }))).to.equal(undefined);
  });

  it('are void beyond 250 ms of delay of the event loop, and not at it', () => {
    expect(voidBecause(harness({ loopDelayP99Ms: 250 }))).to.equal(undefined);
    expect(voidBecause(harness({ loopDelayP99Ms: 251 }))).to.equal(
      'this machine was too slow to see: its event loop was late by 251 ms (p99), and 250 ms is the most that is good enough',
    );
  });

  describe('are void if too many slots were missed in the time that is judged', () => {
    const missing = (from: number, share: number): Timeline => {
      let count = 0;
      return samples(({ type, series, due, ...rest }) => {
        const one = { type, series, due, ...rest };
        if (due < from) return [one];
        count += share;
        if (count < 1) return [one];
        count -= 1;
        return [{ type, series, due, missed: true }];
      });
    };

    it('whatever the summary of the whole run says', () => {
      expect(voidBecause(missing(fired, 0.04))).to.equal(undefined);
      expect(voidBecause(missing(fired, 0.07))).to.match(
        /^this machine was too slow to see: it missed 6\.\d % of the samples/,
      );
    });

    it('though the summary counted nothing', () => {
      const { plan, events } = missing(fired, 0.07);
      const uncounted = events.map((event) =>
        event.type === 'harness' ? { ...event, slots: 0, missedSlots: 0 } : event,
      );
      expect(voidBecause({ plan, events: uncounted })).to.include('too slow to see: it missed');
    });

    it('counting those that were never written down', () => {
      const gone = (from: number): Timeline =>
        samples((one) => (one.due > from && one.series.startsWith('write@') ? [] : [one]));
      expect(voidBecause(gone(fired + 10_000))).to.match(/too slow to see: it missed \d\d\.\d %/);
    });

    it('from two seconds before the fault, and no earlier', () => {
      const before = (from: number, to: number): string | undefined =>
        voidBecause(
          samples(({ type, series, due, ...rest }) => [
            due >= from && due < to
              ? { type, series, due, missed: true }
              : { type, series, due, ...rest },
          ]),
        );
      // Most of a short run lies before its fault: what was missed long before is no matter.
      expect(before(0, fired - 2300)).to.equal(undefined);
      const short = { heal: fired + 10_000, recovered: fired + 12_000, end: fired + 15_000 };
      const shortly = samples(
        ({ type, series, due, ...rest }) => [
          due >= fired - 2000 && due < fired
            ? { type, series, due, missed: true }
            : { type, series, due, ...rest },
        ],
        short,
      );
      expect(voidBecause(shortly)).to.match(/too slow to see: it missed 1\d\.\d %/);
    });

    it('up to the survey after the settling, and no later', () => {
      const state = timelineOf({ probes }).events.find(
        (event) => event.type === 'state' && event.when === 'after',
      );
      const at = state?.type === 'state' ? state.at : NaN;
      const late = samples(({ type, series, due, ...rest }) => [
        { type, series, due, ...rest },
        ...(due > at - 4000
          ? Array.from({ length: 100 }, (_, i) => ({
              type,
              series,
              due: at + 1 + i,
              missed: true as const,
            }))
          : []),
      ]);
      expect(at).to.be.greaterThan(fired);
      expect(voidBecause(late)).to.equal(undefined);
    });

    it('where nothing was surveyed after it, up to the last sample of any series', () => {
      const cut = written((event) => {
        if (event.type === 'state' && event.when === 'after') return [];
        const isLate = event.type === 'sample' && event.due > fired + 8000;
        return isLate && event.series.startsWith('write@') ? [] : [event];
      });
      expect(voidBecause(cut)).to.match(/too slow to see: it missed \d\d\.\d %/);
    });

    it('at its very edges, too', () => {
      // Of 39 slots from two seconds before the fault on, two are more than a twentieth, and one is not.
      for (const edge of [8000, 11_800])
        expect(voidBecause(briefly(slots('write@pi1', 100, [9000, edge])))).to.include('5.1 %');
      expect(voidBecause(briefly(slots('write@pi1', 100, [9000])))).to.equal(undefined);
    });

    it('by a series of which there is nothing but what was before it', () => {
      const before = slots('write@pi2', 100, [])
        .slice(0, 1)
        .map((one) => ({ ...one, due: 7900 }));
      expect(voidBecause(briefly([...slots('write@pi1', 100, []), ...before]))).to.include(
        'it missed 49.4 % of the samples',
      );
    });

    it('by the eyes or by a load: neither hides what the other missed', () => {
      const few = [9000, 10_000];
      const hidden = [...slots('write@pi1', 100, few), ...slots('load', 10, [])];
      expect(voidBecause(briefly(hidden))).to.include('it missed 5.1 % of the samples');
      const eyes = ['pi1', 'pi2', 'pi3'].flatMap((node) => slots(`write@${node}`, 100, []));
      expect(voidBecause(briefly([...eyes, ...slots('load', 100, few)]))).to.include('5.1 %');
      expect(voidBecause(briefly([...eyes, ...slots('load', 100, [9000])]))).to.equal(undefined);
    });
  });

  it('are asked of a run without a fault by its summary alone', () => {
    const without = ({ plan, events }: Timeline): Timeline => ({
      plan: { ...plan, steps: plan.steps.filter(({ kind }) => kind !== 'fault') },
      events: events.filter(({ type }) => type !== 'fault'),
    });
    expect(voidBecause(without(timelineOf({ probes })))).to.equal(undefined);
    const missed = harness({ slots: 1000, missedSlots: 51 });
    expect(voidBecause(without(missed))).to.include('it missed 5.1 % of the samples');
    // Nor is there a share of the slots that a plan without series has.
    const none = { ...missed, plan: { ...missed.plan, series: [] } };
    expect(voidBecause(none)).to.include('it missed 5.1 % of the samples');
  });

  describe('are void if a series has no slots for a while', () => {
    const hole = (series: string, from: number, to: number): string | undefined => {
      const is = isOf(series);
      return voidBecause(
        samples((one) => (is(one) && one.due > from && one.due < to ? [] : [one])),
      );
    };

    it('longer than three seconds, or than five slots of a slow one', () => {
      expect(hole('write@pi2', fired + 20_000, fired + 22_500)).to.equal(undefined);
      expect(hole('write@pi2', fired + 20_000, fired + 23_500)).to.match(
        /^write@pi2 was not sampled between \d+\.\d+ s and \d+\.\d+ s: what happened then is not known$/,
      );
      expect(hole('nodes@pi2', fired + 20_000, fired + 23_500)).to.equal(undefined);
      expect(hole('nodes@pi2', fired + 20_000, fired + 27_000)).to.match(
        /^nodes@pi2 was not sampled/,
      );
    });

    it('longer by a millisecond, between the slots on both sides of it', () => {
      const is = isOf('write@pi2');
      const from = fired + 20_000;
      const long = (lengthMs: number): string | undefined => {
        const to = from + lengthMs;
        const { plan, events } = samples((one) =>
          is(one) && one.due > from && one.due < to ? [] : [one],
        );
        const sides = [from, to].map((due): Sample => ({
          type: 'sample',
          series: 'write@pi2',
          due,
          missed: true,
        }));
        return voidBecause({ plan, events: [...events, ...sides] });
      };
      expect(long(3000)).to.equal(undefined);
      expect(long(3001)).to.equal(
        'write@pi2 was not sampled between 42.310 s and 45.311 s: what happened then is not known',
      );
    });

    it('and not for what is longer only beyond the end of settling', () => {
      const is = isOf('write@pi2');
      const settled = fired + 45_000;
      const over = written((event) => {
        if (event.type === 'state' && event.when === 'after') return [{ ...event, at: settled }];
        if (event.type !== 'sample' || !is(event)) return [event];
        return event.due > settled - 2000 && event.due < settled + 2000 ? [] : [event];
      });
      expect(voidBecause(over)).to.equal(undefined);
    });

    it('right after the fault, and right before the end', () => {
      expect(hole('write@pi2', fired, fired + 3500)).to.match(
        /^write@pi2 was not sampled between 22\./,
      );
      expect(hole('write@pi2', leaderLoss.end - 8000, Infinity)).to.match(
        /^write@pi2 was not sampled/,
      );
    });

    it('and not before the fault', () => {
      expect(hole('write@pi2', fired - 9000, fired - 3000)).to.equal(undefined);
    });
  });

  it('do not rest on a series that this cluster never let us sample', () => {
    const timeline = samples((one) => (one.series === 'nodes@pi2' ? [] : [one]));
    expect(voidBecause(timeline)).not.to.equal(undefined);
    const series = timeline.plan.series.map((one) =>
      one.id === 'nodes@pi2' ? { ...one, optional: true as const } : one,
    );
    expect(voidBecause({ ...timeline, plan: { ...timeline.plan, series } })).to.equal(undefined);
    // One that was sampled for a while counts like the others.
    const some = samples((one) =>
      one.series === 'nodes@pi2' && one.due > fired + 9000 ? [] : [one],
    );
    expect(voidBecause({ ...some, plan: { ...some.plan, series } })).to.match(/nodes@pi2 was not/);
  });
});

/** Slots from two seconds before the fault of `briefly` to 11.8 s, some of them missed. */
function slots(series: string, everyMs: number, missed: readonly number[]): readonly Sample[] {
  return Array.from({ length: 3800 / everyMs + 1 }, (_, index) => {
    const due = 8000 + index * everyMs;
    return missed.includes(due)
      ? { type: 'sample', series, due, missed: true }
      : look(series, due, { status: 200 });
  });
}

/** A run whose fault bites at 10 s, of a machine that tells of nothing missed. */
function briefly(looks: readonly Sample[]): Timeline {
  const fault = { type: 'fault', step: 'kill' } as const;
  const intent = intentOf('test', 'pi1', 'node-timer', []);
  return timelineWith(looks, [
    { ...fault, state: 'fired', at: deed.hi, span: deed, intent },
    { ...fault, state: 'bit', at: 10_100 },
    {
      ...{ type: 'harness', at: 11_000, slots: 0, missedSlots: 0, loopDelayP99Ms: 1 },
      ...{ cpuPercent: 1, rssBytes: 1 },
    },
  ]);
}
