import { expect } from 'chai';
import { allowedMs, availabilityOf } from './availability.ts';
import { availabilitySection } from './availability-section.ts';
import { passingVerdicts, sampleResult } from './testing/sample-run.ts';
import type { Verdict } from '../model/verdict.ts';

const minute = 60_000;

describe('availability', () => {
  it('has a class of nines: the whole part, also on a power of ten', () => {
    const nines = (failed: number, requests: number): number =>
      availabilityOf(failed, requests).nines;
    expect([nines(1, 10), nines(1, 1000), nines(43, 43_000), nines(1, 1_000_000)]).to.deep.equal([
      1, 3, 3, 6,
    ]);
    expect([nines(2, 1000), nines(1, 999), nines(9, 10), nines(10, 10)]).to.deep.equal([
      2, 2, 0, 0,
    ]);
  });

  it('shows no more nines than so many requests can, where none failed', () => {
    expect(availabilityOf(0, 4312)).to.include({ nines: 3, isBound: true, downtimeMs: 0 });
    expect(availabilityOf(0, 10_000)).to.include({ nines: 4, isBound: true });
    expect(availabilityOf(1, 4312)).to.include({ nines: 3, isBound: false });
  });

  it('is a share of a year', () => {
    // The well-known figures: 8.77 h, 52.6 min and 5.26 min a year.
    expect(allowedMs(3) / (60 * minute)).to.be.closeTo(8.766, 0.001);
    expect(allowedMs(4) / minute).to.be.closeTo(52.6, 0.01);
    expect(allowedMs(5) / minute).to.be.closeTo(5.26, 0.001);
    expect(availabilityOf(1, 1000).downtimeMs).to.equal(allowedMs(3));
  });

  const told = (change: Partial<Verdict>): string => {
    const verdicts = passingVerdicts.map((verdict) =>
      verdict.claim === 'workload-available' ? { ...verdict, ...change } : verdict,
    );
    const markup = availabilitySection(sampleResult(verdicts).trials)?.markup ?? '';
    return markup.replace(/<[^>]*>/g, '|').replace(/\|+/g, '|');
  };

  it('tells the room that the longest outage, at its longest, leaves in a year', () => {
    const text = told({ failed: 3, longestOutageMs: { lo: 900, hi: 1000 } });
    expect(text).to.include('|4312|3|99.930 %|3 nines|6 h 6 min|');
    // 31 557 600 s a year: of one-second outages, 31 557 at 99.9 %, 3155 at 99.99 %, 315 at 99.999 %.
    expect(text).to.match(/\|1\|0\.95 s \(±0\.05\)\|\s*over 10 000\|3155\|315\|/);
  });

  it('has no figure for an outage that was not seen to end, nor for none', () => {
    expect(told({ failed: 9, longestOutageMs: { atLeast: 4000 } })).to.include(
      '|1|&gt; 4.00 s|–|–|–|',
    );
    expect(told({})).to.include('|1|none seen|–|–|–|');
  });

  it('counts no verdict that is invalid, and is not there without one', () => {
    expect(told({ outcome: 'invalid' })).to.equal('');
  });
});
