import { expect } from 'chai';
import { randomFrom, type Random } from '../model/random.ts';
import type { Measured } from '../model/span.ts';
import type { Change } from '../model/statistics.ts';
import { compareAll } from './comparison.ts';
import { holm } from './holm.ts';
import { mannWhitney } from './mann-whitney.ts';
import { normalTail } from './normal.ts';
import { order } from './order.ts';

const at = (ms: number): Measured => ({ lo: ms, hi: ms });
const all = (...ms: readonly number[]): readonly Measured[] => ms.map(at);

describe('the order of two durations', () => {
  it('is known where their spans do not meet', () => {
    expect(order({ lo: 1, hi: 2 }, { lo: 3, hi: 4 })).to.equal(-1);
    expect(order({ lo: 3, hi: 4 }, { lo: 1, hi: 2 })).to.equal(1);
    expect(order({ lo: 1, hi: 3 }, { lo: 3, hi: 4 })).to.equal(0);
  });

  it('puts an end that was not seen behind what had ended by then, and nowhere else', () => {
    expect(order({ atLeast: 5 }, { lo: 4, hi: 5 })).to.equal(1);
    expect(order({ lo: 4, hi: 5 }, { atLeast: 5 })).to.equal(-1);
    expect(order({ atLeast: 4 }, { lo: 4, hi: 5 })).to.equal(0);
    expect(order({ atLeast: 4 }, { atLeast: 9 })).to.equal(0);
  });
});

describe('the test of Mann and Whitney', () => {
  it('gives what tables of the normal distribution give', () => {
    for (const [z, tail] of [
      [0, 0.5],
      [1.96, 0.0249979],
      [2.5758, 0.005],
      [4, 3.16712e-5],
    ] as const)
      expect(normalTail(z) / tail).to.be.closeTo(1, 1e-4);
  });

  it('gives what R gives: wilcox.test(x, y, exact = FALSE)', () => {
    // The permeability constants of Hollander and Wolfe (1973), p. 69, in thousandths; R has W = 35.
    const x = all(800, 830, 1890, 1040, 1450, 1380, 1910, 1640, 730, 1460);
    const y = all(1150, 880, 900, 740, 1210);
    const { p, superiority } = mannWhitney(x, y);
    expect(superiority).to.be.closeTo(1 - 35 / 50, 1e-12);
    expect(p).to.be.closeTo(0.2446, 0.0005);
  });

  it('shows nothing of samples that are the same, or empty', () => {
    expect(mannWhitney(all(1, 1, 1), all(1, 1)).p).to.equal(1);
    expect(mannWhitney([], all(1)).p).to.equal(1);
    expect(mannWhitney([{ atLeast: 1 }], [{ atLeast: 2 }]).p).to.equal(1);
  });
});

describe("Holm's correction", () => {
  it('multiplies the smallest by all, the next by one less, and never falls', () => {
    expect(holm([0.01, 0.04, 0.03])).to.deep.equal([0.03, 0.06, 0.06]);
    expect(holm([0.6, 0.7])).to.deep.equal([1, 1]);
    expect(holm([])).to.deep.equal([]);
  });
});

describe('a comparison', () => {
  const sample = (random: Random, n: number, times = 1): readonly Measured[] =>
    Array.from({ length: n }, () => at(times * random.between(1800, 3100)));
  const changesOf = (pairs: Parameters<typeof compareAll>[0]): readonly Change[] =>
    compareAll(pairs).map(({ change }) => change);

  it('wants ten on each side', () => {
    const random = randomFrom(1);
    const [few, enough] = [sample(random, 9), sample(random, 10)];
    expect(changesOf([{ before: few, after: enough }])).to.deep.equal(['not enough data']);
    expect(changesOf([{ before: enough, after: few }])).to.deep.equal(['not enough data']);
    expect(compareAll([{ before: few, after: [] }])[0]).to.not.have.property('p');
  });

  it('tells longer from shorter, and both from what does not matter', () => {
    const random = randomFrom(2);
    const before = sample(random, 60);
    const after = sample(random, 20, 1.5);
    const slightly = before.map((one) => at('lo' in one ? one.lo + 200 : 0));
    expect(changesOf([{ before, after }])).to.deep.equal(['regressed']);
    expect(changesOf([{ before: after, after: before }])).to.deep.equal(['better']);
    // It is certain, and too little to matter.
    const [small] = compareAll([
      { before: [...before, ...before], after: [...slightly, ...slightly] },
    ]);
    expect(small).to.include({ change: 'same', marginMs: 250 });
    expect(small?.p).to.be.below(0.01);
    expect(small?.shiftMs).to.be.closeTo(200, 1);
  });

  it('takes ends that are not seen any more for a regression', () => {
    const random = randomFrom(3);
    const before = sample(random, 30);
    const after = [
      ...sample(random, 5),
      ...Array.from({ length: 10 }, () => ({ atLeast: 45_000 })),
    ];
    expect(changesOf([{ before, after }])).to.deep.equal(['regressed']);
    expect(changesOf([{ before: after, after: before }])).to.deep.equal(['better']);
  });

  it('raises a false alarm in at most one of twenty nights, however many clocks there are', function () {
    this.timeout(60_000);
    const random = randomFrom(4);
    const [nights, clocks] = [300, 6];
    let alarms = 0;
    for (let night = 0; night < nights; night++) {
      // Long clocks, so that the margin keeps nothing away.
      const pairs = Array.from({ length: clocks }, () => ({
        before: sample(random, 40, 10),
        after: sample(random, 12, 10),
      }));
      if (changesOf(pairs).some((change) => change !== 'same')) alarms += 1;
    }
    expect(alarms / nights).to.be.at.most(0.05 + 3 * Math.sqrt((0.05 * 0.95) / nights));
  });
});
