import { expect } from 'chai';
import type { Sample } from '../../model/timeline.ts';
import { aboutOf, badLook, look } from '../../testing/looks.ts';
import { oldLeaderGone } from './old-leader-gone.ts';

const named = (sent: number, leader: string): Sample => look('leader@pi1', sent, { leader });

describe('until the old leader does not name itself', () => {
  const looks = [named(9900, '1'), named(10_100, '1')];
  const other = look('leader@pi2', 10_050, { leader: '2' });

  it('is until it names another, or answers no more', () => {
    for (const gone of [named(10_200, '2'), badLook('leader@pi1', 10_200, 'EDEADLINE')])
      expect(oldLeaderGone.read(aboutOf([...looks, other, gone]))).to.deep.equal([
        { of: 'pi1', measuredMs: { lo: 96, hi: 210 } },
      ]);
  });

  it('is not seen once the fault was taken back', () => {
    expect(oldLeaderGone.read(aboutOf([...looks, named(20_001, '2')]))).to.deep.equal([
      { of: 'pi1', measuredMs: { atLeast: 96 } },
    ]);
    expect(oldLeaderGone.read(aboutOf([...looks, named(20_000, '2')]))).to.deep.equal([
      { of: 'pi1', measuredMs: { lo: 96, hi: 10_010 } },
    ]);
  });

  it('says why there is nothing to read', () => {
    expect(oldLeaderGone.read(aboutOf(looks, { leader: '' }))).to.deep.equal([
      { because: 'no majority named a leader before the fault' },
    ]);
    expect(oldLeaderGone.read(aboutOf(looks, { leader: '2' }))).to.deep.equal([
      { because: 'the fault is not aimed at pi2, which led' },
    ]);
    expect(oldLeaderGone.read(aboutOf([other]))).to.deep.equal([
      { because: 'the leader on pi1 was not sampled' },
    ]);
  });
});
