import { expect } from 'chai';
import { places } from '../model/kept.ts';
import { isSeen } from '../model/span.ts';
import type { Event, ReadSeen, Sample, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { leaderLoss, timelineOf, type Script } from '../testing/timelines.ts';
import { acknowledgedWritesSurvive } from './acknowledged-writes-survive.ts';
import { judge } from './judge.ts';

const probes = ['write', 'read'];
const strict = acknowledgedWritesSurvive.schema.parse({});
const mayLose = (text: string): typeof strict =>
  acknowledgedWritesSurvive.schema.parse({ 'may-lose': text });

/** What a leader that dies may take with it: what was written through it in its last half second. */
const losses = [{ node: 'pi1', from: -500, to: 0, goneAt: 1000 }];

function verdictOf(changes: Partial<Script> = {}, params = strict): Verdict {
  return acknowledgedWritesSurvive.judge(params, timelineOf({ probes, ...changes }));
}

/** A timeline whose reads are changed. */
function reading(change: (sample: Sample, seen: ReadSeen) => ReadSeen): Timeline {
  const timeline = timelineOf({ probes });
  const events = timeline.events.map((event): Event => {
    const isRead = event.type === 'sample' && event.series.startsWith('read@');
    if (!isRead || event.value === undefined) return event;
    return { ...event, value: change(event, event.value as ReadSeen) };
  });
  return { ...timeline, events };
}

describe('acknowledged-writes-survive', () => {
  it('passes where reads show every acknowledged write', () => {
    const verdict = verdictOf();
    expect(verdict.outcome, verdict.because).to.equal('pass');
    expect(verdict.because).to.match(/^none of 12\d{2} acknowledged writes is lost$/);
    expect(verdict.evidence.join()).to.match(/missed 0; \d\d? had no read/);
    expect(verdict).not.to.have.any.keys('measuredMs', 'limitMs');
  });

  it('fails where one is gone after the fault, and shows it', () => {
    const verdict = verdictOf({ losses });
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.match(
      /^[23] acknowledged writes are lost; the first: \d+ was written through pi1 and acknowledged at 2[12]\.\d+ s; a read through pi\d from 2[34]\.\d+ s to 2[34]\.\d+ s returned \d+ in its place$/,
    );
    expect(verdict.evidence.join()).to.match(/lost of those written through pi1: [23]/);
  });

  it('fails where the object is gone as a whole', () => {
    const timeline = reading(({ due }, seen) =>
      seen.of === 'pi2' && due > 30_000 ? { ...seen, kept: [] } : seen,
    );
    const verdict = acknowledgedWritesSurvive.judge(strict, timeline);
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.match(/returned nothing in its place$/);
  });

  it('measures how far back writes are lost that may be, and judges it', () => {
    const within = verdictOf({ losses }, mayLose('1s'));
    expect(within.outcome, within.because).to.equal('pass');
    expect(within.limitMs).to.equal(1000);
    const { measuredMs } = within;
    if (measuredMs === undefined || !isSeen(measuredMs)) throw new Error('not measured');
    expect(measuredMs.lo).to.be.within(300, 500);
    expect(measuredMs.hi).to.be.within(measuredMs.lo, 510);
    expect(verdictOf({ losses }, mayLose('100ms')).outcome).to.equal('fail');
  });

  it('lets nothing be lost that was acknowledged after the healing', () => {
    const later = leaderLoss.heal - leaderLoss.fired + 3000;
    const after = [{ node: 'pi2', from: later, to: later + 300, goneAt: later + 500 }];
    expect(verdictOf({ losses: after }, mayLose('1h')).outcome).to.equal('fail');
  });

  it('tells a read of an older state, which later reads belie, from a loss', () => {
    const hidden = [{ node: 'pi2', from: 5000, to: 5500, goneAt: 5600, backAt: 6200 }];
    const verdict = verdictOf({ losses: hidden });
    expect(verdict.outcome, verdict.because).to.equal('pass');
    expect(verdict.evidence.join()).to.match(/reads missed what later ones found again/);
  });

  it('is not alarmed by a write that timed out and was carried out late', () => {
    // A number without an acknowledgement is in the place of one that was acknowledged as many writes later as there are places.
    const timeline = timelineOf({ probes, writes: { ...leaderLoss.writes, pi2: 4000 } });
    const unanswered = timeline.events.filter(
      (event): event is Sample =>
        event.type === 'sample' && event.series === 'write@pi2' && event.ok === false,
    );
    const all = timeline.events.filter(
      (event): event is Sample => event.type === 'sample' && event.series === 'write@pi2',
    );
    const late = all.indexOf(unanswered[5]!) + 1;
    const events = timeline.events.map((event): Event => {
      if (event.type !== 'sample' || !event.series.startsWith('read@')) return event;
      const seen = event.value as ReadSeen | undefined;
      const holds = seen?.kept.some(
        ([first, last]) => first <= late + places && late + places <= last,
      );
      if (seen?.of !== 'pi2' || holds !== true) return event;
      const without = seen.kept.flatMap(([first, last]): [number, number][] =>
        first <= late + places && late + places <= last
          ? [
              [first, late + places - 1],
              [late + places + 1, last],
            ]
          : [[first, last]],
      );
      const kept = [[late, late] as const, ...without.filter(([first, last]) => first <= last)];
      return { ...event, value: { of: 'pi2', kept } };
    });
    const verdict = acknowledgedWritesSurvive.judge(strict, { ...timeline, events });
    expect(verdict.outcome, verdict.because).to.equal('pass');
  });

  it('fails where a read returns what nobody had written', () => {
    const timeline = reading(({ due }, seen) =>
      due > 30_000 && due < 30_100 ? { ...seen, kept: [...seen.kept, [9000, 9000]] } : seen,
    );
    const verdict = acknowledgedWritesSurvive.judge(strict, timeline);
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.match(/returned 9000, which nobody had written$/);
  });

  it('is unknown where too much was never looked at again', () => {
    const deaf = ['pi1', 'pi2', 'pi3', 'pi4'].map((node) => ({
      series: `read@${node}`,
      from: 30_000,
      to: 45_000,
    }));
    const verdict = verdictOf({ deaf });
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.because).to.match(/never looked at again/);
  });

  it('is invalid where nothing was read before the fault', () => {
    const deaf = [{ series: 'read@pi3', from: 3500, to: 22_400 }];
    const verdict = verdictOf({ deaf });
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.match(/^read@pi3 had/);
  });

  it('may have been disturbed by what prepares the fault', () => {
    const { fired } = leaderLoss;
    const timeline = timelineOf({ probes });
    const slow = timeline.events.map((event) =>
      event.type === 'fault' && event.state === 'journaled'
        ? { ...event, at: fired - 3000 }
        : event,
    );
    const early = slow.map((event) =>
      event.type === 'sample' &&
      event.series === 'write@pi3' &&
      event.due > fired - 2950 &&
      event.due < fired
        ? { ...event, ok: false, error: 'EDEADLINE' }
        : event,
    );
    const verdict = acknowledgedWritesSurvive.judge(strict, { ...timeline, events: early });
    expect(verdict.outcome, verdict.because).to.equal('pass');
  });

  it('stands as a failure where this machine was too slow to measure times', () => {
    const written = [{ claim: 'acknowledged-writes-survive', params: { ...strict } }];
    const judged = (changes: Partial<Script>): string | undefined =>
      judge(timelineOf({ probes, expect: written, loopDelay: 400, ...changes }))[0]?.outcome;
    expect(judged({ losses })).to.equal('fail');
    expect(judged({})).to.equal('invalid');
  });
});
