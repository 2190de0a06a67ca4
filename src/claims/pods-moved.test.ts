import { expect } from 'chai';
import type { Intent } from '../model/intent.ts';
import type { Event, Sample, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { intentOf } from '../testing/intent.ts';
import { deed, look, timelineWith } from '../testing/looks.ts';
import { podsIn } from '../testing/pods.ts';
import { podsMoved } from './pods-moved.ts';

/** Looks of every 100 ms at pods as `podsIn` reads them, from an instant to another. */
function told(from: number, until: number, pods: string): readonly Sample[] {
  return Array.from({ length: (until - from) / 100 + 1 }, (_, index) =>
    look('pods@pi3', from + index * 100, { pods: podsIn(pods) }),
  );
}

const before = told(9000, 9900, 'a@pi1 b@pi2');

function timelineOf(looks: readonly Sample[], changes: Partial<Intent> = {}): Timeline {
  const intent = { ...intentOf('off', 'pi1', 'device', []), nodesDown: ['pi1'], ...changes };
  const fault = { type: 'fault', step: 'kill' } as const;
  const events: readonly Event[] = [
    { ...fault, state: 'fired', at: deed.hi, span: deed, intent },
    { ...fault, state: 'undone', at: 20_010, span: { lo: 20_000, hi: 20_010 } },
  ];
  return timelineWith(looks, events);
}

function judged(
  looks: readonly Sample[],
  changes: Partial<Intent> = {},
  within: number | 'predicted' = 8000,
): Verdict {
  return podsMoved.judge({ within }, timelineOf(looks, changes));
}

describe('pods-moved', () => {
  const moved = [...told(10_000, 14_900, 'a@pi1 b@pi2'), ...told(15_000, 19_900, 'c@pi3 b@pi2')];

  it('is kept once as many are ready on nodes that stand', () => {
    const verdict = judged([...before, ...moved]);
    expect(verdict).to.include({
      outcome: 'pass',
      because: '2 pods were ready on other nodes 4.95 s (±0.06) after the fault; the limit is 8 s',
    });
    expect(verdict.evidence).to.deep.equal([
      '2 pods were ready before, 1 of them not on pi1',
      '2 others were told between 14.900 s and 15.010 s',
    ]);
  });

  it('fails beyond its limit', () => {
    expect(judged([...before, ...moved], {}, 4000).outcome).to.equal('fail');
  });

  it('fails where they are told to be ready on the dead node alone, and where they wait', () => {
    for (const pods of ['a@pi1 b@pi2', '(a@pi1) b@pi2 (c)', '(a@pi1) b@pi2 (c@pi3)']) {
      const verdict = judged([...before, ...told(10_000, 19_900, pods)]);
      expect(verdict.outcome, pods).to.equal('fail');
      expect(verdict.because).to.match(/^2 ready pods were not seen again in the 9\.90 s/);
    }
  });

  it('is undecided where the fault was taken back before its limit', () => {
    const looks = [...before, ...told(10_000, 19_900, 'a@pi1 b@pi2')];
    expect(judged(looks, {}, 30_000).outcome).to.equal('unknown');
    expect(judged(looks, {}, 'predicted').because).to.match(/the plan holds no prediction for it/);
  });

  it('says for how long the Service led to the dead ones', () => {
    const endpoints = (from: number, until: number, ready: object): readonly Sample[] =>
      told(from, until, '').map((one) => ({ ...one, series: 'endpoints@pi3', value: { ready } }));
    const looks = [
      ...[...before, ...moved],
      ...endpoints(9000, 13_900, { pi1: 1, pi2: 1 }),
      ...endpoints(14_000, 19_900, { pi2: 1 }),
    ];
    const { evidence } = judged(looks, { podsHit: ['a'] });
    expect(evidence.at(-1)).to.equal(
      'the Service led to the dead pods for 3.95 s (±0.06): requests that came there failed',
    );
    const never = looks.filter(({ series, due }) => series !== 'endpoints@pi3' || due < 14_000);
    expect(judged(never, { podsHit: ['a'] }).evidence.at(-1)).to.match(
      /led to the dead pods to the end of the question, for > 3\.90 s/,
    );
  });

  it('does not apply where no node goes down, or none with a ready pod', () => {
    expect(judged([...before, ...moved], { nodesDown: [] })).to.include({
      outcome: 'not-applicable',
      because: 'the fault takes no node down',
    });
    const { nodesDown: none, ...intent } = intentOf('freeze', 'pi1', 'device', []);
    expect(none).to.equal(undefined);
    const frozen = timelineWith(
      [...before, ...moved],
      [{ type: 'fault', step: 'kill', state: 'fired', at: deed.hi, span: deed, intent }],
    );
    expect(podsMoved.judge({ within: 8000 }, frozen).because).to.equal(
      'the fault takes no node down',
    );
    expect(judged([...before, ...moved], { nodesDown: ['pi4'] })).to.include({
      outcome: 'not-applicable',
      because: 'the fault takes pi4 down, where none of the 2 ready pods stood',
    });
    expect(judged(told(9000, 9900, 'a@pi1'), { nodesDown: ['pi4'] }).because).to.equal(
      'the fault takes pi4 down, where the only ready pod did not stand',
    );
  });

  it('is of the nodes whose kubelet ends, too', () => {
    const kubelet = { nodesDown: [], service: 'kubelet' } as const;
    expect(judged([...before, ...moved], kubelet).outcome).to.equal('pass');
    expect(judged([...before, ...moved], { ...kubelet, loss: 'handed-over' }).outcome).to.equal(
      'not-applicable',
    );
  });

  it('is invalid where nobody told of the pods before', () => {
    expect(judged(moved)).to.include({
      outcome: 'invalid',
      because: 'no API server told the pods just before the fault',
    });
  });
});
