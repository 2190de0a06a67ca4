import { expect } from 'chai';
import type { HistorySeen, Sample, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { timelineOf } from '../testing/timelines.ts';
import { judge } from './judge.ts';
import { sharedHistory } from './shared-history.ts';

const expectation = { claim: 'acknowledged-writes-survive', params: { 'may-lose': 0 } };

/** What the claim says of a run in which these things were asked of shared objects, each a second after the one before. */
function judged(asked: readonly HistorySeen[]): Verdict {
  const [verdict] = judge(timelineFor(asked));
  if (verdict === undefined) throw new Error('no verdict');
  return verdict;
}

function timelineFor(asked: readonly HistorySeen[]): Timeline {
  const timeline = timelineOf({ expect: [expectation], probes: ['write', 'read', 'leader'] });
  const { plan, events } = timeline;
  const node = 'pi2';
  const series = { id: `history@${node}`, probe: 'history', node, everyMs: 401 };
  const sample = (due: number, value: HistorySeen): Sample => {
    const ok = value.outcome === 'done';
    return { type: 'sample', series: series.id, due, sent: due + 1, got: due + 50, ok, value };
  };
  // Meanwhile it looks at something that is not there: one that does not look makes everything invalid.
  const idle: HistorySeen = { kind: 'read', object: 'register-9', outcome: 'done' };
  const rest = Array.from({ length: 176 }, (_, index) => sample(3000 + 401 * index, idle));
  const samples = [...rest, ...asked.map((value, index) => sample(20_000 + 1000 * index, value))];
  return {
    plan: { ...plan, series: [...plan.series, series] },
    events: [...events, ...samples],
  };
}

const swap = (value: string, on: string | undefined, version?: string): HistorySeen => ({
  kind: 'write',
  object: 'register-0',
  value,
  on: on === undefined ? { absent: true } : { version: on },
  outcome: version === undefined ? 'indeterminate' : 'done',
  ...(version !== undefined && { version }),
});
const read = (value: string, version: string): HistorySeen => ({
  kind: 'read',
  object: 'register-0',
  outcome: 'done',
  value,
  version,
});
const add = (element: string): HistorySeen => ({
  kind: 'add',
  object: 'set',
  element,
  outcome: 'done',
});
const elements = (...elements: readonly string[]): HistorySeen => ({
  kind: 'read-set',
  object: 'set',
  outcome: 'done',
  elements,
});
const increment = (outcome: 'done' | 'indeterminate'): HistorySeen => ({
  kind: 'increment',
  object: 'counter',
  by: 1,
  outcome,
});
const count = (count: number): HistorySeen => ({
  kind: 'read-counter',
  object: 'counter',
  outcome: 'done',
  count,
});

describe('what all API servers share', () => {
  it('is right where every answer has its place', () => {
    const verdict = judged([
      swap('a', undefined, '10'),
      read('a', '10'),
      add('x'),
      elements('x'),
      increment('done'),
      increment('indeterminate'),
      count(2),
    ]);
    expect(verdict.outcome, verdict.because).to.equal('pass');
    expect(verdict.evidence.at(-1)).to.match(
      /^183 operations on shared .*: all in a possible order$/,
    );
  });

  it('is wrong where an acknowledged swap is not to be read', () => {
    const verdict = judged([
      swap('a', undefined, '10'),
      swap('b', '10', '11'),
      read('a', '10'),
      read('a', '10'),
    ]);
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.match(/^register-0: /);
    expect(verdict.evidence.join('\n')).to.include('b');
  });

  it('may show a swap that nobody acknowledged', () => {
    const verdict = judged([swap('a', undefined, '10'), swap('b', '10'), read('b', '11')]);
    expect(verdict.outcome, verdict.because).to.equal('pass');
  });

  it('is wrong where an element of the set is gone, or the counter has counted less', () => {
    const gone = judged([add('x'), elements('x'), add('y'), elements('y')]);
    expect([gone.outcome, gone.because.split(':')[0]]).to.deep.equal(['fail', 'set']);
    const less = judged([increment('done'), increment('done'), count(1)]);
    expect([less.outcome, less.because.split(':')[0]]).to.deep.equal(['fail', 'counter']);
  });

  it('is told and no loss where a read was old and a later one was not', () => {
    const verdict = judged([add('x'), elements(), elements('x')]);
    expect(verdict.outcome, verdict.because).to.equal('pass');
    expect(verdict.evidence.slice(-2)[0]).to.match(/: 1 violations$/);
    expect(verdict.evidence.at(-1)).to.match(/^set, stale: /);
  });

  it('is told and no loss where a counter was read that an older state had', () => {
    const verdict = judged([increment('indeterminate'), count(1), count(0)]);
    expect(verdict.outcome, verdict.because).to.equal('pass');
    expect(verdict.evidence.at(-1)).to.match(/^counter, went back: /);
  });

  it('holds it against a server if its cache goes back', () => {
    const cached = (value: string, version: string): HistorySeen => ({
      ...read(value, version),
      kind: 'cached-read',
    });
    const shared = sharedHistory(
      timelineFor([
        ...[swap('a', undefined, '10'), swap('b', '10', '11'), read('b', '11')],
        ...[cached('b', '11'), cached('a', '10')],
      ]),
    );
    expect(shared?.judgement.violations.map(({ because }) => because)).to.deep.equal([
      'a read of a cache through pi2 from 24.001 s to 24.050 s returned a of version 10, ' +
        'but pi2 had been told b at 23.050 s through pi2 already',
    ]);
  });

  it('is nothing where nobody asked', () => {
    expect(sharedHistory(timelineOf({ probes: ['write'] }))).to.equal(undefined);
  });

  it('tells five of its violations one by one, and counts them all', () => {
    const verdict = judged([
      increment('indeterminate'),
      count(1),
      ...Array.from({ length: 7 }, () => count(0)),
    ]);
    expect(verdict.evidence.filter((line) => line.startsWith('counter, '))).to.have.length(5);
    expect(verdict.evidence.join('\n')).to.include(': 7 violations');
  });

  it('tells of a swap that was answered with a conflict and happened', () => {
    const trap = 'swap of shared objects had a conflict for an answer and happened all the same';
    const conflicted = { ...swap('b', '10'), conflicted: true } as const;
    const verdict = judged([swap('a', undefined, '10'), conflicted, read('b', '11')]);
    expect(verdict.outcome, verdict.because).to.equal('pass');
    expect(verdict.evidence.at(-1)).to.equal(`1 ${trap}`);
    const never = judged([swap('a', undefined, '10'), conflicted, read('a', '10')]);
    expect(never.evidence.join('\n')).not.to.include('swap of shared');
  });

  it('says so where nothing was looked at again', () => {
    const verdict = judged([add('x'), add('y')]);
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.because).to.include('looked for later');
    expect(verdict.evidence.at(-1)).to.match(/^178 operations on shared objects/);
  });
});
