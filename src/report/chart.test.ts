import { expect } from 'chai';
import fc from 'fast-check';
import { percent, sayInstant, sayTick, ticks } from './chart.ts';

describe('ticks', () => {
  it('are round and few', () => {
    expect(ticks({ from: 0, to: 74_200 }, 8)).to.deep.equal(
      [0, 10, 20, 30, 40, 50, 60, 70].map((s) => s * 1000),
    );
    expect(ticks({ from: 19_310, to: 20_000 }, 8)).to.deep.equal([
      19_400, 19_500, 19_600, 19_700, 19_800, 19_900, 20_000,
    ]);
  });

  it('lie within any extent, and are never more than asked for', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 1e6 }), (from, length) => {
        const at = ticks({ from, to: from + length }, 8);
        expect(at.length).to.be.within(1, 9);
        expect(at.every((ms) => ms >= from - 1e-3 && ms <= from + length + 1e-3)).to.equal(true);
      }),
    );
  });

  it('are told with as many decimals as they need', () => {
    expect([sayTick(20_000, 10_000), sayTick(19_400, 100), sayTick(19_450, 50)]).to.deep.equal([
      '20 s',
      '19.4 s',
      '19.45 s',
    ]);
  });
});

describe('instants', () => {
  it('are placed by their share of the extent', () => {
    expect(percent(15, { from: 10, to: 40 })).to.equal('16.667%');
  });

  it('are told with their distance from the fault', () => {
    expect(sayInstant(24_150, 22_310)).to.equal('24.15 s (fault + 1.84 s)');
    expect(sayInstant(20_310, 22_310)).to.equal('20.31 s (fault − 2.00 s)');
    expect(sayInstant(20_310, undefined)).to.equal('20.31 s');
  });
});
