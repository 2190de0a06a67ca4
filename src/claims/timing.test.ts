import { expect } from 'chai';
import { z } from 'zod';
import type { Limit } from '../model/fields.ts';
import { timelineOf } from '../testing/timelines.ts';
import { timingClaim, sayLimit, type Finding } from './timing.ts';

const measured: Finding = {
  kind: 'measured',
  measured: { lo: 1490, hi: 1510 },
  says: 'it came',
  evidence: [],
};

function claimOf(found: Finding) {
  return timingClaim<{ within: Limit }>({
    name: 'comes',
    summary: 'something comes',
    schema: z.strictObject({ within: z.number() }),
    probes: [],
    promise: 'something',
    find: () => found,
  });
}

describe('a claim of a time', () => {
  const timeline = timelineOf({ probes: [] });

  it('has a verdict with its limit, and with clocks only if there are some', () => {
    expect(claimOf(measured).judge({ within: 2000 }, timeline)).to.deep.equal({
      claim: 'comes',
      title: 'something within 2 s',
      limitMs: 2000,
      outcome: 'pass',
      measuredMs: { lo: 1490, hi: 1510 },
      because: 'it came 1.50 s (±0.01) after the fault; the limit is 2 s',
      evidence: [],
    });
    const clocks = { 'own-word': { atLeast: 7 } };
    expect(claimOf({ ...measured, clocks }).judge({ within: 2000 }, timeline)).to.include({
      clocks,
    });
  });

  it('is undecided without a limit, whatever was measured', () => {
    for (const span of [{ lo: 0, hi: 0 }, { atLeast: 1e9 }]) {
      const claim = claimOf({ ...measured, measured: span });
      const verdict = claim.judge({ within: 'predicted' }, timeline);
      expect(verdict.outcome).to.equal('unknown');
      expect(verdict).not.to.have.property('limitMs');
      expect(verdict.because).to.match(/the plan holds no prediction for it/);
    }
  });

  it('is as it was described, and no more', () => {
    expect(claimOf(measured)).to.have.all.keys([
      ...['summary', 'schema', 'probes', 'title', 'seen', 'judge'],
    ]);
  });

  it('writes its limit as people do', () => {
    expect([500, 1000, 1500, 61_000, 120_000, 7_200_000].map(sayLimit)).to.deep.equal([
      ...['500 ms', '1 s', '1.5 s', '61 s', '2 min', '2 h'],
    ]);
  });
});
