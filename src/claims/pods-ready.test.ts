import { expect } from 'chai';
import { intentOf } from '../testing/intent.ts';
import { deed, look, timelineWith } from '../testing/looks.ts';
import type { Event, Sample } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { podsReady } from './pods-ready.ts';

/** So many ready pods, and one that is not. */
const told = (sent: number, ready: number, through = 'pi3'): Sample =>
  look(`pods@${through}`, sent, {
    pods: [
      ...Array.from({ length: ready }, (_, index) => ({
        name: `web-${index}`,
        node: 'pi1',
        ready: true,
      })),
      { name: 'web-x', node: 'pi2', ready: false },
    ],
  });

const every = (from: number, until: number, ready: number): readonly Sample[] =>
  Array.from({ length: (until - from) / 100 + 1 }, (_, index) => told(from + index * 100, ready));

/** Of a change that was made at 10.000 to 10.004 s and taken back at 20 s. */
function timelineOf(looks: readonly Sample[]): ReturnType<typeof timelineWith> {
  const change = { type: 'fault', step: 'kill' } as const;
  const intent = intentOf('test', 'pi1', 'node-timer', []);
  const events: readonly Event[] = [
    { ...change, state: 'fired', at: deed.hi, span: deed, intent },
    { ...change, state: 'undone', at: 20_010, span: { lo: 20_000, hi: 20_010 } },
  ];
  return timelineWith(looks, events);
}

function judged(looks: readonly Sample[], ready = 4, within = 5000): Verdict {
  return podsReady.judge({ ready, within }, timelineOf(looks));
}

describe('pods-ready', () => {
  const before = told(9900, 2);

  it('counts from the last look with another number to the answer of the first with it', () => {
    const verdict = judged([before, told(10_100, 2), told(10_200, 3), ...every(10_300, 12_300, 4)]);
    expect(verdict).to.deep.include({
      outcome: 'pass',
      title: 'just 4 ready pods of the workload within 5 s',
      measuredMs: { lo: 196, hi: 310 },
      evidence: ['2 pods ready before', '4 told between 10.200 s and 10.310 s'],
    });
    expect(verdict.because).to.match(/^4 pods were ready 0\.25 s \(±0\.06\) after the fault/);
  });

  it('fails where they came too late', () => {
    const late = [before, ...every(10_100, 15_900, 2), ...every(16_000, 18_100, 4)];
    expect(judged(late)).to.deep.include({ outcome: 'fail', measuredMs: { lo: 5896, hi: 6010 } });
  });

  it('is no pass where fewer than those came, nor where more did', () => {
    const fewer = judged([before, ...every(10_100, 19_900, 3)]);
    expect(fewer).to.deep.include({ outcome: 'fail', measuredMs: { atLeast: 9896 } });
    expect(fewer.because).to.match(/^4 ready pods not seen in the 9\.90 s after the fault/);
    expect(fewer.evidence).to.deep.equal(['2 pods ready before', 'never more than 3 were told']);
    expect(judged([before, ...every(10_100, 19_900, 5)]).outcome).to.equal('fail');
  });

  it('has not to be two seconds of it that were not seen', () => {
    expect(judged([before, ...every(10_100, 12_000, 4)]).outcome).to.equal('unknown');
    const flicker = [before, ...every(10_100, 11_000, 4), told(11_100, 3)];
    const verdict = judged([...flicker, ...every(11_200, 13_200, 4)]);
    expect(verdict.measuredMs).to.deep.equal({ lo: 1096, hi: 1210 });
  });

  it('counts on the way down as well', () => {
    const verdict = judged([told(9900, 3), ...every(10_100, 12_100, 1)], 1);
    expect(verdict.because).to.match(/^1 pod was ready 0\./);
    const stuck = judged([told(9900, 3), ...every(10_100, 19_900, 2)], 1);
    expect(stuck.evidence).to.deep.equal(['3 pods ready before', 'never fewer than 2 were told']);
    const deaf = judged([told(9900, 3)], 1);
    expect(deaf.evidence).to.deep.equal(['3 pods ready before', 'never fewer than 3 were told']);
  });

  it('takes a look that was answered as the change began for one before it, and one sent then for one after it', () => {
    expect(judged([told(9990, 2), ...every(10_100, 12_200, 4)]).outcome).to.equal('pass');
    const atOnce = judged([before, ...every(10_000, 12_000, 4)]);
    expect(atOnce.measuredMs).to.deep.equal({ lo: 0, hi: 10 });
  });

  it('counts up to the instant at which the change was taken back', () => {
    const late = [before, ...every(10_100, 20_000, 2), ...every(20_100, 23_000, 4)];
    expect(judged(late, 4, 30_000)).to.deep.include({
      outcome: 'unknown',
      measuredMs: { atLeast: 9996 },
    });
  });

  it('does not apply where so many were ready before', () => {
    expect(judged([told(9900, 4), ...every(10_100, 12_100, 4)])).to.include({
      outcome: 'not-applicable',
      because: '4 pods ready before already',
    });
  });

  it('is invalid where nobody told of the pods before, or too seldom after', () => {
    expect(judged(every(10_100, 12_100, 4))).to.include({
      outcome: 'invalid',
      because: 'no API server told the pods just before the fault',
    });
    const sparse = judged([before, ...every(14_000, 16_100, 4)]);
    expect(sparse.outcome).to.equal('invalid');
    expect(sparse.evidence).to.have.length(2);
  });

  it('is invalid where the change was never made', () => {
    const looks = [before, ...every(10_100, 12_100, 4)];
    expect(podsReady.judge({ ready: 4, within: 5000 }, timelineWith(looks))).to.include({
      outcome: 'invalid',
      because: 'the fault was never fired',
    });
  });
});
