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
});

function draws(random: { next: () => number }): readonly number[] {
  return Array.from({ length: 5 }, random.next);
}
