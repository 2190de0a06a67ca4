import { expect } from 'chai';
import type { Sample } from '../model/timeline.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import { badLook, look, timelineWith } from '../testing/looks.ts';
import {
  leaderNamed,
  majorityOf,
  membersBefore,
  nodeOf,
  votersIn,
  type MembersBefore,
} from './members.ts';
import type { Used } from './series.ts';

const says = (node: string, sent: number, leader: string): Sample =>
  look(`leader@${node}`, sent, { leader });

const told = (node: string, sent: number, voters: readonly string[]): Sample =>
  look(`roles@${node}`, sent, {
    members: [...voters.map((id) => ({ id, role: 'voter' })), { id: '9', role: 'stand-by' }],
  });

/** The datastore just before 10 s. */
function before(...looks: readonly Sample[]): MembersBefore {
  return membersBefore(timelineWith(looks), 10_000);
}

const surveyed = ['1', '2', '3'];

describe('the datastore before an instant', () => {
  it('is led by whom a majority of the voters named last', () => {
    expect(before(says('pi1', 9900, '1'), says('pi2', 9900, '1'))).to.deep.equal({
      leader: '1',
      voters: surveyed,
    });
    expect(before(says('pi1', 9900, '1'), says('pi2', 9900, '2'))).to.deep.equal({
      voters: surveyed,
    });
    expect(
      before(
        ...[says('pi1', 9700, '1'), says('pi2', 9700, '1'), says('pi3', 9700, '1')],
        ...[says('pi2', 9900, '2'), says('pi3', 9900, '2')],
      ),
    ).to.deep.equal({ leader: '2', voters: surveyed });
    expect(before()).to.deep.equal({ voters: surveyed });
  });

  it('is led by nobody where most name nobody', () => {
    const nobody = [says('pi1', 9900, ''), says('pi2', 9900, '')];
    expect(before(...nobody, says('pi3', 9900, '3'))).to.deep.equal({ voters: surveyed });
  });

  it('is told by what had come by then, and is not older than two seconds', () => {
    const own = says('pi1', 9900, '1');
    expect(before(own, says('pi2', 9990, '1')).leader).to.equal('1');
    expect(before(own, says('pi2', 9991, '1')).leader).to.equal(undefined);
    expect(before(own, says('pi2', 8000, '1')).leader).to.equal('1');
    expect(before(own, says('pi2', 7999, '1')).leader).to.equal(undefined);
    expect(before(own, badLook('leader@pi2', 9900, 'EDEADLINE')).leader).to.equal(undefined);
    const lost = badLook('leader@pi2', 9950, 'EDEADLINE');
    expect(before(own, says('pi2', 9900, '1'), lost).leader).to.equal('1');
  });

  it('has the voters that its leader tells, and else those of the survey', () => {
    const named = [says('pi1', 9900, '1'), says('pi2', 9900, '1')];
    expect(before(...named, told('pi1', 9900, ['1', '2', '4']))).to.deep.equal({
      leader: '1',
      voters: ['1', '2', '4'],
    });
    expect(before(...named, told('pi2', 9900, ['1', '2', '4'])).voters).to.deep.equal(surveyed);
    expect(before(told('pi1', 9900, ['1', '2', '4'])).voters).to.deep.equal(surveyed);
    expect(before(...named, told('pi1', 7900, ['1', '2', '4'])).voters).to.deep.equal(surveyed);
    // Of five voters two are no majority.
    expect(before(...named, told('pi1', 9900, ['1', '2', '3', '4', '5']))).to.deep.equal({
      voters: ['1', '2', '3', '4', '5'],
    });
    // Nor is one, though nobody else answered.
    const silent = ['pi2', 'pi3'].map((node) => badLook(`leader@${node}`, 9900, 'EDEADLINE'));
    expect(before(says('pi1', 9900, '1'), ...silent, told('pi1', 9900, ['1', '2']))).to.deep.equal({
      voters: ['1', '2'],
    });
    // Nor is the word of one that does not vote.
    expect(before(...named, told('pi1', 9900, ['1', '3', '4']))).to.deep.equal({
      voters: ['1', '3', '4'],
    });
  });

  it('is the same in whatever order equally many name two', () => {
    const tie = [says('pi1', 9900, '2'), says('pi2', 9900, '1')];
    const voters = told('pi1', 9900, ['1', '3']);
    expect(before(...tie, voters).voters).to.deep.equal(['1', '3']);
    expect(before(...tie.toReversed(), voters).voters).to.deep.equal(['1', '3']);
  });
});

describe('a member', () => {
  it('is needed by half of an even number and one more', () => {
    expect([1, 2, 3, 4, 5].map(majorityOf)).to.deep.equal([1, 2, 2, 3, 3]);
  });

  it('is called by its node, or by its id if none has it', () => {
    expect(['2', '7'].map((id) => nodeOf(snapshotOf(), id))).to.deep.equal(['pi2', '7']);
  });

  it('names nobody where nobody listens, and tells nothing where it does not answer', () => {
    const error = (code: string): string | undefined =>
      leaderNamed(badLook('leader@pi1', 0, code) as Used);
    expect([error('ECONNREFUSED'), error('EDEADLINE')]).to.deep.equal(['', undefined]);
    expect(leaderNamed(says('pi1', 0, '3') as Used)).to.equal('3');
  });

  it('tells the voters alone, and none where it does not answer', () => {
    expect(votersIn(told('pi1', 0, ['1', '2']) as Used)).to.deep.equal(['1', '2']);
    expect(votersIn(badLook('roles@pi1', 0, 'EDEADLINE') as Used)).to.equal(undefined);
  });
});
