import { expect } from 'chai';
import { seedOf, trialsOf } from './agenda.ts';

const two = [
  { name: 'a', trials: 3 },
  { name: 'b', trials: 1 },
  { name: 'c', trials: 2 },
];

describe('an agenda', () => {
  it('has every trial of every scenario once, in rounds', () => {
    const trials = trialsOf(two, 1, true);
    expect(trials.map(({ number }) => number)).to.deep.equal([1, 2, 3, 4, 5, 6]);
    expect(trials.map(({ trial }) => trial)).to.deep.equal([1, 1, 1, 2, 2, 3]);
    const names = trials.map(({ scenario, trial }) => `${scenario}${trial}`);
    expect(names.toSorted()).to.deep.equal(['a1', 'a2', 'a3', 'b1', 'c1', 'c2']);
  });

  it('is shuffled by its seed alone, or as written', () => {
    const order = (seed: number): string =>
      trialsOf(two, seed, true)
        .slice(0, 3)
        .map(({ scenario }) => scenario)
        .join('');
    expect(order(5)).to.equal(order(5));
    expect(new Set(Array.from({ length: 60 }, (_, seed) => order(seed))).size).to.equal(6);
    expect(
      trialsOf(two, 5, false)
        .map(({ scenario }) => scenario)
        .join(''),
    ).to.equal('abcaca');
  });

  it('gives a trial the same seed whatever stands beside it, and no two the same', () => {
    const alone = trialsOf([{ name: 'c', trials: 2 }], 9, false).map(({ seed }) => seed);
    const among = trialsOf(two, 9, true).filter(({ scenario }) => scenario === 'c');
    expect(among.map(({ seed }) => seed)).to.deep.equal(alone);
    const many = Array.from({ length: 299 }, (_, index) => seedOf(9, 'a', index + 1));
    expect(new Set(many).size).to.equal(299);
    expect(many.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)).to.equal(
      true,
    );
  });

  it('leaves out what cannot be run', () => {
    const skipped = trialsOf([...two, { name: 'd', trials: 2, skipped: 'too small' }], 1, true);
    expect(skipped.some(({ scenario }) => scenario === 'd')).to.equal(false);
  });
});
