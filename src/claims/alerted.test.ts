import { expect } from 'chai';
import type { AlertSeen, Event, Sample, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { intentOf } from '../testing/intent.ts';
import { deed, look, timelineWith } from '../testing/looks.ts';
import { timelineOf, wallAt, type Script } from '../testing/timelines.ts';
import { alerted } from './alerted.ts';

const probes = ['alerts'];
const never = 1e6;

type Alerts = NonNullable<Script['alerts']>;

function run(alerts: Alerts, changes: Partial<Script> = {}): Timeline {
  return timelineOf({ probes, alerts, ...changes });
}

/** NodeDown from some instant after the fault to another. */
function down(from: number, to = never, began = from): Alerts[number] {
  return { name: 'NodeDown', labels: { node: 'pi1', severity: 'page' }, from, to, began };
}

function judged(
  alerts: Alerts,
  params: Partial<Parameters<typeof alerted.judge>[0]> = {},
  changes: Partial<Script> = {},
): Verdict {
  return alerted.judge({ alert: 'NodeDown', within: 20_000, ...params }, run(alerts, changes));
}

describe('alerted', () => {
  it('is from the last look without the alert to the first that shows it, and says which', () => {
    const verdict = judged([down(14_000)]);
    expect(verdict).to.include({ claim: 'alerted', outcome: 'pass', limitMs: 20_000 });
    expect(verdict.title).to.equal('NodeDown is alerted within 20 s');
    expect(verdict.measuredMs).to.have.property('lo').within(12_900, 14_000);
    expect(verdict.measuredMs).to.have.property('hi').within(14_000, 15_100);
    expect(verdict.because).to.match(/^NodeDown was told 14\.\d s \(±0\.\d+\) after the fault/);
    expect(verdict.evidence[0]).to.match(
      /^told between .*: NodeDown\{node="pi1", severity="page"\}, by its own word since 2026-/,
    );
  });

  it('is of the alert with that name and those labels, and of no other', () => {
    const other = { ...down(1000), labels: { node: 'pi2' } };
    const named = { name: 'APIServerDown', from: 1000, to: never };
    expect(judged([other, named], { labels: { node: 'pi1' } }).outcome).to.equal('fail');
    expect(judged([named]).outcome).to.equal('fail');
    const both = judged([other, down(9000)], { labels: { node: 'pi1' } });
    expect(both.outcome).to.equal('pass');
    expect(both.measuredMs).to.have.property('lo').above(7900);
  });

  it('fails beyond the limit, and where nobody was told until the fault was taken back', () => {
    expect(judged([down(25_000)]).outcome).to.equal('fail');
    const none = judged([]);
    expect(none.outcome).to.equal('fail');
    expect(none.because).to.match(/^NodeDown was not told in the 29\.\d s after the fault/);
    expect(none.evidence).to.deep.equal(['told at last: nothing']);
    expect(judged([down(31_000)]).outcome).to.equal('fail');
  });

  it('is unknown where the limit lies between two looks, or beyond the healing', () => {
    const { measuredMs } = judged([down(14_000)]);
    const { lo, hi } = measuredMs as { lo: number; hi: number };
    expect(judged([down(14_000)], { within: (lo + hi) / 2 }).outcome).to.equal('unknown');
    expect(judged([], { within: 60_000 }).outcome).to.equal('unknown');
  });

  it('is invalid of an alert that was active before, or that had begun before', () => {
    expect(judged([down(-9000)]).because).to.match(/^NodeDown was active already before the fault/);
    expect(judged([down(-9000)]).outcome).to.equal('invalid');
    expect(judged([down(-9000)]).evidence[0]).to.match(/^told at \d+\.\d+ s: NodeDown\{node=/);
    const late = judged([down(9000, never, -20_000)]);
    expect(late.outcome).to.equal('invalid');
    expect(late.because).to.match(/^NodeDown was told after the fault, and had begun before it/);
    // One of each is told of the fault by the new one.
    expect(judged([{ ...down(9000, never, -20_000), labels: {} }, down(12_000)]).outcome).to.equal(
      'pass',
    );
  });

  it('counts an alert that was over before the fault as none', () => {
    expect(judged([down(-12_000, -6000), down(9000)]).outcome).to.equal('pass');
  });

  it('is invalid where nobody told of alerts, before or at all', () => {
    expect(alerted.judge({ alert: 'X', within: 1 }, timelineOf({ probes: [] })).because).to.equal(
      'nobody told of alerts in this run',
    );
    const deaf = [{ series: 'alerts', from: 0, to: 22_400 }];
    const vacant = judged([down(9000)], {}, { deaf });
    expect(vacant.outcome).to.equal('invalid');
    expect(vacant.because).to.match(/^alerts had 0 good samples/);
    const asked = withPhase(quiet, [fired]);
    expect(
      alerted.judge(params, { ...asked, events: asked.events.slice(quiet.length) }),
    ).to.include({
      outcome: 'invalid',
      because: 'nobody told of alerts in this run',
    });
    expect(alerted.judge(params, withPhase(quiet, []))).to.include({
      outcome: 'invalid',
      because: 'the fault was never fired',
    });
    const unseen = [{ series: 'alerts', from: 26_000, to: 40_000 }];
    expect(judged([down(9000)], {}, { deaf: unseen })).to.include({ outcome: 'invalid' });
    // It is asked every second: five slots are near enough.
    const near = [{ series: 'alerts', from: 31_000, to: 33_500 }];
    expect(judged([down(9000)], {}, { deaf: near })).to.include({ outcome: 'pass' });
  });

  it('is over when it was told, or cannot be any more', () => {
    const params = { alert: 'NodeDown', within: 20_000 };
    const until = (alerts: Alerts, at: number): Timeline => {
      const { plan, events } = run(alerts);
      return {
        plan,
        events: events.filter((event) => (event.type === 'sample' ? event.due : event.at) < at),
      };
    };
    expect(alerted.seen(params, until([down(9000)], 25_000))).to.equal(false);
    expect(alerted.seen(params, until([down(9000)], 34_000))).to.equal(true);
    // That it stays is nothing to wait for, unless its end is claimed.
    expect(alerted.seen(params, run([down(9000)]))).to.equal(true);
    expect(alerted.seen({ ...params, resolves: 20_000 }, run([down(9000)]))).to.equal(false);
    const ends = { ...params, resolves: 20_000 };
    const alerts = [down(9000, 38_000)];
    expect(alerted.seen(ends, until(alerts, 34_000))).to.equal(true);
    expect(alerted.seen(ends, until(alerts, 57_000))).to.equal(false);
    expect(alerted.seen(ends, until(alerts, 63_000))).to.equal(true);
  });

  it('tells, if that is claimed, whether it ended after the healing', () => {
    const ends = (to: number): Verdict => judged([down(9000, to)], { resolves: 15_000 });
    const well = ends(38_000);
    expect(well.outcome).to.equal('pass');
    expect(well.title).to.equal(
      'NodeDown is alerted within 20 s, and no more within 15 s of healing',
    );
    expect(well.clocks?.['resolved']).to.have.property('hi').within(7000, 9000);
    expect(well.because).to.match(
      /it was active no more 7\.\d+ s \(±\d\.\d+\) after healing, and the/,
    );
    const still = ends(never);
    expect(still.outcome).to.equal('fail');
    expect(still.because).to.match(
      /it was active still 2\d\.\d s after healing, and the limit is 15 s$/,
    );
    expect(judged([], { resolves: 15_000 }).because).not.to.contain('healing, and');
  });

  it('takes a look in the instant of the fault for one after it', () => {
    const verdict = byHand([...quiet, ...every100(deed.lo, 20_000, [since(deed.lo)])]);
    expect(verdict).to.deep.include({
      outcome: 'pass',
      measuredMs: { lo: 0, hi: 10 },
      evidence: [
        `told between 10.000 s and 10.010 s: NodeDown{}, by its own word since ${wallAt(deed.lo)}`,
      ],
    });
    const old = byHand([...quiet, ...every100(deed.lo, 20_000, [since(deed.lo - 1)])]);
    expect(old).to.deep.include({
      outcome: 'invalid',
      evidence: [`NodeDown{}, by its own word since ${wallAt(deed.lo - 1)}`],
    });
    // Without the time of day, none is known to be new.
    const looks = [...quiet, ...every100(deed.lo, 20_000, [since(deed.lo)])];
    expect(alerted.judge(params, timelineWith(looks, [fired])).outcome).to.equal('invalid');
  });

  it('tells what was told at last, of many the first three', () => {
    const others = (...names: readonly string[]): readonly AlertSeen[] =>
      names.map((name) => ({ ...since(11_000), name }));
    const toldAtLast = (...names: readonly string[]): string | undefined =>
      byHand([
        ...quiet,
        ...every100(10_000, 19_900, []),
        look('alerts', 20_000, { alerts: others(...names) }),
      ]).evidence[0];
    expect(toldAtLast('A', 'B', 'C', 'D', 'E')).to.match(
      /^told at last: A\{\}[^;]*; B[^;]*; C[^;]*; and 2 more$/,
    );
    expect(toldAtLast('A', 'B', 'C')).to.match(/; C\{\}, by its own word since \S+$/);
    // Nobody told of anything since.
    expect(byHand(quiet)).to.deep.include({
      outcome: 'unknown',
      measuredMs: { atLeast: 0 },
      evidence: [],
    });
  });

  it('is over with the first look after the last that shows it, once all was healed', () => {
    const looks = [...quiet, ...every100(10_000, 20_900, [since(10_000)])];
    const ends = { ...params, resolves: 3000 };
    const flaps = [
      ...every100(21_000, 21_400, []),
      ...every100(21_500, 21_900, [since(21_500)]),
      ...every100(22_000, 24_000, []),
    ];
    const end = alerted.judge(ends, withPhase([...looks, ...flaps], [fired, undone]));
    expect(end.outcome).to.equal('pass');
    expect(end.clocks).to.deep.include({ resolved: { lo: 1896, hi: 2010 } });
    // It may have been over before.
    const over = [...looks.slice(0, -20), ...every100(19_000, 24_000, [])];
    expect(alerted.judge(ends, withPhase(over, [fired, undone])).clocks).to.deep.include({
      resolved: { lo: 0, hi: 10 },
    });
    const never = alerted.judge(ends, withPhase(looks, [fired]));
    expect(never.outcome).to.equal('unknown');
    expect(never.because).to.match(/; nothing was healed$/);
  });

  it('wants labels that have names', () => {
    const text = { alert: 'NodeDown', within: '20s', labels: { node: 'pi1' } };
    expect(alerted.schema.safeParse(text).success).to.equal(true);
    expect(alerted.schema.safeParse({ ...text, labels: { '': 'pi1' } }).success).to.equal(false);
    expect(alerted.schema.safeParse({ ...text, alert: '' }).success).to.equal(false);
  });
});

const params = { alert: 'NodeDown', within: 5000 };
const fault = { type: 'fault', step: 'kill' } as const;
const intent = intentOf('test', 'pi1', 'node-timer', []);
const fired: Event = { ...fault, state: 'fired', at: deed.hi, span: deed, intent };
const undone: Event = { ...fault, state: 'undone', at: 20_004, span: { lo: 20_000, hi: 20_004 } };
const quiet = every100(8000, 9900, []);

/** NodeDown, as told since an instant by its own word. */
function since(at: number): AlertSeen {
  return { name: 'NodeDown', labels: {}, startsAt: wallAt(at) };
}

function every100(from: number, until: number, alerts: readonly AlertSeen[]): readonly Sample[] {
  return Array.from({ length: (until - from) / 100 + 1 }, (_, index) =>
    look('alerts', from + index * 100, { alerts }),
  );
}

function withPhase(looks: readonly Sample[], others: readonly Event[]): Timeline {
  return timelineWith(looks, [
    { type: 'phase', at: 0, phase: 'steps', wall: wallAt(0) },
    ...others,
  ]);
}

function byHand(looks: readonly Sample[]): Verdict {
  return alerted.judge(params, withPhase(looks, [fired]));
}
