import { expect } from 'chai';
import { snapshotOf } from '../testing/snapshot.ts';
import { differences, notRenewed } from './differences.ts';
import type { NodeFacts, Snapshot } from './snapshot.ts';

const before = snapshotOf(['voter', 'voter', 'voter', 'stand-by']);

function withFirst(snapshot: Snapshot, change: Partial<NodeFacts>): Snapshot {
  return {
    ...snapshot,
    nodes: snapshot.nodes.map((node, i) => (i === 0 ? { ...node, ...change } : node)),
  };
}

describe('differences', () => {
  it('are none between a cluster and itself', () => {
    expect(differences(before, before)).to.deep.equal([]);
  });

  it('are none when two members have changed their roles', () => {
    const now = snapshotOf(['stand-by', 'voter', 'voter', 'voter']);
    expect(differences(before, { ...before, datastore: { ...now.datastore } })).to.deep.equal([]);
  });

  it('tell of a node that is not Ready, of a cordon and of a missing voter', () => {
    const now = withFirst(before, { ready: false, schedulable: false });
    const members = now.datastore.members.map((member, i) =>
      i === 1 ? { ...member, answers: false } : member,
    );
    const name = before.nodes[0]!.name;
    expect(differences(before, { ...now, datastore: { ...now.datastore, members } })).to.deep.equal(
      [
        `node ${name} is not Ready`,
        `node ${name} is cordoned`,
        'the datastore has 2 members that answer as voter, before 3',
      ],
    );
  });
});

describe('a Lease', () => {
  const renewed = (snapshot: Snapshot, at: string): Snapshot => ({
    ...snapshot,
    nodes: snapshot.nodes.map((node) => ({ ...node, renewed: at })),
  });

  it('counts as renewed only when it has changed', () => {
    const healed = renewed(before, 'a');
    expect(notRenewed(healed, renewed(before, 'b'))).to.deep.equal([]);
    const stale = withFirst(renewed(before, 'b'), { renewed: 'a' });
    expect(notRenewed(healed, stale)).to.deep.equal([
      `node ${before.nodes[0]!.name} has not renewed its Lease since the healing`,
    ]);
  });
});
