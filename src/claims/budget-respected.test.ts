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

  it('takes looks at its very edges, and as far away as a change may be seen', () => {
    const answers = [accepted('a', 10_100)];
    expect(judged(ready([10_090, 3], [10_105, 2]), answers).outcome).to.equal('pass');
    expect(judged(ready([9590, 3], [10_605, 2]), answers).outcome).to.equal('pass');
    expect(judged(ready([9589, 3], [10_605, 2]), answers).outcome).to.equal('unknown');
    expect(judged(ready([9590, 3], [10_606, 2]), answers).outcome).to.equal('unknown');
    // One that was let go just after the look counts, as does one that was as the next was asked for.
    expect(
      judged(ready([10_090, 3], [10_300, 1]), [...answers, accepted('b', 10_105)]).because,
    ).to.match(/3 pods were ready at 10\.090 s, of which 1 had been let go since, and 1 at/);
    // Five slots of a slow series.
    const slow = { ...timelineWith(ready([9000, 3], [11_000, 2]), [...answers, fired]) };
    const series = slow.plan.series.map((one) => ({ ...one, everyMs: 250 }));
    const timeline = { ...slow, plan: { ...slow.plan, series } };
    expect(budgetRespected.judge(params, timeline).outcome).to.equal('pass');
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
    expect(judged(ready([10_200, 3]), answers).because).to.match(/just before$/);
    // Another that had no room is a failure all the same.
    const breach = ready([9000, 3], [10_150, 2], [10_300, 1]);
    expect(judged(breach, [...answers, accepted('b', 10_200)]).outcome).to.equal('fail');
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
    const all = [refused('b', 10_110), refused('c', 10_120), refused('b', 10_610)];
    expect(judged(looks, [...all, refused('b', 10_860)], true)).to.deep.include({
      outcome: 'pass',
      because:
        '0 evictions were accepted, and 4 refused with HTTP 429, of 2 pods; there was room for each that was accepted',
      evidence: [
        `holdfast/b: HTTP 429 3 times from 10.115 s to 10.865 s, never accepted: ${words}`,
        `holdfast/c: HTTP 429 1 times from 10.125 s to 10.125 s, never accepted: ${words}`,
      ],
    });
    const busy = { ...refused('b', 10_110), status: 500 };
    expect(judged(looks, [...answers, busy], true).outcome).to.equal('fail');
  });

  it('takes an answer of 400 or more for no consent', () => {
    const bad = { ...accepted('b', 10_200), status: 400 };
    const verdict = judged(ready([9900, 2], [10_150, 2], [10_300, 1]), [bad]);
    expect(verdict.because).to.match(/^0 evictions were accepted, and 0 refused/);
    expect(verdict.evidence).to.deep.equal(['holdfast/b: never accepted']);
  });

  it('is invalid where no pod of the workload was to be evicted since', () => {
    const because = 'no eviction of a pod of the workload was asked for';
    const looks = ready([9900, 3], [10_150, 3]);
    for (const answers of [[], [accepted('x', 10_100)], [accepted('a', 9950)]])
      expect(judged(looks, answers)).to.include({ outcome: 'invalid', because });
    expect(judged(looks, [accepted('a', deed.lo)]).outcome).to.equal('pass');
    expect(budgetRespected.judge(params, timelineWith(looks))).to.deep.include({
      outcome: 'invalid',
      because: 'the fault was never fired',
      evidence: [],
    });
  });

  it('says what it claims, and asks for no waiting unless it is told', () => {
    expect(budgetRespected.schema.parse({ 'min-available': 2 })).to.deep.equal(params);
    expect(budgetRespected.schema.safeParse({ 'min-available': -1 }).success).to.equal(false);
    expect(budgetRespected.title(params)).to.equal('evictions leave 2 pods of the workload ready');
    expect(budgetRespected.title({ ...params, waits: true })).to.match(
      /ready, and one at least waits for that$/,
    );
  });

  it('waits for the fault alone, as its evictions are over then', () => {
    expect(budgetRespected.seen(params, timelineWith([], []))).to.equal(false);
    expect(budgetRespected.seen(params, timelineWith([], [fired]))).to.equal(true);
  });
});

const params = { 'min-available': 2, waits: false };
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
  return budgetRespected.judge({ ...params, waits }, timelineWith(looks, [...answers, fired]));
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
