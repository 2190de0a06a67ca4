import { expect } from 'chai';
import { randomFrom, type Random } from '../model/random.ts';
import type { Measured } from '../model/span.ts';
import { rankBounds } from './ranks.ts';
import { medianOf, summarise, toldShares } from './summary.ts';

const at = (ms: number, half = 0): Measured => ({ lo: ms - half, hi: ms + half });

describe('a summary of durations', () => {
  it('has the values of the ranks, and the spans they were known to', () => {
    const values = Array.from({ length: 20 }, (_, index) => at((index + 1) * 100, 10)).reverse();
    expect(summarise(values)).to.deep.equal({
      n: 20,
      censored: 0,
      min: { lo: 90, hi: 110 },
      max: { lo: 1990, hi: 2010 },
      quantiles: [
        { share: 0.5, ms: { lo: 990, hi: 1010 }, lowerMs: 590, upperMs: 1510 },
        { share: 0.9, ms: { lo: 1790, hi: 1810 }, lowerMs: 1490 },
        { share: 0.95, ms: { lo: 1890, hi: 1910 }, lowerMs: 1690 },
      ],
    });
    expect(summarise([])).to.equal(undefined);
  });

  it('takes an end that was not seen for longer than all that was, and never for a number', () => {
    const seen = Array.from({ length: 17 }, (_, index) => at((index + 1) * 100));
    const told = summarise([{ atLeast: 50 }, ...seen, { atLeast: 50 }, { atLeast: 9000 }]);
    expect(told).to.include({ n: 20, censored: 3 });
    expect(told?.max).to.deep.equal({ atLeast: 9000 });
    const [median, p90] = told?.quantiles ?? [];
    // Two of them may be shorter than all others: the lower bound has to hold then, too.
    expect(median).to.deep.equal({
      share: 0.5,
      ms: { lo: 800, hi: 1000 },
      lowerMs: 400,
      upperMs: 1500,
    });
    expect(p90?.ms).to.deep.equal({ atLeast: 1600 });
    expect(p90).to.not.have.property('upperMs');
    expect(medianOf([at(1), { atLeast: 5 }, { atLeast: 6 }])).to.deep.equal({ atLeast: 5 });
  });

  /** Durations in milliseconds, and the true quantile of a share. */
  interface Distribution {
    readonly draw: (random: Random) => number;
    readonly quantile: (share: number) => number;
  }
  const ofQuantile = (quantile: Distribution['quantile']): Distribution => ({
    quantile,
    draw: ({ next }) => quantile(Math.max(next(), Number.EPSILON)),
  });
  const distributions: Readonly<Record<string, Distribution>> = {
    uniform: ofQuantile((share) => 1800 + 1300 * share),
    exponential: ofQuantile((share) => 500 - 3000 * Math.log1p(-share)),
    'heavy-tailed': ofQuantile((share) => 1000 * (1 - share) ** (-1 / 1.5)),
    'two heaps': ofQuantile((share) => (share < 0.7 ? 3000 + share * 500 : 8000 + share * 4000)),
  };
  const sizes = [5, 6, 8, 10, 15, 20, 30, 45, 59, 80, 100, 150, 200, 300];
  const repeats = 2000;
  /** Four standard deviations of a simulated coverage. */
  const slack = (coverage: number): number => 4 * Math.sqrt((coverage * (1 - coverage)) / repeats);

  /** How often the interval of each told quantile held the true one. */
  const coverages = (
    { draw, quantile }: Distribution,
    n: number,
    random: Random,
    see: (ms: number) => Measured,
  ): readonly number[] => {
    const held = toldShares.map(() => 0);
    for (let i = 0; i < repeats; i++) {
      const told = summarise(Array.from({ length: n }, () => see(draw(random))));
      told?.quantiles.forEach(({ share, lowerMs = 0, upperMs = Infinity }, index) => {
        const truth = quantile(share);
        if (lowerMs <= truth && truth <= upperMs) held[index] = (held[index] ?? 0) + 1;
      });
    }
    return held.map((count) => count / repeats);
  };

  for (const [name, distribution] of Object.entries(distributions))
    it(`holds the true quantiles of a ${name} distribution in 94 to 99.5 % of all cases`, function () {
      this.timeout(60_000);
      const random = randomFrom(7).child(name);
      for (const n of sizes) {
        const exactly = coverages(distribution, n, random, (ms) => at(ms));
        exactly.forEach((coverage, index) => {
          const share = toldShares[index] ?? 0;
          const { lower, upper } = rankBounds(n, share);
          // Nothing is told that could be wrong.
          if (lower === undefined && upper === undefined) {
            expect(coverage).to.equal(1);
            return;
          }
          expect(coverage, `p${share * 100} of ${n}`).to.be.at.least(0.94);
          // One rank nearer would be wrong too often: with so few values there is nothing between.
          const most = n === 6 ? 0.998 : 0.995;
          expect(coverage, `p${share * 100} of ${n}`).to.be.at.most(most + slack(most));
        });
      }
    });

  it('holds them too where all is seen through spans, and the longest not to its end', function () {
    this.timeout(60_000);
    const random = randomFrom(11);
    const { exponential } = distributions;
    const see = (ms: number): Measured => {
      const early = random.between(0, 400);
      return ms > 9000 ? { atLeast: 9000 } : { lo: ms - early, hi: ms + 400 - early };
    };
    for (const n of [10, 30, 59, 200])
      for (const coverage of coverages(exponential!, n, random, see))
        expect(coverage, `${n}`).to.be.at.least(0.94);
  });
});
