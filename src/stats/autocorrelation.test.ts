import { expect } from 'chai';
import { randomFrom } from '../model/random.ts';
import type { Measured } from '../model/span.ts';
import { autocorrelation } from './autocorrelation.ts';

const at = (ms: number): Measured => ({ lo: ms, hi: ms });

describe('the autocorrelation of trials', () => {
  it('sees that each follows from the one before', () => {
    const slowly = Array.from({ length: 30 }, (_, index) => at(1000 + index * 10));
    const found = autocorrelation(slowly);
    expect(found?.lag1).to.be.above(0.8);
    expect(found?.significant).to.equal(true);
    const inTurn = Array.from({ length: 30 }, (_, index) => at(index % 2 === 0 ? 1000 : 3000));
    expect(autocorrelation(inTurn)?.lag1).to.be.below(-0.8);
    expect(autocorrelation(inTurn)?.significant).to.equal(true);
  });

  it('is that of ranks, and of ten no order is far enough from chance', () => {
    const rising = (n: number): Measured[] => Array.from({ length: n }, (_, index) => at(index));
    expect(autocorrelation(rising(10))?.lag1).to.be.closeTo(0.7, 1e-12);
    expect(autocorrelation(rising(10))?.significant).to.equal(false);
    // 0.727 is a little below what would be significant, and 1/11 above the mean of chance makes it so.
    expect(autocorrelation(rising(11))?.lag1).to.be.closeTo(8 / 11, 1e-12);
    expect(autocorrelation(rising(11))?.significant).to.equal(true);
    const far = [...rising(9), at(1e9)];
    expect(autocorrelation(far)?.lag1).to.be.closeTo(0.7, 1e-12);
  });

  it('tells nothing of few, and of trials that are all the same', () => {
    expect(autocorrelation(Array.from({ length: 9 }, (_, index) => at(index)))).to.equal(undefined);
    expect(autocorrelation(Array.from({ length: 30 }, () => at(1)))).to.equal(undefined);
  });

  it('takes independent trials for dependent in about one of a hundred cases', () => {
    const random = randomFrom(3);
    for (const n of [10, 20, 59, 100]) {
      let alarms = 0;
      const times = 2000;
      for (let i = 0; i < times; i++) {
        const values = Array.from({ length: n }, () => {
          const ms = -2000 * Math.log1p(-random.next());
          return ms > 6000 ? { atLeast: 6000 } : at(ms);
        });
        if (autocorrelation(values)?.significant === true) alarms += 1;
      }
      expect(alarms / times, `${n}`).to.be.below(0.016);
    }
  });
});
