import { expect } from 'chai';
import { intentOf } from '../testing/intent.ts';
import { badLook, deed, look, timelineWith } from '../testing/looks.ts';
import { timelineOf, type Script } from '../testing/timelines.ts';
import type { Event, Sample, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { judge } from './judge.ts';
import { nothingAcknowledged } from './nothing-acknowledged.ts';

const probes = ['write', 'leader'];
const script: Partial<Script> = { probes, isolated: true };
type Params = Parameters<typeof nothingAcknowledged.judge>[0];

describe('nothing-acknowledged', () => {
  it('passes where the minority acknowledged nothing', () => {
    const verdict = judged();
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.title).to.equal(
      'no write is acknowledged by the API server of every target during the fault',
    );
    expect(verdict.because).to.match(
      /^none of 15\d writes was acknowledged while the fault was in force, between 22\.500 s and 52\./,
    );
    expect(verdict.evidence).to.have.length(1);
    expect(verdict.evidence[0]).to.match(
      /^write@pi1: of (15\d) writes \1 were refused, 0 not answered \(indeterminate\), none acknowledged$/,
    );
  });

  it('fails for one acknowledged write, and names it', () => {
    const verdict = judged({}, (sample, after) =>
      sample.series === 'write@pi1' && after > 10_000 && after < 10_193 ? acknowledged : {},
    );
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.match(/^1 write was acknowledged by pi1 while/);
    expect(verdict.evidence.join()).to.match(
      /write@pi1: .*1 acknowledged: sent at 32\.\d+ s and acknowledged at 32\.\d+ s/,
    );
  });

  it('tells five of the acknowledged writes, and how many more there are', () => {
    const of = (count: number): Verdict => {
      let left = count;
      return judged({}, (sample, after) =>
        sample.series === 'write@pi1' && after > 10_000 && after < 20_000 && left-- > 0
          ? acknowledged
          : {},
      );
    };
    expect(of(5).evidence[0]).to.match(
      /, 5 acknowledged: (sent at [^;]+; ){4}sent at \S+ s and acknowledged at \S+ s$/,
    );
    expect(of(7).evidence[0]).to.match(/, 7 acknowledged: (sent at [^;]+; ){5}and 2 more$/);
    expect(of(7).because).to.match(/^7 writes were acknowledged by pi1 while/);
  });

  it('is shown to come there by whatever the node itself says', () => {
    const said = (error: string | undefined, value?: object): Verdict =>
      judged({}, (sample, after) => {
        if (!sample.series.endsWith('@pi1') || after < 0 || after > 38_000) return {};
        const silent = { ok: false, value: undefined, got: sample.due + 1000 };
        return sample.series === 'leader@pi1' && after > 5000 && after < 5100
          ? { ...silent, error, value }
          : { ...silent, error: 'EDEADLINE' };
      });
    for (const error of ['ECONNREFUSED', 'ECONNRESET', 'HTTP 500'])
      expect(said(error).outcome, error).to.equal('pass');
    expect(said('EDEADLINE', { leader: '1' }).outcome).to.equal('pass');
    for (const error of ['EHOSTUNREACH', undefined])
      expect(said(error).outcome, error).to.equal('invalid');
  });

  it('is invalid where the fault was never fired, and has then seen nothing', () => {
    const timeline = timelineOf(script);
    const never = { ...timeline, events: timeline.events.filter(({ type }) => type !== 'fault') };
    expect(nothingAcknowledged.judge({ on: 'targets' }, never)).to.deep.include({
      outcome: 'invalid',
      because: 'the fault was never fired',
      evidence: [],
    });
    expect(nothingAcknowledged.seen({ on: 'targets' }, never)).to.equal(false);
  });

  it('does not take a majority that writes on for the minority, unless told every', () => {
    expect(judged().outcome).to.equal('pass');
    const verdict = judged({}, () => ({}), { on: 'every' });
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.contain('pi2, pi3, pi4');
  });

  it('takes a write for none that was sent before the proof, or answered when healing had begun', () => {
    const verdict = judged({}, (sample, after) => {
      if (sample.series !== 'write@pi1') return {};
      if (after > 0 && after < 180) return acknowledged;
      // Sent while the fault stood, it waited and was carried out when that had gone.
      return after > 29_500 && after < 30_100 ? { ...acknowledged, got: sample.due + 900 } : {};
    });
    expect(verdict.outcome).to.equal('pass');
  });

  it('takes a deadline for no acknowledgement, as it is indeterminate', () => {
    const verdict = judged({}, (sample, after) =>
      sample.series === 'write@pi1' && after > 0 && after < 38_000
        ? { ok: false, error: 'EDEADLINE', value: undefined, got: sample.due + 1000 }
        : {},
    );
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.evidence[0]).to.match(/of 15\d writes 0 were refused, 15\d not answered/);
  });

  it('is invalid where nothing shows that a write came there', () => {
    const verdict = judged({}, (sample, after) =>
      sample.series.endsWith('@pi1') && after > 0 && after < 38_000
        ? { ok: false, error: 'EDEADLINE', value: undefined, got: sample.due + 1000 }
        : {},
    );
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.contain('nothing shows that a write came to pi1 at all');
  });

  it('is invalid where nothing was acknowledged before the fault either', () => {
    const deaf = [{ series: 'write@pi1', from: 0, to: 22_400 }];
    expect(judged({ deaf })).to.include({ outcome: 'invalid' });
    expect(judged({ deaf }).because).to.match(/^write@pi1 had 0 good samples/);
  });

  it('is invalid where too few were tried', () => {
    expect(judged({ heal: 23_100 }).outcome).to.equal('invalid');
    const verdict = judged({}, (sample, after) =>
      sample.series === 'write@pi1' && after > 1000 && after < 25_000 ? 'missed' : {},
    );
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.match(/^write@pi1 was tried \d+ times/);
  });

  it('is invalid where the fault was not proved, or did not last: what was acknowledged then is no failure', () => {
    for (const proof of ['missed', 'none'] as const) {
      const verdict = judged({ proof });
      expect(verdict.outcome).to.equal('invalid');
      expect(verdict.because).to.contain('was not proved');
    }
    const timeline = timelineOf(script);
    const late: Event = {
      type: 'fault',
      at: 52_700,
      step: 'kill',
      state: 'missed',
      because: 'the undo timer on pi1 had run before its time',
    };
    const verdict = nothingAcknowledged.judge(
      { on: 'targets' },
      { ...timeline, events: [...timeline.events, late] },
    );
    expect(verdict.because).to.contain('the undo timer on pi1 had run');
  });

  it('asks no other fault whether this one was in force', () => {
    const timeline = timelineOf(script);
    const step = { ...timeline.plan.steps.find(({ kind }) => kind === 'fault')!, id: 'another' };
    const another: readonly Event[] = [
      { type: 'fault', at: 24_000, step: 'another', state: 'missed', because: 'it runs on' },
      { type: 'fault', at: 21_000, step: 'another', state: 'bit' },
    ];
    const verdictWith = (events: readonly Event[]): Verdict =>
      nothingAcknowledged.judge(
        { on: 'targets' },
        { plan: { ...timeline.plan, steps: [...timeline.plan.steps, step] }, events },
      );
    expect(verdictWith([...another, ...timeline.events]).outcome).to.equal('pass');
    const unproved = timeline.events.filter(
      (event) => event.type !== 'fault' || event.state !== 'bit',
    );
    expect(verdictWith([...another, ...unproved]).because).to.include('its proof did not say yes');
  });

  it('counts as intended only what was to be tried while the fault was in force', () => {
    // Four seconds of it, and then forty without.
    const verdict = judged({ heal: 26_600, end: 67_000 });
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.because).to.match(/^none of 2\d writes/);
  });

  it('is shown to come to some API server if it came to one of several', () => {
    const silent = { ok: false, error: 'EDEADLINE', value: undefined };
    const verdict = judged(
      {},
      (sample, after) => {
        if (after < 0 || after > 38_000 || sample.series === 'write@pi2') return {};
        return { ...silent, got: sample.due + 1000 };
      },
      { on: 'every' },
    );
    expect(verdict.because).to.include('acknowledged by pi2');
    const refused = judged(
      {},
      (sample, after) => {
        if (after < 0 || after > 38_000) return {};
        return sample.series === 'write@pi2'
          ? { ok: false, error: 'ECONNREFUSED', value: undefined }
          : { ...silent, got: sample.due + 1000 };
      },
      { on: 'every' },
    );
    expect(refused.outcome).to.equal('pass');
  });

  it('is asked of targets or of every API server, after any fault', () => {
    const { schema } = nothingAcknowledged;
    for (const params of [{ on: 'targets' }, { on: 'every', after: 'cut' }])
      expect(schema.safeParse(params).data).to.deep.equal(params);
    for (const params of [{}, { on: '' }, { on: 'every-survivor' }, { on: 'every', more: 1 }])
      expect(schema.safeParse(params).success, JSON.stringify(params)).to.equal(false);
  });

  it('stands as a failure where this machine was too slow to measure times', () => {
    const expect_ = [{ claim: 'nothing-acknowledged', params: { on: 'every' } }];
    const [verdict] = judge(timelineOf({ ...script, expect: expect_, loopDelay: 400 }));
    expect(verdict!.outcome).to.equal('fail');
  });

  it('does not apply where the fault is aimed at no API server', () => {
    const timeline = timelineOf(script);
    const series = timeline.plan.series.filter(({ node }) => node !== 'pi1');
    const plan = { ...timeline.plan, series };
    const verdict = nothingAcknowledged.judge({ on: 'targets' }, { ...timeline, plan });
    expect(verdict.outcome).to.equal('not-applicable');
    expect(nothingAcknowledged.seen({ on: 'targets' }, { ...timeline, plan })).to.equal(true);
  });

  it('has seen enough after ten attempts', () => {
    const timeline = timelineOf(script);
    const upTo = (ms: number): boolean =>
      nothingAcknowledged.seen(
        { on: 'targets' },
        {
          ...timeline,
          events: timeline.events.filter(
            (event) => (event.type === 'sample' ? (event.got ?? event.due) : event.at) <= ms,
          ),
        },
      );
    expect([22_000, 22_600, 24_200, 24_900].map(upTo)).to.deep.equal([false, false, false, true]);
  });
});

describe('nothing-acknowledged, write by write', () => {
  const step = { type: 'fault', step: 'kill' } as const;
  /** In force from 10.100 s to 14.000 s. */
  const faults: readonly Event[] = [
    {
      ...step,
      state: 'fired',
      at: deed.hi,
      span: deed,
      intent: intentOf('cut', 'pi1', 'device', []),
    },
    { ...step, state: 'bit', at: 10_100 },
    { ...step, state: 'undone', at: 14_010, span: { lo: 14_000, hi: 14_010 } },
  ];
  const before = Array.from({ length: 20 }, (_, index) =>
    look('write@pi1', 8000 + index * 100, { status: 200, n: index }),
  );
  const verdictOf = (...looks: readonly Sample[]): Verdict =>
    nothingAcknowledged.judge({ on: 'targets' }, timelineWith([...before, ...looks], faults));
  const refused = (due: number): Sample => badLook('write@pi1', due, 'HTTP 500');
  const missed = (due: number): Sample => ({
    ...{ type: 'sample', series: 'write@pi1', due, missed: true },
  });
  const many = <T>(count: number, from: number, one: (due: number) => T): readonly T[] =>
    Array.from({ length: count }, (_, index) => one(from + index * 100));

  it('counts a write from its sending to its answer, if all of that was while the fault was in force', () => {
    const written = (sent: number, got: number): string =>
      verdictOf({ ...look('write@pi1', sent, { status: 200, n: 99 }), got }).outcome;
    expect(written(10_100, 10_110)).to.equal('fail');
    expect(written(13_990, 14_000)).to.equal('fail');
    expect(written(10_099, 10_110)).to.equal('invalid');
    expect(written(13_990, 14_001)).to.equal('invalid');
  });

  it('needs half of the writes that were due from then to the end of it, both included', () => {
    const tried = many(10, 11_000, refused);
    const others = many(10, 12_000, missed);
    expect(verdictOf(...tried, ...others).outcome).to.equal('pass');
    for (const due of [10_100, 14_000])
      expect(verdictOf(...tried, ...others, missed(due)).outcome, `${due}`).to.equal('invalid');
    for (const due of [10_099, 14_001])
      expect(verdictOf(...tried, ...others, missed(due)).outcome, `${due}`).to.equal('pass');
  });

  it('needs ten of them in any case', () => {
    expect(verdictOf(...many(10, 11_000, refused)).outcome).to.equal('pass');
    expect(verdictOf(...many(9, 11_000, refused)).outcome).to.equal('invalid');
  });
});

const acknowledged = { ok: true, error: undefined, value: { status: 200 } };

/** @param change what is otherwise in a sample, by its time after the fault */
function judged(
  changes: Partial<Script> = {},
  change: (sample: Sample, after: number) => Partial<Sample> | 'missed' = () => ({}),
  params: Params = { on: 'targets' },
): Verdict {
  const timeline: Timeline = timelineOf({ ...script, ...changes });
  const events = timeline.events.map((event): Event => {
    if (event.type !== 'sample') return event;
    const changed = change(event, event.due - 22_310);
    return changed === 'missed'
      ? { type: 'sample', series: event.series, due: event.due, missed: true }
      : { ...event, ...changed };
  });
  return nothingAcknowledged.judge(params, { ...timeline, events });
}
