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

  it('tells the medians and the counts of both sides, of few as of enough', () => {
    const of = (...ms: readonly number[]): readonly Measured[] => ms.map(at);
    expect(compareAll([{ before: of(3, 1, 2), after: [] }])).to.deep.equal([
      { change: 'not enough data', before: 3, after: 0, medianBefore: at(2) },
    ]);
    expect(compareAll([{ before: [], after: of(5) }])).to.deep.equal([
      { change: 'not enough data', before: 0, after: 1, medianAfter: at(5) },
    ]);
    const ten = Array.from({ length: 10 }, (_, index) => 1000 + index);
    const [{ p, ...rest } = expect.fail('nothing is compared')] = compareAll([
      { before: of(...ten), after: of(...ten.map((ms) => ms + 300)) },
    ]);
    expect(rest).to.deep.equal({
      change: 'regressed',
      before: 10,
      after: 10,
      medianBefore: at(1004),
      medianAfter: at(1304),
      shiftMs: 300,
      marginMs: 250,
    });
    expect(p).to.be.within(0.0001, 0.0003);
  });

  it('takes a shift of 250 ms and 5 % of the median for one that matters, and no smaller one', () => {
    const ten = Array.from({ length: 10 }, (_, index) => 1000 + index);
    const change = (times: number, shift: number): Change | undefined => {
      const before = ten.map((ms) => ms * times);
      return changesOf([{ before: before.map(at), after: before.map((ms) => at(ms + shift)) }])[0];
    };
    expect(change(1, 250)).to.equal('regressed');
    expect(change(1, 249)).to.equal('same');
    expect(change(1, -250)).to.equal('better');
    // The median is 10 040 ms.
    expect(change(10, 502)).to.equal('regressed');
    expect(change(10, 501)).to.equal('same');
  });

  it('estimates the shift by the median of all differences, in whatever order the trials came', () => {
    const shiftOf = (before: readonly number[], after: readonly number[]): number | undefined =>
      compareAll([{ before: before.map(at), after: after.map(at) }])[0]?.shiftMs;
    const before = [0, 900, 100, 800, 200, 700, 300, 600, 400, 500];
    const after = [5000, 1000, 90_000, 2000, 80_000, 3000, 70_000, 4000, 60_000, 50_000];
    const medianOfAll = (later: readonly number[]): number => {
      const all = later.flatMap((one) => before.map((other) => one - other)).sort((a, b) => a - b);
      const [low, high] = [all[Math.ceil(all.length / 2) - 1], all[Math.floor(all.length / 2)]];
      return ((low ?? NaN) + (high ?? NaN)) / 2;
    };
    expect(shiftOf(before, after)).to.equal(medianOfAll(after)).and.to.equal(27_050);
    const eleven = [...after, 7];
    expect(shiftOf(before, eleven)).to.equal(medianOfAll(eleven));
    // So far apart that each difference stands by itself: of 121 it is the 61st.
    const apart = Array.from({ length: 11 }, (_, index) => index * 1000);
    const wide = Array.from({ length: 11 }, (_, index) => index * 100_000);
    expect(shiftOf(apart, wide)).to.equal(495_000);
  });

  it('corrects for those that are compared, each by its own place, and not for those that are too few', () => {
    const ten = Array.from({ length: 10 }, (_, index) => 1000 + index);
    const pair = (shift: number): Parameters<typeof compareAll>[0][number] => ({
      before: ten.map(at),
      after: ten.map((ms) => at(ms + shift)),
    });
    const few = { before: [], after: [] };
    const ps = (...pairs: Parameters<typeof compareAll>[0]): readonly (number | undefined)[] =>
      compareAll(pairs).map(({ p }) => p);
    const [large] = ps(pair(5));
    const [small] = ps(pair(500));
    expect(large).to.be.above(20 * (small ?? NaN));
    const told = ps(few, pair(5), few, pair(500));
    expect(told).to.deep.equal([undefined, large, undefined, 2 * (small ?? NaN)]);
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
