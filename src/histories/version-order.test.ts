import { expect } from 'chai';
import { randomFrom } from '../model/random.ts';
import { usualBudget } from './judge.ts';
import { isAsked, orderOfRegister } from './register.ts';
import { historyOf, usualWish } from './testing/cluster.ts';
import { smallHistory } from './testing/small.ts';
import { opinionByVersions } from './version-order.ts';
import { versionsOf } from './versions.ts';

describe('the order of versions', () => {
  it('says of a sound cluster and of one with a stale read what the search says', () => {
    const counts = { right: 0, wrong: 0, nothing: 0 };
    for (const seed of Array.from({ length: 60 }, (_, at) => at + 1)) {
      const wish = { ...usualWish, seed, timeouts: 0.05 };
      for (const whole of [historyOf(wish), historyOf({ ...wish, defect: 'stale read' })]) {
        const history = whole.filter(({ outcome }) => outcome !== 'conflict');
        const { says } = opinionByVersions(history);
        const found = orderOfRegister(history.filter(isAsked), usualBudget);
        counts[says]++;
        expect(says, `seed ${seed}`).to.equal(found === 'linearizable' ? 'right' : 'wrong');
      }
    }
    expect(Math.min(counts.right, counts.wrong)).to.be.above(40);
  });

  it('is right only of small histories that the search finds an order for', () => {
    const random = randomFrom(5);
    let right = 0;
    for (let trial = 0; trial < 5000; trial++) {
      const history = smallHistory(random);
      if (versionsOf(history).contradictions.length > 0) continue;
      if (opinionByVersions(history).says !== 'right') continue;
      right++;
      expect(
        orderOfRegister(history.filter(isAsked), usualBudget),
        JSON.stringify(history),
      ).to.equal('linearizable');
    }
    expect(right).to.be.above(300);
  });
});
