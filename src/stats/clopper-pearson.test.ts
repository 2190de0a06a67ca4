import { expect } from 'chai';
import { atLeast } from './binomial.ts';
import { demonstratedShare, lowerBound, trialsToDemonstrate } from './clopper-pearson.ts';

describe('the lower bound of a share', () => {
  it('is that of the published tables', () => {
    expect(lowerBound(10, 10)).to.be.closeTo(0.6915, 0.0001);
    expect(lowerBound(9, 10)).to.be.closeTo(0.555, 0.0001);
    expect(lowerBound(5, 10)).to.be.closeTo(0.1871, 0.0001);
    expect(lowerBound(0, 10)).to.equal(0);
  });

  it('comes near the share itself with many trials', () => {
    expect(lowerBound(10_000, 10_000)).to.be.closeTo(0.99963, 0.00001);
    expect(lowerBound(9900, 10_000)).to.be.within(0.987, 0.99);
  });
});

describe('the share that trials demonstrate', () => {
  it('is the n-th root of the doubt where none missed', () => {
    for (const n of [5, 10, 20, 30, 59, 100, 300])
      expect(demonstratedShare(n, n)).to.be.closeTo(0.05 ** (1 / n), 1e-9);
    expect(demonstratedShare(58, 59)).to.be.closeTo(0.9221, 0.0001);
    expect(demonstratedShare(0, 0)).to.equal(0);
  });

  it('asks for as many clean trials, or with a miss or two, as the tables do', () => {
    expect([0.5, 0.9, 0.95, 0.99].map((share) => trialsToDemonstrate(share))).to.deep.equal([
      5, 29, 59, 299,
    ]);
    for (const [share, one, two] of [
      [0.9, 46, 61],
      [0.95, 93, 124],
      [0.99, 473, 628],
    ] as const) {
      expect(demonstratedShare(one - 1, one)).to.be.at.least(share);
      expect(demonstratedShare(one - 2, one - 1)).to.be.below(share);
      expect(demonstratedShare(two - 2, two)).to.be.at.least(share);
      expect(demonstratedShare(two - 3, two - 1)).to.be.below(share);
    }
  });

  it('is below the true share at least as often as the confidence says', () => {
    const covered = (n: number, share: number): number =>
      Array.from({ length: n + 1 }, (_, hits) => hits)
        .filter((hits) => demonstratedShare(hits, n) <= share)
        .reduce((sum, hits) => sum + atLeast(hits, n, share) - atLeast(hits + 1, n, share), 0);
    for (const n of [5, 20, 59, 100, 300])
      for (const share of [0.5, 0.9, 0.95, 0.99])
        expect(covered(n, share), `${n} trials, share ${share}`).to.be.at.least(0.95 - 1e-9);
  });
});
