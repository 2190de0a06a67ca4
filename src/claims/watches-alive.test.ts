import { expect } from 'chai';
import type { Event, Sample } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { intentOf } from '../testing/intent.ts';
import { badLook, deed, look, timelineWith } from '../testing/looks.ts';
import { leaderLoss, timelineOf, type Script } from '../testing/timelines.ts';
import { watchesAlive } from './watches-alive.ts';

const probes = ['watch', 'write'];
/** Of healing, after the fault. */
const healed = leaderLoss.heal - leaderLoss.fired;

function verdictOf(changes: Partial<Script> = {}, written: object = {}): Verdict {
  const params = watchesAlive.schema.parse({ within: '5s', after: 'heal', ...written });
  return watchesAlive.judge(params, timelineOf({ probes, ...changes }));
}

describe('watches-alive', () => {
  it('passes where every watch tells what is written, the victim’s once it is back', () => {
    // Its API server is back eight seconds after the healing.
    const verdict = verdictOf({}, { within: '20s' });
    expect(verdict.outcome, verdict.because).to.equal('pass');
    expect(verdict.title).to.equal(
      'watches on every API server tell what is written within 20 s of healing',
    );
    expect(Object.keys(verdict.clocks ?? {})).to.deep.equal(['pi1', 'pi2', 'pi3', 'pi4']);
    expect(verdictOf().outcome).to.equal('fail');
  });

  it('fails where one is open and silent, while reads and writes work', () => {
    const silences = [{ node: 'pi3', from: 2000, to: 90_000 }];
    const verdict = verdictOf({ silences }, { within: '20s' });
    expect(verdict.outcome, verdict.because).to.equal('fail');
    expect(verdict.measuredMs).to.have.property('atLeast').above(20_000);
    expect(verdict.because).to.match(/not told any more by the watch on pi3/);
    expect(verdict.evidence.join('\n')).to.match(
      /watch@pi3: no look until the end, .*, found it alive; last behind at .* \(it had told \d+ of pi4\)/,
    );
    expect(verdictOf({ silences }, { within: '1m' }).outcome).to.equal('unknown');
  });

  it('measures until a silent one tells again', () => {
    const silences = [{ node: 'pi3', from: 2000, to: healed + 12_000 }];
    const verdict = verdictOf({ silences }, { on: 'every-survivor', within: '20s' });
    const { measuredMs } = verdict;
    expect(measuredMs).to.have.property('lo').within(11_000, 12_000);
    expect(measuredMs).to.have.property('hi').within(11_900, 12_500);
    expect(verdict.outcome).to.equal('pass');
  });

  it('counts from the fault, of those that are not hit', () => {
    const written = { on: 'every-survivor', after: undefined };
    expect(verdictOf({}, written).outcome).to.equal('pass');
    const silences = [{ node: 'pi2', from: 500, to: 20_000 }];
    expect(verdictOf({ silences }, written).outcome).to.equal('fail');
  });

  it('is invalid where nothing was written that a watch could have told', () => {
    const deaf = [{ series: 'write@pi4', from: 43_000, to: 90_000 }];
    const verdict = verdictOf({ deaf }, { on: 'every-survivor' });
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.match(/looks at the watch on pi3 told anything since then/);
  });

  it('is invalid where a watch told nothing before the fault', () => {
    const silences = [{ node: 'pi2', from: -30_000, to: 90_000 }];
    const verdict = verdictOf({ silences });
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.match(/the watch on pi2 told anything before the fault/);
  });
});

describe('watches-alive, look by look', () => {
  const fired: Event = {
    ...({ type: 'fault', step: 'kill', state: 'fired', at: deed.hi, span: deed } as const),
    intent: intentOf('test', 'pi3', 'node-timer', []),
  };
  // One a tenth of a second from 5 s on, acknowledged after 10 ms.
  const writes = Array.from({ length: 120 }, (_, index) =>
    look('write@pi2', 5000 + 100 * index, { status: 200, n: index + 1 }),
  );
  /** How many writes had been acknowledged by an instant. */
  const done = (at: number): number => writes.filter(({ got = 0 }) => got <= at).length;
  const slots = Array.from({ length: 70 }, (_, index) => 8010 + 100 * index);
  const watch = (sent: number, n: number): Sample =>
    look('watch@pi1', sent, { of: 'pi2', n, opened: 1 });
  /** Looks whose watch is late by some milliseconds. */
  const late = (lateMs: (sent: number) => number): readonly Sample[] =>
    slots.map((sent) => watch(sent, done(sent - lateMs(sent))));

  function judged(
    looks: readonly Sample[],
    within = 20_000,
    events: readonly Event[] = [fired],
  ): Verdict {
    const timeline = timelineWith([...writes, ...looks], events);
    return watchesAlive.judge({ within, on: 'every' }, timeline);
  }

  it('lets a watch be three seconds late, and no later', () => {
    const just = judged(late(() => 3000));
    expect(just.outcome, just.because).to.equal('pass');
    expect(just.measuredMs).to.deep.equal({ lo: 0, hi: 20 });
    expect(just.evidence).to.deep.equal([
      'watch@pi1: 50 looks up to the end found it alive, and none behind',
    ]);
    const behind = judged(late((sent) => (sent < 9000 ? 0 : 3001)));
    expect(behind.measuredMs).to.deep.equal({ atLeast: 14_910 - deed.hi });
    expect(behind.because).to.match(/^what was written was not told any more by the watch on pi1 /);
  });

  it('is measured from the last look that found it behind or closed to the first that did not', () => {
    const measured = { lo: 10_910 - deed.hi, hi: 11_020 - deed.lo };
    const again = judged(late((sent) => (sent > 9500 && sent < 11_000 ? 4000 : 0)));
    expect(again.measuredMs).to.deep.equal(measured);
    expect(again.evidence[0]).to.match(
      /^watch@pi1: 40 looks up to the end found it alive; last behind at 10\.910 s \(it had told \d+ of pi2\)$/,
    );
    const open = late(() => 0);
    const closed = open.map((one) =>
      one.due > 10_500 && one.due < 11_000 ? badLook('watch@pi1', one.due, 'ECLOSED') : one,
    );
    expect(judged(closed).measuredMs).to.deep.equal(measured);
    expect(judged(closed).evidence[0]).to.match(/last behind at 10\.910 s \(ECLOSED\)$/);
    const mute = closed.map((one) => ({ ...one, error: undefined! }));
    expect(judged(mute).evidence[0]).to.match(/last behind at 10\.910 s \(closed\)$/);
    const sparse = open.map((one) =>
      one.due === 10_410 ? badLook('watch@pi1', one.due, 'ECLOSED') : one,
    );
    const seen = sparse.filter(({ due }) => due <= 10_410 || due > 11_000);
    expect(judged(seen).outcome).to.equal('pass');
    expect(judged(seen, 5000)).to.include({ outcome: 'invalid' });
    expect(judged(seen, 5000).because).to.match(/^watch@pi1: the change was seen only to within/);
  });

  it('tells nothing of itself where nobody has written for more than eight seconds', () => {
    const idle = [watch(24_910, 120), watch(24_911, 120)];
    expect(judged([...late(() => 0), ...idle]).evidence[0]).to.match(/^watch@pi1: 51 looks/);
  });

  it('fails whatever it tells that nobody has written', () => {
    const invented = watch(10_550, 500);
    const verdict = judged([...late(() => 0), invented]);
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.equal(
      'the watch on pi1 told 500 of pi2 at 10.560 s, which nobody had written',
    );
    // Of what nobody asked to write, nothing is known.
    const other = look('watch@pi1', 10_550, { of: 'pi4', n: 500, opened: 1 });
    expect(judged([...late(() => 0), other]).outcome).to.equal('pass');
  });

  it('needs five looks before the fault that found something new, and five after it', () => {
    const all = late(() => 0);
    const before = (count: number): Verdict =>
      judged(
        all
          .filter(({ due }) => due > deed.lo || due <= 9010 + 100 * (count - 1))
          .filter(({ due }) => due >= 9000),
      );
    expect(before(5).outcome, before(5).because).to.equal('pass');
    expect(before(4).because).to.match(
      /^4 looks at the watch on pi1 told anything before the fault/,
    );
    const last = watch(9990, done(9990));
    const five = all.filter(({ due }) => due > deed.lo || (due >= 9000 && due < 9400));
    expect(judged([...five, last]).outcome).to.equal('pass');
    const back = all.map((one, index) =>
      one.due < deed.lo ? watch(one.due, index % 2 === 0 ? 20 : 10) : one,
    );
    expect(judged(back).because).to.match(/^1 looks at the watch on pi1 told anything before/);
    // That it tells the same again is nothing new.
    const same = all.map((one) => (one.due < deed.lo ? watch(one.due, 1) : one));
    expect(judged(same).because).to.match(/^1 looks at the watch on pi1 told anything before/);
    const after = (count: number): Verdict =>
      judged(all.filter(({ due }) => due < 10_010 + 100 * count));
    expect(after(5).outcome, after(5).because).to.equal('pass');
    expect(after(4)).to.include({ outcome: 'invalid' });
    const four = all.filter(({ due }) => due < 10_410);
    expect(judged([...four, watch(deed.hi, done(deed.hi))]).outcome).to.equal('pass');
    const undone: Event = {
      ...({ type: 'fault', step: 'kill', state: 'undone', at: 10_500 } as const),
      span: { lo: 10_450, hi: 10_500 },
    };
    const until = (at: number): Verdict =>
      judged([...four, watch(at, done(at))], 20_000, [fired, undone]);
    expect(until(10_450).outcome).to.equal('pass');
    expect(until(10_451).outcome).to.equal('invalid');
    expect(after(4).because).to.match(/^4 looks at the watch on pi1 told anything since then/);
  });
});
