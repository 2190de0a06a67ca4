import { expect } from 'chai';
import fc from 'fast-check';
import { randomFrom } from './random.ts';

const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('a stream of chance', () => {
  it('is repeated by its seed', () => {
    fc.assert(
      fc.property(seed, (seed) => {
        expect(draws(randomFrom(seed))).to.deep.equal(draws(randomFrom(seed)));
        expect(draws(randomFrom(seed))).not.to.deep.equal(draws(randomFrom(seed + 1)));
      }),
    );
  });

  it('is that of Mulberry32, so that a seed of an older Holdfast repeats its choices', () => {
    // As the reference in C has them.
    const of = (seed: number): readonly number[] =>
      draws(randomFrom(seed)).map((drawn) => drawn * 2 ** 32);
    expect(of(1).slice(0, 4)).to.deep.equal([
      2_693_262_067, 11_749_833, 2_265_367_787, 4_213_581_821,
    ]);
    expect(of(2 ** 32 - 1).slice(0, 3)).to.deep.equal([3_850_105_811, 813_802_916, 3_073_704_848]);
  });

  it('has children that its own draws do not shift and that differ by name', () => {
    fc.assert(
      fc.property(seed, (seed) => {
        const drawn = randomFrom(seed);
        drawn.next();
        expect(draws(drawn.child('kill'))).to.deep.equal(draws(randomFrom(seed).child('kill')));
        expect(draws(drawn.child('kill'))).not.to.deep.equal(draws(drawn.child('kill-2')));
      }),
    );
  });

  it('spreads evenly over its range', () => {
    const random = randomFrom(7);
    const tenths = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 20_000; draw++) {
      const tenth = Math.floor(random.between(100, 110) - 100);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(tenths).to.have.length(10);
    expect(Math.min(...tenths)).to.be.above(1850);
    expect(Math.max(...tenths)).to.be.below(2150);
  });

  it('picks every one of a list, and nothing of none', () => {
    const random = randomFrom(1);
    const picked = new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b', 'c'])));
    expect([...picked].sort()).to.deep.equal(['a', 'b', 'c']);
    expect(random.pick<string>([])).to.equal(undefined);
  });

  it('samples so many, none twice, and all there are where more are wanted', () => {
    const random = randomFrom(1);
    const list = ['a', 'b', 'c'];
    const pairs = Array.from({ length: 100 }, () => [...random.sample(list, 2)].sort().join(''));
    expect([...new Set(pairs)].sort()).to.deep.equal(['ab', 'ac', 'bc']);
    expect([...random.sample(list, 5)].sort()).to.deep.equal(list);
    expect(random.sample(list, 0)).to.deep.equal([]);
    expect(list).to.deep.equal(['a', 'b', 'c']);
  });
});

function draws(random: { next: () => number }): readonly number[] {
  return Array.from({ length: 5 }, random.next);
}
