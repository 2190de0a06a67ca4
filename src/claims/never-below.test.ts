import { expect } from 'chai';
import type { Event, Sample } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { intentOf } from '../testing/intent.ts';
import { badLook, deed, look, timelineWith } from '../testing/looks.ts';
import { neverBelow } from './never-below.ts';

interface Told {
  /** What a watch, or a list, tells at an instant; a text is why it cannot. */
  readonly watch?: (at: number, node: string) => Partial<Tale> | string;
  readonly list?: (at: number, node: string) => number | string;
  readonly nodes?: readonly string[];
  /** One more instant at which they look. */
  readonly also?: number;
}

interface Tale {
  readonly ready: number;
  readonly least: number;
  readonly opened: number;
}

const end = 30_000;

/** Three replicas that are always ready unless it is said otherwise, by a look every 100 ms from 7 s on. */
function looks({ watch, list, nodes = ['pi1', 'pi2'], also }: Told): readonly Sample[] {
  const instants = Array.from({ length: 230 }, (_, index) => 7000 + index * 100)
    .concat(also ?? [])
    .sort((a, b) => a - b);
  return nodes.flatMap((node) =>
    instants.flatMap((at) => {
      const seen = watch?.(at, node) ?? {};
      const count = list?.(at, node) ?? 3;
      return [
        typeof seen === 'string'
          ? badLook(`replicas@${node}`, at, seen)
          : look(`replicas@${node}`, at, { ready: 3, least: 3, opened: 1, ...seen }),
        typeof count === 'string'
          ? badLook(`pods@${node}`, at, count)
          : look(`pods@${node}`, at, { pods: podsOf(count) }),
      ];
    }),
  );
}

function podsOf(ready: number): readonly object[] {
  return [1, 2, 3].map((n) => ({ name: `holdfast/web-${n}`, node: `pi${n}`, ready: n <= ready }));
}

const intent = intentOf('test', 'pi1', 'node-timer', []);
const events: readonly Event[] = [
  { type: 'fault', step: 'kill', state: 'fired', at: deed.hi, span: deed, intent },
  { type: 'fault', step: 'kill', state: 'undone', at: 20_010, span: { lo: 20_000, hi: 20_010 } },
  { type: 'phase', at: end, phase: 'done', wall: '2026-11-21T07:10:30.000Z' },
];

function judged(told: Told = {}, ready = 2): Verdict {
  return neverBelow.judge({ ready }, timelineWith(looks(told), events));
}

const from = (lo: number, hi: number) => (at: number) => at >= lo && at < hi;

describe('never-below', () => {
  it('is kept where no watch and no list ever told fewer', () => {
    const isDown = from(12_000, 18_000);
    const verdict = judged({
      watch: (at) => (isDown(at) ? { ready: 2, least: 2 } : at === 18_000 ? { least: 2 } : {}),
      list: (at) => (isDown(at) ? 2 : 3),
    });
    expect(verdict).to.include({
      outcome: 'pass',
      because: 'never fewer than 2 were told to be ready, by 2 watches and by lists',
    });
    expect(verdict.evidence).to.deep.equal([
      'the fewest that were told to be ready were 2, first by the watch on pi1 at 12.010 s',
    ]);
    expect(judged({}, 3).outcome).to.equal('pass');
    expect(judged({ nodes: ['pi1'] }).because).to.match(/, by 1 watch and by lists$/);
  });

  it('names who told the fewest first, in the order of the answers', () => {
    const isDown = from(12_000, 18_000);
    const { evidence } = judged({
      watch: (at) => (at === 12_100 ? { ready: 2, least: 2 } : {}),
      list: (at, node) => (isDown(at) && node === 'pi2' ? 2 : 3),
    });
    expect(evidence).to.deep.equal([
      'the fewest that were told to be ready were 2, first by a list through pi2 at 12.010 s',
    ]);
  });

  it('tells what the Service led to since the fault, and does not judge by it', () => {
    const led = (at: number, ready: Record<string, number>): Sample =>
      look('endpoints@pi1', at, { ready });
    const told = [
      ...looks({}),
      led(9000, {}),
      led(10_000, { pi1: 1, pi2: 1 }),
      badLook('endpoints@pi1', 12_000, 'EDEADLINE'),
      led(14_000, { pi1: 1, pi2: 1, pi3: 1 }),
    ];
    const { evidence, outcome } = neverBelow.judge({ ready: 3 }, timelineWith(told, events));
    expect(outcome).to.equal('pass');
    expect(evidence.at(-1)).to.equal('the Service led to 2 of them at the least');
  });

  it('has nothing to do with what was before the fault', () => {
    const verdict = judged({
      watch: (at) =>
        from(7000, 7500)(at) ? { ready: 1, least: 1 } : at === 9990 ? { least: 1 } : {},
      also: 9990,
    });
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.evidence).to.deep.equal([
      'the fewest that were told to be ready were 3, first by a list through pi2 at 10.000 s',
    ]);
  });

  it('fails by one watch that told fewer, and says when and for how long', () => {
    const isDown = from(12_000, 15_000);
    const verdict = judged({
      watch: (at, node) => {
        if (node !== 'pi2') return {};
        return isDown(at) ? { ready: 1, least: 1 } : at === 15_000 ? { least: 1 } : {};
      },
    });
    expect(verdict).to.include({
      outcome: 'fail',
      because:
        'the watch on pi2 told at 12.010 s that 1 replica was ready, for 3.00 s (±0.11); at least 2 were promised',
    });
  });

  it('fails by what was there only between two looks', () => {
    const verdict = judged({
      watch: (at) => (at >= 12_000 ? { ready: 2, least: at === 12_000 ? 1 : 2 } : {}),
    });
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.match(/^the watch on pi1 told at 12\.010 s .* for 0\.06 s/);
  });

  it('fails by a list, though the watches told of nothing', () => {
    const verdict = judged({ list: (at, node) => (at === 12_000 && node === 'pi2' ? 1 : 3) });
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.match(/^a list through pi2 told at 12\.010 s that 1 replica/);
  });

  it('fails by what had not ended when the run did', () => {
    const isDown = from(12_000, 90_000);
    const verdict = judged({ watch: (at) => (isDown(at) ? { ready: 0, least: 0 } : {}) });
    expect(verdict.because).to.match(/that 0 replicas were ready, for > 17\.9 s; at least 2/);
    const all = judged({
      watch: (at) => (isDown(at) ? { ready: 0, least: 0 } : {}),
      list: (at) => (isDown(at) ? 0 : 3),
    });
    expect(all.outcome).to.equal('fail');
  });

  it('fails by the first time of several, and by the fewest within it', () => {
    const verdict = judged({
      watch: (at, node) => {
        if (node === 'pi1') return at === 15_000 ? { least: 1 } : {};
        return from(12_000, 13_000)(at) ? { ready: 1, least: at === 12_500 ? 0 : 1 } : {};
      },
    });
    expect(verdict.because).to.match(/^the watch on pi2 told at 12\.010 s that 0 replicas/);
    expect(verdict.evidence.slice(1)).to.have.lengthOf(2);
  });

  it('is undecided about what may have been before the fault', () => {
    const verdict = judged({ watch: (at) => (at === 10_000 ? { ready: 2, least: 1 } : {}) });
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.because).to.match(/which may have been before the fault$/);
    const still = judged({ watch: (at) => (at === 10_000 ? { ready: 1, least: 1 } : {}) });
    expect(still.outcome).to.equal('fail');
  });

  it('is undecided where no watch was sound, and says for how long', () => {
    const closed = from(12_000, 14_000);
    const all = judged({
      watch: (at) => (closed(at) ? 'ECLOSED' : { opened: at < 12_000 ? 1 : 2 }),
    });
    expect(all.outcome).to.equal('unknown');
    expect(all.because).to.equal(
      'no watch can be relied on for 2.10 s, first at 11.900 s: fewer than 2 may have been ready then',
    );
    const one = judged({ watch: (at, node) => (node === 'pi1' && closed(at) ? 'ECLOSED' : {}) });
    expect(one.outcome).to.equal('pass');
  });

  it('knows that one was opened anew between two looks', () => {
    const reopened = (at: number): object => ({ opened: at < 12_000 ? 1 : 2 });
    expect(judged({ watch: reopened }).because).to.match(/for 0\.10 s, first at 11\.900 s/);
  });

  it('relies on no watch that lists do not confirm', () => {
    const isMute = from(14_000, 90_000);
    const verdict = judged({ list: (at) => (isMute(at) ? 'EDEADLINE' : 3) });
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.because).to.match(/first at 13\.900 s/);
    const outage = from(14_000, 19_000);
    // Once it answers again, the watch that was never broken has told of all that was meanwhile.
    expect(judged({ list: (at) => (outage(at) ? 'EDEADLINE' : 3) }).outcome).to.equal('pass');
    const reopened = (at: number): object => ({ opened: at < 15_000 ? 1 : at < 16_000 ? 2 : 3 });
    const meanwhile = judged({ list: (at) => (outage(at) ? 'EDEADLINE' : 3), watch: reopened });
    expect(meanwhile.because).to.match(/for 2\.10 s, first at 13\.900 s/);
  });

  it('relies on one watch where the other ends, and on none for the last three lists', () => {
    const relayed = judged({
      watch: (at, node) => {
        const closed = node === 'pi1' ? from(12_100, end) : from(9900, 12_000);
        return closed(at) ? 'ECLOSED' : {};
      },
    });
    expect(relayed.outcome).to.equal('pass');
    const closes = (at: number) => judged({ watch: (now) => (now >= at ? 'ECLOSED' : {}) });
    expect(closes(29_800).outcome).to.equal('pass');
    expect(closes(29_700).because).to.match(/for 0\.10 s, first at 29\.600 s/);
    const reopens = judged({ watch: (at) => ({ opened: at < 29_800 ? 1 : 2 }) });
    expect(reopens.outcome).to.equal('pass');
  });

  it('is waited for until its fault was fired', () => {
    const seen = (those: readonly Event[]): boolean =>
      neverBelow.seen({ ready: 2 }, timelineWith(looks({}), those));
    expect(seen([])).to.equal(false);
    expect(seen(events)).to.equal(true);
  });

  it('is invalid where fewer were ready before, and where nothing was watched', () => {
    expect(judged({}, 4)).to.include({
      outcome: 'invalid',
      because: '3 replicas were ready before the fault, fewer than 4 already',
    });
    expect(judged({ nodes: [] })).to.include({
      outcome: 'invalid',
      because: 'nobody watched the pods of the workload',
    });
    const deaf = judged({ watch: (at) => (at < 10_000 ? 'EOPENING' : {}) });
    expect(deaf.because).to.match(/^replicas@pi1 had 0 good samples/);
    const unlisted = judged({ list: (at) => (at < 10_000 ? 'EDEADLINE' : 3) });
    expect(unlisted.because).to.match(/^pods@pi1 had 0 good samples/);
    const few = { ready: 1, least: 1 };
    const just = judged({ watch: (at) => (at >= 9990 ? few : {}), list: () => 1, also: 9990 });
    expect(just).to.include({
      outcome: 'invalid',
      because: '1 replica was ready before the fault, fewer than 2 already',
    });
  });
});
