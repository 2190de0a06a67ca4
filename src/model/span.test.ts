import { expect } from 'chai';
import {
  againstLimit,
  between,
  intersection,
  isSeen,
  longest,
  sayDuration,
  sayInstant,
  saySeconds,
} from './span.ts';

describe('a duration', () => {
  it('is as wide as both of its instants', () => {
    expect(between({ lo: 10, hi: 13 }, { lo: 30, hi: 37 })).to.deep.equal({ lo: 17, hi: 27 });
  });

  it('is never less than nothing, though its first instant is known to some milliseconds only', () => {
    const fault = { lo: 10, hi: 14 };
    expect(between(fault, { lo: 10, hi: 16 })).to.deep.equal({ lo: 0, hi: 6 });
    expect(between(fault, { lo: 7, hi: 9 })).to.deep.equal({ lo: 0, hi: 0 });
  });

  it('passes if all of it is within the limit, and fails if all of it is beyond', () => {
    expect(againstLimit({ lo: 10, hi: 20 }, 20)).to.equal('pass');
    expect(againstLimit({ lo: 10, hi: 20.1 }, 20)).to.equal('unknown');
    expect(againstLimit({ lo: 20, hi: 30 }, 20)).to.equal('unknown');
    expect(againstLimit({ lo: 20.1, hi: 30 }, 20)).to.equal('fail');
  });

  it('never passes if its end was not seen, and fails once it is longer than the limit', () => {
    expect(againstLimit({ atLeast: 0 }, 20)).to.equal('unknown');
    expect(againstLimit({ atLeast: 20 }, 20)).to.equal('unknown');
    expect(againstLimit({ atLeast: 20.1 }, 20)).to.equal('fail');
    expect([isSeen({ lo: 0, hi: 0 }), isSeen({ atLeast: 0 })]).to.deep.equal([true, false]);
  });

  it('is said around its middle, or as what it was at least', () => {
    expect(sayDuration({ lo: 1800, hi: 1880 })).to.equal('1.84 s (±0.04)');
    expect(sayDuration({ atLeast: 45_000 })).to.equal('> 45.0 s');
  });
});

describe('spans', () => {
  it('share what both have, be it an instant; or nothing', () => {
    expect(intersection({ lo: 0, hi: 10 }, { lo: 4, hi: 20 })).to.deep.equal({ lo: 4, hi: 10 });
    expect(intersection({ lo: 4, hi: 20 }, { lo: 0, hi: 10 })).to.deep.equal({ lo: 4, hi: 10 });
    expect(intersection({ lo: 0, hi: 5 }, { lo: 5, hi: 9 })).to.deep.equal({ lo: 5, hi: 5 });
    expect(intersection({ lo: 0, hi: 5 }, { lo: 6, hi: 9 })).to.equal(undefined);
  });
});

describe('the longest of some durations', () => {
  it('has the largest bound on either side', () => {
    const all = [
      { lo: 5, hi: 30 },
      { lo: 10, hi: 20 },
    ];
    expect(longest(all)).to.deep.equal({ lo: 10, hi: 30 });
    expect(longest([{ lo: 10, hi: 20 }])).to.deep.equal({ lo: 10, hi: 20 });
  });

  it('was not seen to end if one of them was not', () => {
    expect(longest([{ lo: 5, hi: 30 }, { atLeast: 12 }])).to.deep.equal({ atLeast: 12 });
    expect(longest([{ lo: 15, hi: 30 }, { atLeast: 12 }])).to.deep.equal({ atLeast: 15 });
  });

  it('is nothing of none, and never less', () => {
    expect(longest([])).to.deep.equal({ lo: 0, hi: 0 });
    expect(longest([{ lo: -7, hi: -2 }])).to.deep.equal({ lo: 0, hi: 0 });
  });
});

describe('an instant', () => {
  it('is said to the millisecond, and seconds as far as they tell something', () => {
    expect(sayInstant(24_150)).to.equal('24.150 s');
    expect(saySeconds(9994)).to.equal('9.99 s');
    expect(saySeconds(10_000)).to.equal('10.0 s');
    expect(saySeconds(-10_000)).to.equal('-10.0 s');
    expect(saySeconds(-1500)).to.equal('-1.50 s');
  });
});
