import { expect } from 'chai';
import type { Event, EvictionEvent, Sample } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { intentOf } from '../testing/intent.ts';
import { badLook, deed, look, timelineWith } from '../testing/looks.ts';
import { budgetRespected } from './budget-respected.ts';

describe('budget-respected', () => {
  it('passes where each that was accepted had room, and tells how long another was held back', () => {
    const verdict = judged(ready([9900, 3], [10_150, 2], [12_000, 3], [12_300, 2]), [
      accepted('a', 10_100),
      refused('b', 10_110),
      refused('b', 10_610),
      accepted('b', 12_200),
    ]);
    expect(verdict).to.deep.include({
      claim: 'budget-respected',
      outcome: 'pass',
      because:
        '2 evictions were accepted, and 2 refused with HTTP 429, of 1 pod; there was room for each that was accepted',
      evidence: [
        'holdfast/a: accepted at 10.105 s (HTTP 201)',
        `holdfast/b: HTTP 429 2 times from 10.115 s to 10.615 s, accepted at 12.205 s (HTTP 201), held back for 2.09 s: ${words}`,
      ],
    });
  });

  it('fails where one was accepted without room, by the looks around it', () => {
    const verdict = judged(ready([9900, 3], [10_150, 2], [10_300, 1]), [
      accepted('a', 10_100),
      accepted('b', 10_200),
    ]);
    expect(verdict).to.include({
      outcome: 'fail',
      because:
        'the eviction of holdfast/b was accepted at 10.205 s, though 2 are to stay: 2 pods were ready at 10.150 s, and 1 at 10.300 s',
    });
  });

  it('counts those that were let go between the looks', () => {
    const answers = [accepted('a', 10_100), accepted('b', 10_120)];
    expect(judged(ready([9900, 3], [10_300, 1]), answers)).to.include({
      outcome: 'fail',
      because:
        'the eviction of holdfast/b was accepted at 10.125 s, though 2 are to stay: 3 pods were ready at 9.900 s, of which 1 had been let go since, and 1 at 10.300 s',
    });
    // One more was ready before, or became ready in between.
    expect(judged(ready([9900, 4], [10_300, 2]), answers).outcome).to.equal('pass');
    expect(judged(ready([9900, 3], [10_300, 2]), answers).outcome).to.equal('pass');
    // What goes by itself later is none of it.
    expect(judged(ready([9900, 4], [10_300, 1]), answers).outcome).to.equal('pass');
  });

  it('does not know what nobody looked at before or after', () => {
    const answers = [accepted('a', 10_100)];
    expect(judged(ready([9000, 3], [10_300, 2]), answers)).to.include({
      outcome: 'unknown',
      because:
        'the eviction of holdfast/a was accepted at 10.105 s, and nobody told of the pods just before',
    });
    expect(judged(ready([9900, 3], [11_000, 2]), answers).because).to.match(/just after$/);
    const failed = [...ready([9900, 3]), badLook('pods@pi2', 10_300, 'HTTP 500')];
    expect(judged(failed, answers).outcome).to.equal('unknown');
  });

  it('wants one to have waited, if it is said so', () => {
    const answers = [accepted('a', 10_100)];
    const looks = ready([9900, 3], [10_150, 2]);
    expect(judged(looks, answers).outcome).to.equal('pass');
    expect(judged(looks, answers, true)).to.include({
      outcome: 'fail',
      because:
        '1 evictions were accepted, and 0 refused with HTTP 429: none had to wait for its budget',
    });
    expect(judged(looks, [...answers, refused('b', 10_110)], true).outcome).to.equal('pass');
    const busy = { ...refused('b', 10_110), status: 500 };
    expect(judged(looks, [...answers, busy], true).outcome).to.equal('fail');
  });

  it('is invalid where no pod of the workload was to be evicted since', () => {
    const because = 'no eviction of a pod of the workload was asked for';
    const looks = ready([9900, 3], [10_150, 3]);
    for (const answers of [[], [accepted('x', 10_100)], [accepted('a', 9950)]])
      expect(judged(looks, answers)).to.include({ outcome: 'invalid', because });
  });

  it('waits for the fault alone, as its evictions are over then', () => {
    const params = { 'min-available': 2, waits: false };
    expect(budgetRespected.seen(params, timelineWith([], []))).to.equal(false);
    expect(budgetRespected.seen(params, timelineWith([], [fired]))).to.equal(true);
  });
});

const words = 'The disruption budget web needs 2 healthy pods and has 2 currently';
const intent = intentOf('test', 'pi1', 'node-timer', []);
const fired: Event = {
  ...{ type: 'fault', step: 'kill', state: 'fired' },
  at: 12_500,
  span: { lo: deed.lo, hi: 12_500 },
  intent,
};

function judged(
  looks: readonly Sample[],
  answers: readonly EvictionEvent[],
  waits = false,
): Verdict {
  return budgetRespected.judge(
    { 'min-available': 2, waits },
    timelineWith(looks, [...answers, fired]),
  );
}

/** Looks at instants, each with so many of four pods ready. */
function ready(...looks: readonly (readonly [sent: number, ready: number])[]): readonly Sample[] {
  return looks.map(([sent, count], index) =>
    look(`pods@pi${1 + (index % 2)}`, sent, {
      pods: ['a', 'b', 'c', 'd'].map((pod, i) => ({ name: `holdfast/${pod}`, ready: i < count })),
    }),
  );
}

function accepted(pod: string, sent: number): EvictionEvent {
  return {
    ...{ type: 'eviction', step: 'kill', at: sent + 5, span: { lo: sent, hi: sent + 5 } },
    pod: `holdfast/${pod}`,
    status: 201,
  };
}

function refused(pod: string, sent: number): EvictionEvent {
  return { ...accepted(pod, sent), status: 429, message: words };
}
