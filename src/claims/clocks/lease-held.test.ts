import { expect } from 'chai';
import type { Sample } from '../../model/timeline.ts';
import { aboutOf, look } from '../../testing/looks.ts';
import type { Reading } from './kind.ts';
import { leaseHeld, renewalOf } from './lease-held.ts';

/** When each Lease was renewed, as it was told at an instant. */
function told(sent: number, leases: Readonly<Record<string, string>>): Sample {
  const held = Object.entries(leases).map(
    ([name, renewed]) => [name, { holder: 'x', renewed }] as const,
  );
  return look('leases@pi2', sent, { leases: Object.fromEntries(held) });
}

function read(...looks: readonly Sample[]): readonly Reading[] {
  return leaseHeld.read(aboutOf(looks));
}

describe('until a Lease is renewed', () => {
  it('is from the last look with the old stamp to the answer of the first with a later one', () => {
    expect(
      read(
        told(9900, { b: '05', a: '07' }),
        told(10_100, { b: '05', a: '07' }),
        told(10_200, { b: '05', a: '08' }),
        told(10_300, { b: '06', a: '08' }),
        told(10_400, { b: '07', a: '09' }),
      ),
    ).to.deep.equal([
      { of: 'a', measuredMs: { lo: 96, hi: 210 } },
      { of: 'b', measuredMs: { lo: 196, hi: 310 } },
    ]);
  });

  it('may have been at the fault already, if it was renewed between the looks around it', () => {
    const looks = [told(9900, { a: '05' }), told(10_100, { a: '06' }), told(10_200, { a: '07' })];
    expect(read(...looks)).to.deep.equal([{ of: 'a', measuredMs: { lo: 0, hi: 210 } }]);
  });

  it('counts no look that was sent before all of the fault', () => {
    const looks = [told(9900, { a: '05' }), told(10_003, { a: '05' }), told(10_004, { a: '06' })];
    expect(read(...looks, told(10_100, { a: '07' }))).to.deep.equal([
      { of: 'a', measuredMs: { lo: 0, hi: 110 } },
    ]);
  });

  it('says for how long it certainly was not, where it never was', () => {
    const looks = [9900, 10_100, 15_000].map((sent) => told(sent, { a: '05' }));
    expect(read(...looks)).to.deep.equal([{ of: 'a', measuredMs: { atLeast: 4996 } }]);
    // One that is gone is not renewed.
    expect(read(looks[0]!, looks[1]!, told(15_000, {}))).to.deep.equal([
      { of: 'a', measuredMs: { atLeast: 4996 } },
    ]);
  });

  it('says why there is nothing to read', () => {
    expect(read(told(10_100, { a: '05' }))).to.deep.equal([
      { because: 'no API server told the leases before the fault' },
    ]);
    expect(read(told(9900, {}))).to.deep.equal([
      { because: 'kube-system has no Lease that is held' },
    ]);
    expect(read(told(9900, { a: '05' }))).to.deep.equal([
      { of: 'a', because: 'no API server told it after the fault' },
    ]);
  });

  it('names in their order those that were held, where the one that is asked for was not', () => {
    const of = (leases: Readonly<Record<string, string>>): string | undefined =>
      renewalOf(aboutOf([told(9900, leases)]), 'c').because;
    const nobody = 'nobody held c before the fault; held were:';
    expect(of({ b: '05', a: '05' })).to.equal(`${nobody} a, b`);
    expect(of({})).to.equal(`${nobody} none`);
  });
});
