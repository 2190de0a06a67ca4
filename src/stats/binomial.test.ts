import { expect } from 'chai';
import { atLeast, cumulative } from './binomial.ts';

/** By multiplication alone, for few trials. */
function exactly(hits: number, trials: number, share: number): number {
  let ways = 1;
  for (let one = 0; one < hits; one++) ways = (ways * (trials - one)) / (one + 1);
  return ways * share ** hits * (1 - share) ** (trials - hits);
}

describe('the binomial distribution', () => {
  for (const share of [0.05, 0.3, 0.5, 0.95])
    it(`adds up what each number of hits has, with a share of ${share}`, () => {
      const trials = 17;
      const each = Array.from({ length: trials + 1 }, (_, hits) => exactly(hits, trials, share));
      const sum = (some: readonly number[]): number => some.reduce((total, one) => total + one, 0);
      const upTo = cumulative(trials, share);
      expect(upTo).to.have.length(trials + 1);
      for (let hits = 0; hits <= trials; hits++) {
        expect(upTo[hits]).to.be.closeTo(sum(each.slice(0, hits + 1)), 1e-12);
        expect(atLeast(hits, trials, share)).to.be.closeTo(sum(each.slice(hits)), 1e-12);
      }
    });

  it('is certain of no hit or more, and knows of no more hits than trials', () => {
    for (const trials of [1, 10, 59, 299, 1234])
      for (const share of [0.01, 0.3, 0.77]) {
        expect(atLeast(0, trials, share)).to.equal(1);
        expect(atLeast(trials + 1, trials, share)).to.equal(0);
        expect(cumulative(trials, share).every((one) => one <= 1)).to.equal(true);
      }
  });
});
