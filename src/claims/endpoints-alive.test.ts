import { expect } from 'chai';
import type { EndpointSeen, Event, Sample, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { intentOf } from '../testing/intent.ts';
import { badLook, deed, look, timelineWith } from '../testing/looks.ts';
import { endpointsAlive } from './endpoints-alive.ts';

/** Endpoints as `name@node`; one in brackets is listed and does not answer. */
function endpointsIn(text: string): readonly EndpointSeen[] {
  return text
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => {
      const [name = '', node = ''] = one.replace(/[()]/g, '').split('@');
      const dead = one.startsWith('(') && { error: 'HTTP 504' };
      return { pod: `shop/${name}`, address: `10.1.0.${name}:80`, node, ...dead };
    });
}

/** What the pod of a node is answered every 100 ms, from an instant to another. */
function told(node: string, from: number, until: number, text: string): readonly Sample[] {
  return Array.from({ length: (until - from) / 100 + 1 }, (_, index) => {
    const endpoints = endpointsIn(text);
    const one = look(`each-endpoint@${node}`, from + index * 100, { endpoints });
    const ok = endpoints.length > 0 && endpoints.every(({ error }) => error === undefined);
    return { ...one, ok };
  });
}

/** The pod of a node says nothing itself. */
function silent(node: string, from: number, until: number): readonly Sample[] {
  return told(node, from, until, '').map(({ due }) =>
    badLook(`each-endpoint@${node}`, due, 'EDEADLINE'),
  );
}

/** Two pods that answer on a node that a fault is aimed at and on another, asked from pi2. */
const before = told('pi2', 8000, 9900, '1@pi1 2@pi2');
const well = (from: number, until: number): readonly Sample[] =>
  told('pi2', from, until, '1@pi1 2@pi2');
const dead = (from: number, until: number): readonly Sample[] =>
  told('pi2', from, until, '(1@pi1) 2@pi2');
const unlisted = (from: number, until: number): readonly Sample[] =>
  told('pi2', from, until, '2@pi2');

const healed: Event = {
  ...{ type: 'fault', step: 'kill', state: 'undone', at: 14_010 },
  span: { lo: 14_000, hi: 14_010 },
};

function timelineOf(looks: readonly Sample[], targets = ['pi1'], undone = healed): Timeline {
  const intent = { ...intentOf('off', 'pi1', 'device', []), targets };
  const fired: Event = {
    ...{ type: 'fault', step: 'kill', state: 'fired', at: deed.hi },
    ...{ span: deed, intent },
  };
  return timelineWith(looks, [fired, undone]);
}

function judged(
  looks: readonly Sample[],
  within: number | 'predicted' = 3000,
  targets?: readonly string[],
): Verdict {
  return endpointsAlive.judge({ within }, timelineOf(looks, targets && [...targets]));
}

describe('endpoints-alive', () => {
  const power = [...before, ...dead(10_000, 12_000), ...unlisted(12_100, 16_000)];

  it('is kept if what does not answer is taken out in time, and says what that meant for users', () => {
    const verdict = judged(power);
    expect(verdict).to.deep.include({
      claim: 'endpoints-alive',
      title: 'an endpoint that does not answer is listed for no longer than 3 s',
      limitMs: 3000,
      outcome: 'pass',
      measuredMs: { lo: 2000, hi: 2200 },
      because: 'an endpoint that did not answer was listed for 2.10 s (±0.10); the limit is 3 s',
    });
    expect(verdict.evidence).to.deep.equal([
      'shop/1 at 10.1.0.1:80 on pi1: 21 of 21 questions failed between 10.000 s and 12.000 s (HTTP 504)',
      'at the worst 1 of 2 endpoints that were listed did not answer: that share of new connections ends there',
    ]);
  });

  it('is kept as well if it answers again', () => {
    const verdict = judged([...before, ...dead(10_000, 12_000), ...well(12_100, 16_000)]);
    expect(verdict.measuredMs).to.deep.equal({ lo: 2000, hi: 2200 });
    expect(verdict.evidence[0]).to.match(/21 of 61 questions failed/);
  });

  it('fails beyond its limit', () => {
    expect(judged(power, 1900)).to.include({
      outcome: 'fail',
      because:
        'an endpoint that did not answer was listed for 2.10 s (±0.10); that is beyond the limit of 1.9 s',
    });
  });

  it('does not know where the limit lies between what was seen', () => {
    expect(judged(power, 2100)).to.include({
      outcome: 'unknown',
      because:
        'an endpoint that did not answer was listed for 2.10 s (±0.10); that does not decide about the limit of 2.1 s',
    });
  });

  it('fails where it is listed to the end', () => {
    const verdict = judged([...before, ...well(10_000, 11_900), ...dead(12_000, 16_000)]);
    expect(verdict).to.deep.include({ outcome: 'fail', measuredMs: { atLeast: 4000 } });
    expect(verdict.because).to.equal(
      'an endpoint that did not answer was listed to the end, for > 4.00 s; that is beyond the limit of 3 s',
    );
  });

  it('is kept where all answer, of which it says how many were asked how often', () => {
    const verdict = judged([...before, ...well(10_000, 16_000)]);
    expect(verdict).to.deep.include({
      outcome: 'pass',
      because: 'no endpoint was listed for longer than 0.10 s without an answer; the limit is 3 s',
      evidence: ['2 endpoints answered each of 122 questions'],
    });
    const one = [...told('pi2', 8000, 16_000, '2@pi2')];
    expect(judged(one).evidence).to.deep.equal(['1 endpoint answered each of 61 questions']);
  });

  it('is of the worst path: one node that cannot reach a pod is enough', () => {
    const looks = [
      ...power,
      ...told('pi3', 8000, 9900, '1@pi1 2@pi2'),
      ...told('pi3', 10_000, 15_000, '1@pi1 (2@pi2)'),
      ...told('pi3', 15_100, 16_000, '1@pi1 2@pi2'),
    ];
    const verdict = judged(looks, 4000);
    expect(verdict).to.deep.include({ outcome: 'fail', measuredMs: { lo: 5000, hi: 5200 } });
    expect(verdict.evidence).to.deep.equal([
      'shop/1 at 10.1.0.1:80 on pi1: 21 of 82 questions failed between 10.000 s and 12.000 s (HTTP 504)',
      'shop/2 at 10.1.0.2:80 on pi2: 51 of 122 questions failed between 10.000 s and 15.000 s (HTTP 504)',
      'at the worst 1 of 2 endpoints that were listed did not answer: that share of new connections ends there',
    ]);
  });

  it('tells the largest share that was dead at a time, and all codes', () => {
    const looks = [
      ...before,
      ...dead(10_000, 10_400),
      ...told('pi2', 10_500, 10_900, '(1@pi1) (2@pi2) 3@pi3').map((one) => ({
        ...one,
        value: {
          endpoints: endpointsIn('(1@pi1) (2@pi2) 3@pi3').map((endpoint) =>
            endpoint.pod === 'shop/1' ? { ...endpoint, error: 'HTTP 502' } : endpoint,
          ),
        },
      })),
      ...dead(11_000, 11_400),
      ...unlisted(11_500, 16_000),
    ];
    const { evidence } = judged(looks);
    expect(evidence[0]).to.match(/15 of 15 .* \(HTTP 502, HTTP 504\)$/);
    expect(evidence.at(-1)).to.match(/^at the worst 2 of 3 endpoints/);
  });

  it('tells of that share when it was first reached, whatever came after', () => {
    const worst = (...shares: readonly string[]): string | undefined =>
      judged([
        ...before,
        ...shares.flatMap((share, index) =>
          told('pi2', 10_000 + index * 500, 10_400 + index * 500, share),
        ),
      ]).evidence.at(-1);
    expect(worst('(1@pi1) 2@pi2', '(1@pi1) 2@pi2 3@pi3')).to.match(/^at the worst 1 of 2 /);
    expect(worst('(1@pi1) 2@pi2', '(1@pi1) (2@pi2) 3@pi3 4@pi3')).to.match(/^at the worst 1 of 2 /);
  });

  it('counts a pod that comes back at another address as another, and what is no pod by its address', () => {
    const moved = told('pi2', 12_100, 16_000, '2@pi2').map((one, index) => ({
      ...one,
      ok: false,
      value: {
        endpoints: [{ pod: 'shop/1', address: '10.1.0.9:80', ...(index > 5 && { error: 'x' }) }],
      },
    }));
    const verdict = judged([...before, ...dead(10_000, 12_000), ...moved], 5000);
    expect(verdict.measuredMs).to.deep.equal({ atLeast: 3300 });
    expect(verdict.evidence[1]).to.equal(
      'shop/1 at 10.1.0.9:80: 34 of 40 questions failed between 12.700 s and 16.000 s (x)',
    );
  });

  it('does not ask from a node that a fault is aimed at until that answers again after it', () => {
    const cutOff = [
      ...told('pi1', 8000, 9900, '1@pi1 2@pi2'),
      ...told('pi1', 10_000, 14_500, '1@pi1 (2@pi2)'),
      ...told('pi1', 14_600, 16_000, '1@pi1 2@pi2'),
    ];
    const verdict = judged([...before, ...cutOff, ...well(10_000, 16_000)]);
    expect(verdict).to.include({ outcome: 'pass' });
    // From the node of pi1, only what comes after 14.6 s.
    expect(verdict.evidence).to.deep.equal(['2 endpoints answered each of 152 questions']);
    const again = cutOff.map((one) =>
      one.due < 15_000 ? one : { ...one, ...told('pi1', one.due, one.due, '(1@pi1)')[0] },
    );
    expect(judged([...before, ...again, ...well(10_000, 16_000)], 500).outcome).to.equal('fail');
  });

  it('has not failed for certain where its node was hit while it was failing', () => {
    const cut = [
      ...told('pi1', 8000, 9800, '1@pi1 2@pi2'),
      ...told('pi1', 9900, 9900, '1@pi1 (2@pi2)'),
      ...told('pi1', 14_100, 16_000, '1@pi1 2@pi2'),
    ];
    expect(judged([...before, ...cut, ...well(10_000, 16_000)]).measuredMs).to.deep.equal({
      lo: 0,
      hi: 200,
    });
  });

  it('knows nothing of the time for which a pod that asks is silent', () => {
    const between = [...before, ...well(10_000, 11_000), ...silent('pi2', 11_100, 14_900)];
    const verdict = judged([...between, ...well(15_000, 16_000)]);
    expect(verdict).to.deep.include({ outcome: 'unknown', measuredMs: { lo: 0, hi: 4000 } });
    expect(verdict.because).to.equal(
      'no endpoint was listed for longer than 4.00 s without an answer; that does not decide about the limit of 3 s',
    );
    const toTheEnd = [...before, ...well(10_000, 11_000), ...silent('pi2', 11_100, 16_000)];
    expect(judged(toTheEnd).measuredMs).to.deep.equal({ lo: 0, hi: 5000 });
  });

  it('does not know if no endpoint was told of after the fault', () => {
    expect(judged([...before, ...silent('pi2', 10_000, 16_000)])).to.deep.include({
      outcome: 'unknown',
      because: 'no pod of ours told of an endpoint after the fault',
      evidence: [],
    });
  });

  it('does not count what came before the fault or after settling', () => {
    const early = [
      ...told('pi2', 6000, 7500, '(1@pi1) 2@pi2'),
      ...told('pi2', 7600, 9900, '1@pi1 2@pi2'),
    ];
    const done: Event = { type: 'phase', at: 15_000, phase: 'done', wall: '' };
    const timeline = timelineOf([...early, ...well(10_000, 15_000), ...dead(15_100, 19_000)]);
    const events = [...timeline.events, done];
    expect(endpointsAlive.judge({ within: 3000 }, { ...timeline, events })).to.deep.include({
      outcome: 'pass',
      measuredMs: { lo: 0, hi: 100 },
      evidence: ['2 endpoints answered each of 102 questions'],
    });
  });

  it('is held against what the settings predict, in tenths of a second', () => {
    const { plan, events } = timelineOf(power);
    const predicted = [{ claim: 'endpoints-alive', p50Ms: 1000, p95Ms: 2549, from: 'settings' }];
    const verdict = endpointsAlive.judge(
      { within: 'predicted' },
      { plan: { ...plan, predicted }, events },
    );
    expect(verdict).to.include({ outcome: 'pass', limitMs: 2500 });
    const without = judged(power, 'predicted');
    expect(without).to.include({ outcome: 'unknown' }).and.not.to.have.property('limitMs');
    expect(without.because).to.match(/; the plan holds no prediction for it/);
  });

  it('does not apply if a fault is aimed at every node from which they are asked', () => {
    expect(judged([...before, ...dead(10_000, 13_900)], 3000, ['pi1', 'pi2'])).to.deep.include({
      outcome: 'not-applicable',
      because: 'a fault is aimed at every node from which the endpoints are asked',
      evidence: [],
    });
  });

  it('is invalid where nothing was asked, or no endpoint answered before', () => {
    expect(judged(told('pi2', 8000, 16_000, '1@pi1').map((one) => ({ ...one, series: 'x@pi2' }))))
      .to.include({ outcome: 'invalid' })
      .and.to.have.property('because', 'nothing sampled each-endpoint in this run');
    expect(judged([...silent('pi2', 8000, 9900), ...well(10_000, 16_000)]).because).to.equal(
      'each-endpoint@pi2 had 0 good samples in the 2.00 s before the fault and needs 10: nothing can be told from it',
    );
  });

  it('is invalid where its series had not one slot', () => {
    const { plan, events } = timelineOf(before);
    const others = events.filter(({ type }) => type !== 'sample');
    expect(endpointsAlive.judge({ within: 3000 }, { plan, events: others })).to.include({
      outcome: 'invalid',
      because: 'nothing sampled each-endpoint in this run',
    });
  });

  it('needs no word at all of a node that the fault is aimed at', () => {
    const { plan, events } = timelineOf([...before, ...well(10_000, 16_000)]);
    const [its] = plan.series;
    const series = [...plan.series, { ...its!, id: 'each-endpoint@pi1', node: 'pi1' }];
    expect(
      endpointsAlive.judge({ within: 3000 }, { plan: { ...plan, series }, events }),
    ).to.deep.include({
      outcome: 'pass',
      evidence: ['2 endpoints answered each of 122 questions'],
    });
  });

  it('needs no word from before of a node that the fault is aimed at', () => {
    const looks = [...before, ...well(10_000, 16_000), ...silent('pi1', 8000, 16_000)];
    expect(judged(looks).outcome).to.equal('pass');
  });

  it('has been seen once nothing failed for two seconds, asked from nodes that no fault hits', () => {
    const seen = (looks: readonly Sample[]): boolean =>
      endpointsAlive.seen({ within: 3000 }, timelineOf(looks));
    expect(seen([...before, ...dead(10_000, 12_000), ...unlisted(12_100, 14_200)])).to.equal(true);
    expect(seen([...before, ...dead(10_000, 12_000), ...unlisted(12_100, 13_900)])).to.equal(false);
    const cut = silent('pi1', 8000, 14_200);
    expect(seen([...before, ...well(10_000, 14_200), ...cut])).to.equal(true);
  });
});
