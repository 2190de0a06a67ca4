import { expect } from 'chai';
import type { ConfiguredMember } from './member.ts';
import { agree, type MemberView } from './survey-datastore.ts';

const members: ConfiguredMember[] = ['1', '2', '3', '4'].map((id) => ({
  id,
  address: `10.0.0.${id}:19001`,
  role: id === '4' ? ('stand-by' as const) : ('voter' as const),
}));
const nodes = members.map(({ id }) => ({ name: `pi${id}`, addresses: [`10.0.0.${id}`] }));
const view = (id: string, leader: string | undefined, configuration = members): MemberView => ({
  node: `pi${id}`,
  id,
  says: { leader, members: configuration },
});
const silent = (id: string): MemberView => ({ node: `pi${id}`, id, says: undefined });

describe('what the members of a datastore agree on', () => {
  it('is a leader whom a majority of the voters and itself name', () => {
    const agreed = agree(
      [view('1', '1'), view('2', '1'), view('3', '1'), view('4', undefined)],
      nodes,
    );
    expect(agreed.leader).to.equal('1');
    expect(agreed.members.map(({ node, answers }) => [node, answers])).to.deep.equal([
      ['pi1', true],
      ['pi2', true],
      ['pi3', true],
      ['pi4', true],
    ]);
  });

  it('is still that leader while one voter is away', () => {
    expect(agree([view('1', '1'), view('2', '1'), silent('3')], nodes).leader).to.equal('1');
  });

  it('is no leader who is dead, though the others name it still', () => {
    expect(agree([silent('1'), view('2', '1'), view('3', '1')], nodes).leader).to.equal(undefined);
  });

  it('is no leader whom only a minority names', () => {
    expect(agree([view('1', '1'), silent('2'), silent('3')], nodes).leader).to.equal(undefined);
    const split = [view('1', '1'), view('2', undefined), view('3', undefined)];
    expect(agree(split, nodes).leader).to.equal(undefined);
  });

  it('is no leader named by members that have no vote', () => {
    const views = [view('1', '1'), silent('2'), silent('3'), view('4', '1')];
    expect(agree(views, nodes).leader).to.equal(undefined);
  });

  it('counts the voters that the leader itself knows, not those a member left behind remembers', () => {
    const old = members.slice(0, 3).map((each) => ({ ...each, role: 'voter' as const }));
    const fresh = members.map((each) =>
      each.id === '3' ? { ...each, role: 'spare' as const } : { ...each, role: 'voter' as const },
    );
    const views = [
      view('3', undefined, old),
      view('2', '1', fresh),
      view('1', '1', fresh),
      view('4', '1', fresh),
    ];
    const agreed = agree(views, nodes);
    expect(agreed.leader).to.equal('1');
    expect(agreed.members.find(({ id }) => id === '3')?.role).to.equal('spare');
  });

  it('names the node of a silent member by its address, and none for a stranger', () => {
    const stranger = { id: '9', address: '10.0.0.99:19001', role: 'spare' as const };
    const views = [view('1', '1', [...members, stranger]), view('2', '1', [...members, stranger])];
    const agreed = agree(views, nodes);
    expect(agreed.members[2]).to.deep.include({ node: 'pi3', answers: false });
    expect(agreed.members[4]).to.deep.equal({ ...stranger, answers: false });
  });
});
