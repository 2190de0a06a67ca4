import { expect } from 'chai';
import fc from 'fast-check';
import { smallest } from './smallest.ts';

describe('leaving out what is not needed', () => {
  it('leaves exactly what is needed, in its order, wherever that stands', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.func(fc.boolean()), (length, isNeeded) => {
        const all = Array.from({ length }, (_, at) => at);
        const needed = all.filter((one) => isNeeded(one));
        const holds = (some: readonly number[]): boolean =>
          needed.every((one) => some.includes(one));
        expect(smallest(all, holds)).to.deep.equal(needed);
      }),
    );
  });

  it('leaves something of which no single item can be left out, where one of several is enough', () => {
    const holds = (some: readonly number[]): boolean =>
      some.includes(3) && (some.includes(1) || some.includes(7));
    const kept = smallest([0, 1, 2, 3, 4, 5, 6, 7, 8], holds);
    expect(holds(kept)).to.equal(true);
    for (const one of kept) expect(holds(kept.filter((other) => other !== one))).to.equal(false);
  });

  it('leaves nothing where nothing is needed, and a list of nothing as it is', () => {
    expect(smallest([1, 2, 3], () => true)).to.deep.equal([]);
    expect(smallest([], () => true)).to.deep.equal([]);
  });

  it('begins with halves, so that much that is not needed costs little', () => {
    let asked = 0;
    const all = Array.from({ length: 1024 }, (_, at) => at);
    const kept = smallest(all, (some) => {
      asked++;
      return some.includes(700);
    });
    expect(kept).to.deep.equal([700]);
    expect(asked).to.be.below(60);
  });
});
