import { expect } from 'chai';
import { byPlace, keyOf, places, stretchesOf } from './kept.ts';

describe('the numbers that are kept', () => {
  it('share a place with every sixteenth', () => {
    expect(places).to.equal(16);
    expect([1, 16, 17, 33].map(keyOf)).to.deep.equal(['n1', 'n0', 'n1', 'n1']);
  });

  it('are told in stretches without a gap, in whatever order they came', () => {
    expect(stretchesOf([])).to.deep.equal([]);
    expect(stretchesOf([7])).to.deep.equal([[7, 7]]);
    expect(stretchesOf([12, 9, 10, 5, 11, 4])).to.deep.equal([
      [4, 5],
      [9, 12],
    ]);
  });

  it('are found by their place, in which the last one stays', () => {
    expect([...byPlace([[3, 5]])]).to.deep.equal([
      [3, 3],
      [4, 4],
      [5, 5],
    ]);
    expect([
      ...byPlace([
        [7, 7],
        [20, 20],
      ]),
    ]).to.deep.equal([
      [7, 7],
      [4, 20],
    ]);
    expect(byPlace([[1, 40]])).to.deep.equal(
      new Map(Array.from({ length: places }, (_, i) => [(25 + i) % places, 25 + i])),
    );
    expect(byPlace([[25, 40]]).size).to.equal(places);
  });

  it('are found at once, however long a stretch a damaged timeline tells of', () => {
    const from = performance.now();
    expect(byPlace([[0, 9e15]]).get(9e15 % places)).to.equal(9e15);
    expect(performance.now() - from).to.be.below(1000);
  });
});
