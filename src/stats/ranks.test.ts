import { expect } from 'chai';
import { cumulative } from './binomial.ts';
import { rankBounds } from './ranks.ts';

describe('the ranks that bound a quantile', () => {
  it('are those of the tables, and none where there is no bound', () => {
    const said = (n: number, share: number): string => {
      const { lower, upper } = rankBounds(n, share);
      return `[${lower ?? '–'}, ${upper ?? '–'}]`;
    };
    const table: readonly (readonly [n: number, share: number, ranks: string])[] = [
      [5, 0.5, '[–, –]'],
      [20, 0.5, '[6, 15]'],
      [20, 0.95, '[17, –]'],
      [30, 0.5, '[10, 21]'],
      [59, 0.5, '[22, 38]'],
      [59, 0.95, '[52, –]'],
      [100, 0.5, '[40, 61]'],
      [100, 0.95, '[90, 100]'],
      [100, 0.99, '[97, –]'],
      [200, 0.95, '[184, 197]'],
      [300, 0.95, '[277, 293]'],
      [300, 0.99, '[293, –]'],
    ];
    for (const [n, share, ranks] of table) expect(said(n, share), `${n}, ${share}`).to.equal(ranks);
  });

  it('are the nearest whose side errs with 2.5 % at most', () => {
    for (let n = 1; n <= 300; n++)
      for (const share of [0.5, 0.9, 0.95]) {
        const { lower = 0, upper = n + 1 } = rankBounds(n, share);
        const upTo = cumulative(n, share);
        const below = (rank: number): number => (rank <= 0 ? 0 : (upTo[rank - 1] ?? 1));
        const above = (rank: number): number => (rank > n ? 0 : 1 - (upTo[rank - 1] ?? 0));
        expect(below(lower), `${n}, ${share}`).to.be.at.most(0.025);
        expect(below(lower + 1), `${n}, ${share}`).to.be.above(0.025);
        expect(above(upper), `${n}, ${share}`).to.be.at.most(0.025);
        expect(above(upper - 1), `${n}, ${share}`).to.be.above(0.025);
      }
  });
});
