import { expect } from 'chai';
import type { Intent } from '../model/intent.ts';
import type { Event, Sample } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { intentOf } from '../testing/intent.ts';
import { deed, look, timelineWith } from '../testing/looks.ts';
import { podsIn } from '../testing/pods.ts';
import { capacityLeft } from './capacity-left.ts';

function told(from: number, until: number, pods: string): readonly Sample[] {
  return Array.from({ length: (until - from) / 100 + 1 }, (_, index) =>
    look('pods@pi3', from + index * 100, { pods: podsIn(pods) }),
  );
}

/** A fault that hits the pod a on pi1, taken back at 20 s. */
function judged(looks: readonly Sample[], podsHit: Intent['podsHit'] = ['a']): Verdict {
  const intent = { ...intentOf('off', 'pi1', 'device', []), podsHit };
  const fault = { type: 'fault', step: 'kill' } as const;
  const events: readonly Event[] = [
    { ...fault, state: 'fired', at: deed.hi, span: deed, intent },
    { ...fault, state: 'undone', at: 20_010, span: { lo: 20_000, hi: 20_010 } },
  ];
  return capacityLeft.judge({ within: 3000 }, timelineWith(looks, events));
}

describe('capacity-left', () => {
  const before = told(9000, 10_000, 'a@pi1 b@pi2');
  const reason = '0/2_nodes_have_cpu';

  it('is kept where each is given a node in time, and tells the slowest', () => {
    const verdict = judged([
      ...[...before, ...told(10_100, 12_000, 'b@pi2')],
      ...[...told(12_100, 13_000, `b@pi2 (c:${reason})`), ...told(13_100, 20_000, 'b@pi2 c@pi3')],
    ]);
    expect(verdict).to.deep.include({
      outcome: 'pass',
      because: '1 pod that was made anew had a node after 1.00 s (±0.11) at the latest',
      measuredMs: { lo: 890, hi: 1110 },
    });
    const atOnce = judged([...before, ...told(10_100, 20_000, 'b@pi2 (c@pi3)')]);
    expect(atOnce.outcome).to.equal('pass');
    expect(atOnce.measuredMs).to.deep.equal({ lo: 0, hi: 110 });
  });

  it('tells of each, the slowest first, with what the scheduler said of it at last', () => {
    const verdict = judged([
      ...[...before, ...told(10_100, 12_000, 'b@pi2')],
      ...[
        ...told(12_100, 13_000, 'b@pi2 (c) (d:cpu)'),
        ...told(13_100, 13_900, 'b@pi2 c@pi3 (d:cpu)'),
      ],
      ...[
        ...told(14_000, 14_000, 'b@pi2 c@pi3 (d:disk)'),
        ...told(14_100, 20_000, 'b@pi2 c@pi3 d@pi3'),
      ],
    ]);
    expect(verdict).to.deep.include({
      outcome: 'pass',
      because: '2 pods that were made anew had a node after 2.00 s (±0.11) at the latest',
      evidence: [
        'd, first told at 12.110 s, had a node after 2.00 s (±0.11): disk',
        'c, first told at 12.110 s, had a node after 1.00 s (±0.11)',
      ],
    });
  });

  it('ends with a pod that is gone again, or back on the node that it had', () => {
    const gone = [...told(10_100, 12_000, 'b@pi2 (c)'), ...told(12_100, 20_000, 'b@pi2')];
    const back = [...told(10_100, 12_000, '(a) b@pi2'), ...told(12_100, 20_000, 'a@pi1 b@pi2')];
    for (const looks of [gone, back])
      expect(judged([...before, ...looks])).to.deep.include({
        outcome: 'pass',
        measuredMs: { lo: 1890, hi: 2110 },
      });
  });

  it('fails with the words of the scheduler, and of who waits to the end', () => {
    const waits = told(12_100, 20_000, `b@pi2 (c:${reason})`);
    const verdict = judged([...before, ...told(10_100, 12_000, 'b@pi2'), ...waits]);
    expect(verdict).to.deep.include({
      outcome: 'fail',
      because: `c waited for a node (${reason}) for > 7.89 s, beyond 3 s`,
      measuredMs: { atLeast: 7890 },
    });
    const placed = judged([
      ...[...before, ...told(10_100, 15_000, 'b@pi2 (c)')],
      ...told(15_100, 20_000, 'b@pi2 c@pi3'),
    ]);
    expect(placed.because).to.match(/^c waited for a node \(no scheduler said why\) for 5\.00 s/);
  });

  it('does not count the place that the healing gives back', () => {
    const verdict = judged([
      ...[...before, ...told(10_100, 18_000, 'b@pi2')],
      ...[...told(18_100, 20_000, `b@pi2 (c:${reason})`), ...told(20_100, 24_000, 'b@pi2 c@pi1')],
    ]);
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.because).to.match(/for > 1\.89 s, which does not decide about 3 s$/);
  });

  it('is undecided where none was made anew, or nobody told for a while', () => {
    expect(judged([...before, ...told(10_100, 20_000, 'b@pi2')])).to.include({
      outcome: 'unknown',
      because: 'none was made in place of a before the fault was taken back',
    });
    const verdict = judged([
      ...[...before, ...told(10_100, 12_000, 'b@pi2')],
      ...told(14_000, 20_000, 'b@pi2 c@pi3'),
    ]);
    expect(verdict).to.include({
      outcome: 'unknown',
      because: 'no API server told the pods for 2.00 s from 12.000 s on',
    });
    // Half a second is not too long.
    const near = told(12_500, 20_000, 'b@pi2 c@pi3');
    expect(judged([...before, ...told(10_100, 12_000, 'b@pi2'), ...near]).outcome).to.equal('pass');
  });

  it('does not apply where the fault hits none and none was made anew', () => {
    const verdict = judged([...before, ...told(10_100, 20_000, 'a@pi1 b@pi2')], []);
    expect(verdict.outcome).to.equal('not-applicable');
  });

  it('is invalid where one waited before, or nobody told of them', () => {
    const waiting = told(9000, 10_000, `a@pi1 b@pi2 (c:${reason})`);
    expect(judged([...waiting, ...told(10_100, 20_000, 'b@pi2 c@pi3')])).to.include({
      outcome: 'invalid',
      because: `c waited for a node (${reason}) before the fault already`,
    });
    const later = told(10_100, 20_000, 'b@pi2 c@pi3');
    // What counts was asked in the two seconds before, and answered before.
    for (const at of [7999, 9991])
      expect(judged([...told(at, at, 'a@pi1 b@pi2'), ...later])).to.include({
        outcome: 'invalid',
        because: 'no API server told the pods just before the fault',
      });
    for (const at of [8000, 9990])
      expect(judged([...told(at, at, 'a@pi1 b@pi2'), ...later]).outcome).to.equal('pass');
    expect(capacityLeft.judge({ within: 3000 }, timelineWith(before))).to.deep.include({
      outcome: 'invalid',
      because: 'the fault was never fired',
      evidence: [],
    });
  });

  it('has no end of its own to wait for', () => {
    const at = deed.hi;
    const intent = intentOf('off', 'pi1', 'device', []);
    const fired: Event = { type: 'fault', step: 'kill', state: 'fired', at, span: deed, intent };
    expect(capacityLeft.seen({ within: 3000 }, timelineWith([]))).to.equal(false);
    expect(capacityLeft.seen({ within: 3000 }, timelineWith([], [fired]))).to.equal(true);
    expect(capacityLeft.seen({ within: 3000, after: 'b' }, timelineWith([], [fired]))).to.equal(
      false,
    );
  });
});
