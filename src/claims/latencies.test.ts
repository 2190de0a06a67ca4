import { expect } from 'chai';
import fc from 'fast-check';
import type { Measured } from '../model/span.ts';
import { latenciesOf, sayLatencies, sayLatency } from './latencies.ts';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
const exactly = (ms: number): Measured => ({ lo: ms, hi: ms });

describe('how long answers took', () => {
  it('is by rank: what half, 99 % and all of them were within', () => {
    const latencies = latenciesOf({ answeredMs: hundred, failed: 0, untold: 0 });
    expect(latencies).to.deep.equal({ p50: exactly(50), p99: exactly(99), max: exactly(100) });
    expect(sayLatencies(latencies)).to.equal(
      'answered: half within 50 ms, 99 % within 99 ms, all within 100 ms',
    );
  });

  it('was not seen of those that failed: they were not answered in a second', () => {
    const latencies = latenciesOf({ answeredMs: hundred, failed: 2, untold: 0 });
    expect(latencies).to.deep.equal({
      p50: exactly(51),
      p99: { atLeast: 1000 },
      max: { atLeast: 1000 },
    });
    expect(sayLatencies(latencies)).to.contain('all within 1000 ms or more');
    // A failure may have taken longer than its deadline, as an answer did here.
    const slow = latenciesOf({ answeredMs: [6, 1700, 5], failed: 1, untold: 0 });
    expect(slow.max).to.deep.equal({ atLeast: 1700 });
  });

  it('is wider by what is not known', () => {
    const { p50, p99 } = latenciesOf({ answeredMs: hundred, failed: 0, untold: 10 });
    expect(p50).to.deep.equal({ lo: 45, hi: 55 });
    expect(p99).to.deep.equal({ atLeast: 99 });
    expect(latenciesOf({ answeredMs: [], failed: 0, untold: 5 }).p50).to.deep.equal({ atLeast: 0 });
    const half = latenciesOf({ answeredMs: [10, 20], failed: 0, untold: 1 }).p50;
    expect(half).to.deep.equal({ lo: 10, hi: 20 });
  });

  it('is said in whole milliseconds from ten on', () => {
    expect(sayLatency({ lo: 9.96, hi: 9.96 })).to.equal('10.0 ms');
    expect(sayLatency(exactly(10))).to.equal('10 ms');
    expect(sayLatency({ lo: 1.25, hi: 40 })).to.equal('1.3 to 40 ms');
  });

  it('holds what it would be, whatever those had been of which nothing is known', () => {
    const ms = fc.double({ min: 0, max: 1000, noNaN: true });
    const some = fc.array(ms, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(some, fc.array(ms, { maxLength: 10 }), (answeredMs, hidden) => {
        const known = latenciesOf({ answeredMs, failed: 0, untold: hidden.length });
        const truth = latenciesOf({ answeredMs: [...answeredMs, ...hidden], failed: 0, untold: 0 });
        for (const which of ['p50', 'p99', 'max'] as const) {
          const [told, is] = [known[which], truth[which]];
          if (!('lo' in is)) throw new Error('nothing of it is hidden');
          const [lo, hi] = 'lo' in told ? [told.lo, told.hi] : [told.atLeast, Infinity];
          expect(is.lo).to.be.within(lo, hi);
        }
      }),
    );
  });
});
