import { expect } from 'chai';
import type { Measured } from '../model/span.ts';
import { badLook, look } from '../testing/looks.ts';
import { pathOutage } from './path-outage.ts';
import type { Used } from './series.ts';

/** Slots 100 ms apart from 1 s on: `y` was good, `-` failed. */
function outage(text: string, from = 0, cutAt?: number): Measured {
  const slots = text.split('').map((kind, index) => {
    const sent = 1000 + index * 100;
    return (kind === 'y' ? look('web', sent, {}) : badLook('web', sent, 'EDEADLINE')) as Used;
  });
  return pathOutage(slots, from, cutAt);
}

describe('the outage of a path', () => {
  it('is at least from its first bad slot to its last, at most between the good ones around it', () => {
    expect(outage('yy---yy')).to.deep.equal({ lo: 200, hi: 400 });
    expect(outage('yyyy')).to.deep.equal({ lo: 0, hi: 100 });
    expect(outage('')).to.deep.equal({ lo: 0, hi: 0 });
  });

  it('is the longest of several', () => {
    expect(outage('y--y----y-y')).to.deep.equal({ lo: 300, hi: 500 });
  });

  it('is at least its own length where no good slot was before it', () => {
    expect(outage('---yy')).to.deep.equal({ lo: 200, hi: 200 });
  });

  it('counts if it ends at an instant or after it', () => {
    expect(outage('y---yy', 1400)).to.deep.equal({ lo: 200, hi: 400 });
    expect(outage('y---yy', 1401)).to.deep.equal({ lo: 0, hi: 100 });
  });

  it('that had not ended is at least so long as it was seen, and as any before', () => {
    expect(outage('yy---')).to.deep.equal({ atLeast: 200 });
    expect(outage('y----y--')).to.deep.equal({ atLeast: 300 });
  });

  it('that is cut off ends there at the latest', () => {
    expect(outage('yy---', 0, 1600)).to.deep.equal({ lo: 200, hi: 500 });
    expect(outage('---', 0, 1600)).to.deep.equal({ lo: 200, hi: 600 });
    expect(outage('yy---', 0, 1200)).to.deep.equal({ lo: 200, hi: 200 });
    expect(outage('y----y-', 0, 1700)).to.deep.equal({ lo: 300, hi: 500 });
    expect(outage('yy', 0, 1600)).to.deep.equal({ lo: 0, hi: 100 });
  });
});
