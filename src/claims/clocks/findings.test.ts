import { expect } from 'chai';
import type { Measured } from '../../model/span.ts';
import { findingsIn } from './findings.ts';

const election = { claim: 'leader-elected', p50Ms: 2600, p95Ms: 3000, from: 'timers' };
const roles = { claim: 'voters-restored', p50Ms: 15_000, p95Ms: 28_500, from: 'timers' };

function found(clock: string, measuredMs: Measured): readonly string[] {
  return findingsIn([{ clock, title: clock, measuredMs }], [election, roles]);
}

describe('what is measured far from what is predicted', () => {
  it('is nothing within the prediction, or only a little beyond', () => {
    expect(found('leader-elected', { lo: 2700, hi: 2800 })).to.deep.equal([]);
    expect(found('leader-elected', { lo: 3500, hi: 3700 })).to.deep.equal([]);
    expect(found('leader-elected', { lo: 3600, hi: 3700 })).to.deep.equal([]);
    expect(found('own-word', { lo: 9000, hi: 9100 })).to.deep.equal([]);
    const unread = { clock: 'leader-elected', title: '', because: 'nobody looked' };
    expect(findingsIn([unread], [election])).to.deep.equal([]);
  });

  it('is told where all of the interval is later, or the end was not seen', () => {
    expect(found('leader-elected', { lo: 3700, hi: 3800 })[0]).to.equal(
      'leader-elected is far later than the settings of this cluster predict: 3.75 s (±0.05), and predicted 2.60 s (p95 3.00 s)',
    );
    expect(found('voters-restored', { atLeast: 40_000 })).to.have.length(1);
    expect(found('voters-restored', { atLeast: 30_000 })).to.deep.equal([]);
  });

  it('says of which it is, of several', () => {
    const one = { clock: 'leader-elected', title: '', of: 'pi2', measuredMs: { atLeast: 9000 } };
    expect(findingsIn([one], [election])[0]).to.match(/^leader-elected of pi2 is far later/);
  });

  it('is nothing of what the prediction is not for', () => {
    const one = { clock: 'lease-held', title: '', measuredMs: { lo: 900, hi: 1000 } };
    const lease = { claim: 'lease-held', p50Ms: 17_000, p95Ms: 19_800, from: '', of: ['a'] };
    expect(findingsIn([{ ...one, of: 'b' }], [lease])).to.deep.equal([]);
    expect(findingsIn([{ ...one, of: 'a' }], [lease])).to.have.length(1);
  });

  it('is sooner only where timers leave no room for it', () => {
    expect(found('leader-elected', { lo: 900, hi: 1000 })[0]).to.include('far sooner');
    expect(found('leader-elected', { lo: 1200, hi: 1300 })).to.deep.equal([]);
    expect(found('leader-elected', { atLeast: 900 })).to.deep.equal([]);
    expect(found('voters-restored', { lo: 900, hi: 1000 })).to.deep.equal([]);
    const wide = { ...election, p95Ms: 1.5 * election.p50Ms };
    const early = { clock: 'leader-elected', title: '', measuredMs: { lo: 0, hi: 10 } };
    expect(findingsIn([early], [wide])).to.deep.equal([]);
  });
});
