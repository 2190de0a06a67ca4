import { expect } from 'chai';
import { randomFrom } from '../model/random.ts';
import { judgeHistory, usualBudget, type Judgement } from './judge.ts';
import type { RegisterOperation } from './operation.ts';
import { itemsOf, restOf, wholeOf } from './register-part.ts';
import { isAsked } from './register.ts';
import { hasOrder } from './testing/brute-force.ts';
import { smallHistory } from './testing/small.ts';

function judged(registers: readonly RegisterOperation[]): Judgement {
  return judgeHistory({ registers, sets: [], counters: [] }, usualBudget);
}

describe('the smallest part of a history that is wrong', () => {
  // The fewer are for whoever plants faults in what finds it, thousands of times.
  for (const trials of [500, 4000])
    it(`is wrong by itself also where every order is tried, and without any one of its reads is not, in ${trials} histories`, () => {
      const random = randomFrom(11);
      let wrong = 0;
      for (let trial = 0; trial < trials; trial++) {
        const history = smallHistory(random);
        const { violations } = judged(history);
        for (const { operations, wrong: kind } of violations) {
          if (kind !== 'not linearizable') continue;
          wrong++;
          const part = operations as readonly RegisterOperation[];
          const shown = JSON.stringify({ history, part }, null, 1);
          expect(hasOrder(part), shown).to.equal(false);
          for (const read of part.filter(({ kind }) => kind === 'read'))
            expect(hasOrder(part.filter((one) => one !== read)), shown).to.equal(true);
        }
      }
      expect(wrong).to.be.above(trials / 4);
    });

  for (const trials of [2000, 20_000])
    it(`leaves out nothing that would make a right history wrong, in ${trials} histories`, () => {
      const random = randomFrom(12);
      let smaller = 0;
      for (let trial = 0; trial < trials; trial++) {
        const history = smallHistory(random).filter(isAsked);
        if (!hasOrder(history)) continue;
        const whole = wholeOf(history);
        const items = itemsOf(whole).filter(() => random.next() < 0.7);
        const rest = restOf(whole, items);
        if (rest === undefined) continue;
        if (rest.length < history.length) smaller++;
        expect(hasOrder(rest), JSON.stringify({ history, rest }, null, 1)).to.equal(true);
      }
      expect(smaller).to.be.above(trials / 10);
    });
});
