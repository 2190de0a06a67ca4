import { expect } from 'chai';
import type { Event, Sample } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { intentOf } from '../testing/intent.ts';
import { badLook, deed, look, timelineWith } from '../testing/looks.ts';
import { versionMix } from './version-mix.ts';

describe('version-mix', () => {
  it('counts from the last answer of another version to the first of this one after it', () => {
    const verdict = judged(
      every(8000, 11_900, 'v1'),
      [answer(12_000, 'v2'), answer(12_100, 'v1')],
      every(12_200, 15_000, 'v2'),
    );
    expect(verdict).to.deep.include({
      outcome: 'pass',
      measuredMs: { lo: 12_100 - deed.hi, hi: 12_210 - deed.lo },
      clocks: { 'side-by-side': { lo: 90, hi: 110 } },
      evidence: ['web-new@pi1: v1 last answered at 12.100 s, only v2 from 12.210 s'],
    });
    expect(verdict.because).to.equal(
      'only v2 answered from 2.15 s (±0.06) after the fault; the limit is 5 s',
    );
  });

  it('fails where another version answers after the limit, if only once and on one path', () => {
    const late = judged(every(8000, 10_100, 'v1'), every(10_200, 15_900, 'v2'), [
      answer(16_000, 'v1'),
      ...every(16_100, 19_000, 'v2'),
    ]);
    expect(late).to.deep.include({ outcome: 'fail' });
    expect(late.because).to.match(/^only v2 answered from 6\.05 s .* beyond the limit of 5 s/);
    const stays = judged(every(8000, 19_000, 'v2'), every(8000, 19_000, 'v1', 'web-reused@pi2'));
    expect(stays.outcome).to.equal('fail');
    expect(stays.evidence).to.deep.equal([
      'web-new@pi1: only v2 from 10.010 s',
      'web-reused@pi2: v1 last answered at 19.000 s',
    ]);
    expect(stays.because).to.match(/^it was not seen that only v2 answers in the 9\.00 s after/);
  });

  it('leaves out kept connections if only new ones are meant', () => {
    const samples = [every(8000, 19_000, 'v2'), every(8000, 19_000, 'v1', 'web-reused@pi2')];
    expect(judgedOn('new', ...samples)).to.deep.include({
      outcome: 'pass',
      title: 'only version v2 answers on new connections within 5 s',
      evidence: ['web-new@pi1: only v2 from 10.010 s'],
    });
    expect(judgedOn('every', ...samples).title).to.equal('only version v2 answers within 5 s');
    expect(judgedOn('every', ...samples).outcome).to.equal('fail');
  });

  it('does not know where the path of another version falls silent, or the limit lies within', () => {
    const silent = judged(every(8000, 12_000, 'v1'), bad(12_100, 19_000));
    expect(silent).to.deep.include({ outcome: 'unknown', measuredMs: { atLeast: 1996 } });
    const near = judged(every(8000, 15_000, 'v1'), every(15_100, 19_000, 'v2'));
    expect(near.outcome).to.equal('unknown');
    // Two seconds must have shown it.
    const short = judged(every(8000, 12_000, 'v1'), every(12_100, 14_000, 'v2'));
    expect(short.outcome).to.equal('unknown');
    const long = [...every(12_100, 14_000, 'v2'), answer(14_110, 'v2')];
    expect(judged(every(8000, 12_000, 'v1'), long).outcome).to.equal('pass');
  });

  it('passes where no other version answered at all, and tells of no mix', () => {
    const verdict = judged(every(8000, 15_000, 'v2'));
    expect(verdict.measuredMs).to.deep.equal({ lo: 0, hi: 10 });
    expect(verdict).to.not.have.property('clocks');
  });

  it('tells for how long two versions answered side by side, on whatever paths', () => {
    const clocks = (...looks: readonly (readonly Sample[])[]): unknown => judged(...looks).clocks;
    const path = (change: number, series: string): readonly Sample[] => [
      ...every(8000, change - 100, 'v1', series),
      ...every(change, 15_000, 'v2', series),
    ];
    expect(clocks(path(12_000, 'web-new@pi1'))).to.equal(undefined);
    expect(clocks(path(12_000, 'web-new@pi1'), path(11_000, 'web-new@pi2'))).to.deep.equal({
      'side-by-side': { lo: 890, hi: 910 },
    });
    expect(clocks(path(12_000, 'web-new@pi1'), path(11_900, 'web-new@pi2'))).to.deep.equal({
      'side-by-side': { lo: 0, hi: 10 },
    });
  });

  it('asks only of the path that changed last whether it was seen well enough', () => {
    const coarse = (lastly: number): readonly Sample[] => [
      ...every(8000, lastly, 'v1'),
      ...bad(lastly + 100, lastly + 1000),
      ...every(lastly + 1100, 19_000, 'v2'),
    ];
    const fine = [
      ...every(8000, 12_000, 'v1', 'web-new@pi2'),
      ...every(12_100, 19_000, 'v2', 'web-new@pi2'),
    ];
    expect(judged(coarse(10_100), fine).outcome).to.equal('pass');
    expect(judged(fine, coarse(10_100)).outcome).to.equal('pass');
    expect(judged(coarse(11_100), fine).outcome).to.equal('invalid');
    expect(judged(fine, coarse(11_100)).outcome).to.equal('invalid');
  });

  it('does not look beyond the taking back, which brings the other version back', () => {
    const verdict = judged(
      every(8000, 10_100, 'v1'),
      every(10_200, 19_990, 'v2'),
      every(20_000, 23_000, 'v1'),
    );
    expect(verdict.outcome).to.equal('pass');
    const after = judged(every(8000, 10_100, 'v1'), every(10_200, 19_900, 'v2'), [
      answer(19_995, 'v1'),
    ]);
    expect(after.outcome).to.equal('pass');
  });

  it('counts what pods ask from inside, where they can, and bad answers that name a version', () => {
    const through = every(8000, 19_000, 'v2');
    const inside = judged(
      through,
      every(8000, 17_000, 'v1', 'inside-new@pi2'),
      every(17_100, 19_900, 'v2', 'inside-new@pi2'),
    );
    expect(inside.outcome).to.equal('fail');
    const kept = every(8000, 19_000, 'v1', 'inside-reused@pi2');
    expect(judged(through, kept).outcome).to.equal('fail');
    expect(judgedOn('new', through, kept).outcome).to.equal('pass');
    // Nobody asks from there unless there are pods that can.
    expect(judged(through, [look('inside-new@pi2', 5000, {})]).outcome).to.equal('pass');
    const bad = { ...answer(18_050, 'v1'), ok: false, error: 'HTTP 503' };
    expect(judged(through, [bad]).outcome).to.equal('fail');
  });

  it('is invalid where answers name no version, or none came, or it was seen too seldom', () => {
    expect(
      judged(every(8000, 15_000, 'v2'), [look('web-new@pi1', 15_100, { status: 200 })]),
    ).to.include({
      outcome: 'invalid',
      because:
        '1 answers of web-new@pi1 name no version (header X-Version): nobody can tell who gave them',
    });
    const blind = judged(bad(8000, 15_000));
    expect(blind.outcome).to.equal('invalid');
    expect(blind.because).to.match(/^web-new@pi1 had 0 good samples/);
    const hidden = { ...answer(15_200, 'v2'), ok: false, error: 'HTTP 503' };
    const nameless = look('web-new@pi1', 15_100, { status: 200 });
    expect(judged(every(8000, 15_000, 'v2'), [nameless, hidden]).outcome).to.equal('invalid');
    expect(judged(every(8000, 9900, 'v1'), bad(10_000, 15_000))).to.include({
      outcome: 'invalid',
      because: 'nothing answered after the change',
    });
    expect(judged([])).to.include({
      outcome: 'invalid',
      because: 'no series samples the workload',
    });
    const gap = judged(every(8000, 11_000, 'v1'), bad(11_100, 12_000), every(12_100, 15_000, 'v2'));
    expect(gap.outcome).to.equal('invalid');
    expect(gap.because).to.match(/^the change was seen only to within 1\.11 s/);
  });

  it('is of every connection unless it is of new ones', () => {
    const read = (params: object) =>
      versionMix.schema.safeParse({ only: 'v2', within: '5s', ...params });
    expect(read({}).data).to.include({ connections: 'every' });
    for (const connections of ['every', 'new'])
      expect(read({ connections }).data).to.include({ connections });
    expect(read({ connections: 'kept' }).success).to.equal(false);
  });

  it('waits until it has been seen, and no longer', () => {
    const seen = (...looks: readonly (readonly Sample[])[]): boolean =>
      versionMix.seen(
        { only: 'v2', within: 5000, connections: 'every' },
        timelineWith(looks.flat(), [fired]),
      );
    expect(seen(every(8000, 12_000, 'v1'))).to.equal(false);
    expect(seen(every(8000, 10_000, 'v1'), every(10_100, 11_900, 'v2'))).to.equal(false);
    expect(seen(every(8000, 10_000, 'v1'), every(10_100, 12_200, 'v2'))).to.equal(true);
  });
});

const intent = { ...intentOf('test', 'pi1', 'node-timer', []), targets: [] };
const fired: Event = {
  type: 'fault',
  step: 'kill',
  state: 'fired',
  at: deed.hi,
  span: deed,
  intent,
};
const undone: Event = {
  ...{ type: 'fault', step: 'kill', state: 'undone' },
  at: 20_010,
  span: { lo: 20_000, hi: 20_010 },
};

/** Of a change at 10 s that is taken back at 20 s. */
function judged(...looks: readonly (readonly Sample[])[]): Verdict {
  return judgedOn('every', ...looks);
}

function judgedOn(connections: 'every' | 'new', ...looks: readonly (readonly Sample[])[]): Verdict {
  return versionMix.judge(
    { only: 'v2', within: 5000, connections },
    timelineWith(looks.flat(), [fired, undone]),
  );
}

function answer(sent: number, version: string, series = 'web-new@pi1'): Sample {
  return look(series, sent, { status: 200, version });
}

function times(from: number, until: number): readonly number[] {
  return Array.from(
    { length: Math.floor((until - from) / 100) + 1 },
    (_, index) => from + index * 100,
  );
}

function every(from: number, until: number, version: string, series?: string): readonly Sample[] {
  return times(from, until).map((sent) => answer(sent, version, series));
}

function bad(from: number, until: number): readonly Sample[] {
  return times(from, until).map((sent) => badLook('web-new@pi1', sent, 'ECONNREFUSED'));
}
