import { expect } from 'chai';
import { lowerBound } from './clopper-pearson.ts';

describe('the lower bound of a share', () => {
  it('is that of the published tables', () => {
    expect(lowerBound(10, 10)).to.be.closeTo(0.6915, 0.0001);
    expect(lowerBound(9, 10)).to.be.closeTo(0.555, 0.0001);
    expect(lowerBound(5, 10)).to.be.closeTo(0.1871, 0.0001);
    expect(lowerBound(0, 10)).to.equal(0);
  });

  it('comes near the share itself with many trials', () => {
    expect(lowerBound(10_000, 10_000)).to.be.closeTo(0.99963, 0.00001);
    expect(lowerBound(9900, 10_000)).to.be.within(0.987, 0.99);
  });
});
