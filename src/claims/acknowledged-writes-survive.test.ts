import { expect } from 'chai';
import { places, type Stretches } from '../model/kept.ts';
import { isSeen } from '../model/span.ts';
import type { Event, ReadSeen, Sample, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { intentOf } from '../testing/intent.ts';
import { look, timelineWith } from '../testing/looks.ts';
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
    expect(verdict.evidence.join()).to.match(
      /writes were missed by reads that told of an older state/,
    );
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
    const early = timeline.events.map((event) =>
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

  it('is invalid where nobody writes, or nobody reads', () => {
    for (const only of ['write', 'read']) {
      const verdict = verdictOf({ probes: [only] });
      expect(verdict.outcome).to.equal('invalid');
      expect(verdict.because).to.equal('no API server is sampled');
    }
  });

  it('stands as a failure where this machine was too slow to measure times', () => {
    const written = [{ claim: 'acknowledged-writes-survive', params: { ...strict } }];
    const judged = (changes: Partial<Script>): string | undefined =>
      judge(timelineOf({ probes, expect: written, loopDelay: 400, ...changes }))[0]?.outcome;
    expect(judged({ losses })).to.equal('fail');
    expect(judged({})).to.equal('invalid');
  });
});

describe('acknowledged-writes-survive, look by look', () => {
  // Ten writes through pi2, each acknowledged after 10 ms and read at once.
  const before = Array.from({ length: 10 }, (_, index) => write(1000 + 100 * index, index + 1));
  const looked = before.map(({ sent = 0 }, index) => read(sent + 20, [[1, index + 1]]));
  const gone = read(31_000, [[1, 10]]);

  /** A fault at 12.000 to 12.004 s, taken back at 20.000 to 20.008 s if it is. */
  function judged(
    looks: readonly Sample[],
    params = strict,
    undone: readonly Event[] = [
      {
        type: 'fault',
        step: 'kill',
        at: 20_008,
        state: 'undone',
        span: { lo: 20_000, hi: 20_008 },
      },
    ],
  ): Verdict {
    const intent = intentOf('test', 'pi1', 'node-timer', []);
    const fired: Event = {
      type: 'fault',
      step: 'kill',
      at: 12_004,
      state: 'fired',
      span: { lo: 12_000, hi: 12_004 },
      intent,
    };
    return acknowledgedWritesSurvive.judge(params, timelineWith(looks, [fired, ...undone]));
  }

  it('needs ten good writes and reads that had come before the fault', () => {
    const last = (got: number): readonly Sample[] => [
      ...before.slice(0, 9),
      { ...write(1900, 10), got },
      ...looked,
      read(13_000, [[1, 10]]),
    ];
    expect(judged(last(12_000)).outcome, judged(last(12_000)).because).to.equal('pass');
    expect(judged(last(12_001))).to.include({
      outcome: 'invalid',
      because:
        'write@pi2 had 9 good samples before the fault and needs 10: nothing can be told from it',
    });
    expect(judged([...before, ...looked.slice(1)]).because).to.match(/^read@pi1 had 9 good/);
  });

  it('lets be lost what was acknowledged at most so long before the fault, and no more', () => {
    const lost = write(10_990, 11);
    const of = (limit: string): Verdict =>
      judged([...before, ...looked, lost, gone], mayLose(limit));
    expect(of('1s').outcome, of('1s').because).to.equal('pass');
    expect(of('999ms').outcome).to.equal('fail');
  });

  it('lets be lost what was sent until the fault had been taken back, and nothing after it', () => {
    const of = (sent: number, undone?: readonly Event[]): string =>
      judged([...before, ...looked, write(sent, 11), gone], mayLose('1s'), undone).outcome;
    expect([of(20_008), of(20_009)]).to.deep.equal(['pass', 'fail']);
    // One that still stands may destroy data at any time.
    expect(of(30_000, [])).to.equal('pass');
  });

  it('has looked at what it has missed', () => {
    const lost = [write(11_500, 11), write(11_600, 12)];
    const verdict = judged([...before, ...looked, ...lost, gone], mayLose('1s'));
    expect(verdict.outcome, verdict.because).to.equal('pass');
    expect(verdict.because).to.match(/^2 acknowledged writes are lost, back to 0\.\d\d s/);
  });

  it('need not have looked at what was acknowledged after the healing', () => {
    const of = (sent: number): Verdict => judged([...before, ...looked, write(sent, 11)]);
    expect(of(19_998)).to.include({ outcome: 'unknown' });
    expect(of(19_998).because).to.match(/^1 of 11 acknowledged writes were never looked at again/);
    expect(of(19_999).outcome, of(19_999).because).to.equal('pass');
  });

  it('tells five of the lost writes, and how many more there are', () => {
    const lost = (count: number): Verdict =>
      judged([
        ...before,
        ...looked,
        ...Array.from({ length: count }, (_, index) => write(21_000 + 100 * index, 11 + index)),
        gone,
      ]);
    const told = (count: number): readonly string[] =>
      lost(count).evidence.filter((line) => /was written through|more$/.test(line));
    expect(told(5)).to.have.length(5);
    expect(told(5).join()).not.to.include('more');
    expect(told(7)).to.have.length(6);
    expect(told(7).at(-1)).to.equal('and 2 more');
  });

  it('counts the writes that reads of an older state missed, and shows one', () => {
    const old = (...looks: readonly Sample[]): readonly string[] => {
      const verdict = judged([...before, ...looked, ...looks, read(3200, [[1, 10]])]);
      expect(verdict.outcome, verdict.because).to.equal('pass');
      return verdict.evidence.filter((line) => line.includes('older state'));
    };
    expect(old(read(3000, [[1, 8]]), read(3100, [[1, 8]]))).to.have.length(1);
    expect(old(read(3000, [[1, 8]]))[0]).to.match(
      /^2 writes were missed .*: 9 was written through/,
    );
    // Missed, found and missed again: one write all the same.
    const again = [read(3000, [[1, 9]]), read(3050, [[1, 10]]), read(3100, [[1, 9]])];
    expect(old(...again)[0]).to.match(/^1 write was missed .*: 10 was written through/);
    expect(old()).to.deep.equal([]);
  });
});

/** A write through pi2. */
function write(sent: number, n: number): Sample {
  return look('write@pi2', sent, { status: 200, n });
}

/** What pi1 finds in the object of pi2. */
function read(sent: number, kept: Stretches): Sample {
  return look('read@pi1', sent, { of: 'pi2', kept });
}
