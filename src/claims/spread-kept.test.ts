import { expect } from 'chai';
import type { Intent } from '../model/intent.ts';
import type { Event, Sample } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { intentOf } from '../testing/intent.ts';
import { badLook, deed, look, timelineWith } from '../testing/looks.ts';
import { podsIn } from '../testing/pods.ts';
import { spreadKept } from './spread-kept.ts';

function told(from: number, until: number, pods: string): readonly Sample[] {
  return Array.from({ length: (until - from) / 100 + 1 }, (_, index) =>
    look('pods@pi3', from + index * 100, { pods: podsIn(pods) }),
  );
}

/** A fault that hits the pod a on pi1, taken back at 20 s; the run ends at 24 s. */
function judged(looks: readonly Sample[], podsHit: Intent['podsHit'] = ['a'], atMost = 1): Verdict {
  return spreadKept.judge({ 'at-most': atMost }, timelineWith(looks, eventsOf(podsHit)));
}

function eventsOf(podsHit: Intent['podsHit']): readonly Event[] {
  const intent = { ...intentOf('off', 'pi1', 'device', []), podsHit };
  const fault = { type: 'fault', step: 'kill' } as const;
  return [
    { ...fault, state: 'fired', at: deed.hi, span: deed, intent },
    { ...fault, state: 'undone', at: 20_010, span: { lo: 20_000, hi: 20_010 } },
    { type: 'phase', at: 24_000, phase: 'done', wall: '2026-11-21T07:10:24.000Z' },
  ];
}

describe('spread-kept', () => {
  const before = told(9000, 10_000, 'a@pi1 b@pi2');
  const after = told(20_100, 24_000, 'b@pi2 c@pi3');

  it('is kept where the missing one is placed elsewhere', () => {
    const looks = [...before, ...told(10_100, 20_000, '(a@pi1) b@pi2 c@pi3'), ...after];
    expect(judged(looks)).to.deep.include({
      outcome: 'pass',
      because:
        'never more than 1 stood on a node; when the fault was taken back, 2 of 2 stood apart',
      evidence: ['a was not ready on pi1', 'b was ready on pi2', 'c was ready on pi3'],
    });
  });

  it('is kept where it waits, and says why', () => {
    const reason = '0/2_nodes_are_available';
    const looks = [...before, ...told(10_100, 20_000, `(a@pi1) b@pi2 (c:${reason})`), ...after];
    const verdict = judged(looks);
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.because).to.match(
      /1 of 2 stood apart and 1 waited for a node: 0\/2_nodes_are_available$/,
    );
    expect(verdict.evidence).to.include(`c waited for a node: ${reason}`);
    const starting = told(10_100, 20_000, '(a@pi1) b@pi2 (c@pi3)');
    expect(judged([...before, ...starting, ...after]).because).to.match(
      /1 of 2 stood apart, and the others were not ready$/,
    );
  });

  it('fails by one look that found two together', () => {
    const looks = [
      ...[...before, ...told(10_100, 15_000, 'b@pi2 c@pi3')],
      ...[...told(15_100, 15_100, 'b@pi2 c@pi2'), ...told(15_200, 24_000, 'b@pi2 c@pi3')],
    ];
    expect(judged(looks)).to.deep.include({
      outcome: 'fail',
      because: '2 ready pods stood on pi2 at 15.110 s: b and c',
      evidence: ['2 ready pods stood on pi2 at 15.110 s: b and c'],
    });
    expect(judged(looks, ['a'], 2).outcome).to.equal('pass');
  });

  it('fails after the fault was taken back, too, and not by a pod that is not ready', () => {
    const during = told(10_100, 20_000, 'b@pi2 (c@pi2)');
    expect(judged([...before, ...during, ...after]).outcome).to.equal('pass');
    const together = told(20_100, 24_000, 'b@pi2 c@pi2');
    expect(judged([...before, ...during, ...together]).outcome).to.equal('fail');
  });

  it('tells what had become of all that were ready before, as the fault was taken back', () => {
    const looks = [
      ...[
        ...told(9000, 10_000, 'a@pi1 b@pi2 (d@pi3)'),
        ...told(10_100, 19_900, 'b@pi2 (c) (d@pi3)'),
      ],
      ...[...told(20_000, 20_000, 'b@pi2 (c@pi3) (d@pi3)'), ...after],
    ];
    expect(judged(looks).because).to.match(/, 1 of 2 stood apart, and the others were not ready$/);
    const waits = looks.filter(({ due }) => due !== 20_000);
    expect(judged(waits).because).to.match(
      /1 of 2 stood apart and 1 waited for a node: no scheduler said why$/,
    );
  });

  it('is of all looks from the fault to the end of settling, and of none beside', () => {
    const together = (at: number): Verdict => {
      const looks = [...before, ...told(10_100, 19_900, 'b@pi2 c@pi3'), ...after];
      return judged([...looks.filter(({ due }) => due !== at), ...told(at, at, 'b@pi2 c@pi2')]);
    };
    expect(together(9000).outcome).to.equal('pass');
    expect(together(10_000).outcome).to.equal('fail');
    expect(together(24_000).outcome).to.equal('fail');
    expect(together(24_100).outcome).to.equal('pass');
    // It is before the fault what had been answered by then.
    expect(together(9990).outcome).to.equal('invalid');
  });

  it('is waited for until its fault was fired', () => {
    const seen = (events: readonly Event[]): boolean =>
      spreadKept.seen({ 'at-most': 1 }, timelineWith(before, events));
    expect(seen([])).to.equal(false);
    expect(seen(eventsOf([]))).to.equal(true);
  });

  it('promises one on each node, unless another number from 1 to 1000 is given', () => {
    const read = (params: object) => spreadKept.schema.safeParse(params);
    expect(read({}).data).to.deep.equal({ 'at-most': 1 });
    expect(read({ 'at-most': 7 }).data).to.deep.equal({ 'at-most': 7 });
    for (const wrong of [0, 1001]) expect(read({ 'at-most': wrong }).success).to.equal(false);
  });

  it('is undecided where none was made anew, or nobody told for a while', () => {
    const none = judged([...before, ...told(10_100, 24_000, '(a@pi1) b@pi2')]);
    expect(none).to.include({
      outcome: 'unknown',
      because: 'none was made in place of a before the fault was taken back',
    });
    const silent = told(12_000, 14_000, '').map(({ due }) => badLook('pods@pi3', due, 'EDEADLINE'));
    const looks = [
      ...told(10_100, 11_900, 'b@pi2'),
      ...silent,
      ...told(14_100, 24_000, 'b@pi2 c@pi3'),
    ];
    expect(judged([...before, ...looks])).to.deep.include({
      outcome: 'unknown',
      because: 'no API server told the pods for 2.20 s from 11.900 s on',
      evidence: [],
    });
  });

  it('does not apply where the fault hits none and none was made anew', () => {
    const verdict = judged([...before, ...told(10_100, 24_000, 'a@pi1 b@pi2')], []);
    expect(verdict).to.include({
      outcome: 'not-applicable',
      because: 'the fault hits none of the 2 ready pods of the workload, and none was made anew',
    });
  });

  it('is invalid where they stood together before, or nobody told of them', () => {
    expect(judged([...told(9000, 10_000, 'a@pi1 b@pi1'), ...after])).to.include({
      outcome: 'invalid',
      because: '2 ready pods stood on pi1 before the fault already: a and b',
    });
    expect(judged(after).outcome).to.equal('invalid');
  });
});
