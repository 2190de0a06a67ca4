import { expect } from 'chai';
import { availabilityOf, downtimeOf, requestsToShow, standing, yearMs } from './availability.ts';
import { availabilityIn, sayAvailability, sayDowntime, sayProof } from './availability-words.ts';
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
    expect(availabilityOf(0, 4312)).to.include({ nines: 3, isBound: true, share: 1 });
    expect(availabilityOf(0, 10_000)).to.include({ nines: 4, isBound: true });
    expect(availabilityOf(1, 4312)).to.include({ nines: 3, isBound: false });
  });

  it('is a share of a year', () => {
    // The well-known figures: 8.77 h, 52.6 min and 5.26 min a year.
    const minutes = (share: number): number => downtimeOf(share, yearMs) / minute;
    expect(minutes(0.999) / 60).to.be.closeTo(8.766, 0.001);
    expect(minutes(0.9999)).to.be.closeTo(52.6, 0.01);
    expect(minutes(0.99999)).to.be.closeTo(5.26, 0.001);
    expect(minutes(availabilityOf(1, 1000).share)).to.be.closeTo(minutes(0.999), 1e-6);
    // And a day has 86.4 s at 99.9 %, 0.864 s at 99.999 %.
    expect(sayDowntime(downtimeOf(0.999, 86_400_000))).to.equal('86 s');
    expect(sayDowntime(downtimeOf(0.99999, 86_400_000))).to.equal('864 ms');
    expect([0, 1234, 172_800_000].map(sayDowntime)).to.deep.equal(['0 s', '1.2 s', '2.0 days']);
  });

  it('lies in the exact interval, which is wider by what is not known', () => {
    // Clopper and Pearson of 5 failures in 100: 1.64 % to 11.28 %.
    const { lo, hi } = availabilityOf(5, 100).interval;
    expect(lo).to.be.closeTo(0.8872, 0.0001);
    expect(hi).to.be.closeTo(0.9836, 0.0001);
    const untold = availabilityOf(5, 100, 5).interval;
    expect(untold.lo).to.be.closeTo(availabilityOf(10, 100).interval.lo, 1e-9);
    expect(untold.hi).to.equal(hi);
    expect(availabilityOf(0, 100).interval.hi).to.equal(1);
    expect(availabilityOf(100, 100).interval.lo).to.equal(0);
  });

  it('is told of very many requests at once', () => {
    const { lo, hi } = availabilityOf(250, 500_000).interval;
    expect(lo).to.be.closeTo(0.999434, 0.000002);
    expect(hi).to.be.closeTo(0.99956, 0.000002);
  }).timeout(1000);

  it('proves a class only if all of the interval is within it', () => {
    expect(standing(availabilityOf(0, 3688), 0.999)).to.equal('shown');
    expect(standing(availabilityOf(0, 3687), 0.999)).to.equal('open');
    expect(requestsToShow(0.999)).to.equal(3688);
    expect(standing(availabilityOf(30, 4312), 0.999)).to.equal('missed');
    expect(standing(availabilityOf(30, 4312), 0.99)).to.equal('shown');
  });

  it('says what so many requests prove, and what would prove more', () => {
    expect(sayProof(availabilityOf(0, 4312))).to.equal(
      '4312 requests without a failure prove 99.9 %, cannot tell about 99.95 %, 99.99 %, 99.999 % (99.95 % takes 7376 without a failure).',
    );
    expect(sayProof(availabilityOf(30, 4312))).to.equal(
      '4312 requests prove 99 %, rule out 99.9 %.',
    );
    expect(sayProof(availabilityOf(0, 100))).to.match(
      /^100 requests without a failure cannot tell about 99 %,.*\(99 % takes 368 without/,
    );
    expect(sayProof(availabilityOf(90, 100))).to.equal('100 requests rule out 99 %.');
    expect(sayProof(availabilityOf(0, 10_000_000))).to.match(/ prove 99.999 %\.$/);
  });

  it('is one line on a page', () => {
    const [trial] = sampleResult(passingVerdicts).trials;
    const availability = availabilityIn(trial === undefined ? [] : [trial, trial]);
    expect(availability).to.include({ failed: 0, requests: 2 * 4312 });
    expect(sayAvailability(availabilityOf(3, 4312))).to.equal(
      'Available under faults: 99.930 % (95 % confidence: 99.79 % to 99.99 %), 6 h 6 min of downtime a year if such faults never ceased. 4312 requests prove 99 %, rule out 99.99 %, cannot tell about 99.9 %, 99.95 %.',
    );
    expect(sayAvailability(availabilityOf(0, 4312))).to.match(
      /^Available under faults: 100 % \(95 % confidence: 99\.914 % or more\), no downtime seen/,
    );
    expect(availabilityIn([])).to.equal(undefined);
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
    expect(text).to.include('|4312|3|99.930 %|99.79 % to 99.99 %|3 nines|');
    expect(text).to.match(/\|measured, 99\.930 %\|6 h 6 min\|31 min\|60 s\|/);
    expect(text).to.match(/\|at the worst, 95 % confidence\|17 h 49 min\|/);
    expect(text).to.match(/\|99\.95 % allows\|4 h 23 min\|22 min\|43 s\|/);
    expect(text).to.include('4312 requests prove 99 %,');
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
