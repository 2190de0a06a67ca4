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

describe('what is gone', () => {
  const [gone = before.nodes[0]!, ...others] = before.nodes;

  it('is told of, once', () => {
    expect(differences(before, { ...before, nodes: others })).to.deep.equal([
      `node ${gone.name} is not in the cluster any more`,
    ]);
  });

  it('may be the leader, if there was one before', () => {
    const { leader, ...leaderless } = before.datastore;
    expect(leader).not.to.equal(undefined);
    const without = { ...before, datastore: leaderless };
    expect(differences(before, without)).to.deep.equal([
      'the datastore has no leader that a majority agrees on',
    ]);
    expect(differences(without, without)).to.deep.equal([]);
    expect(differences(without, before)).to.deep.equal([]);
  });

  it('may be a cordon, and not that a node became Ready', () => {
    const cordoned = withFirst(before, { schedulable: false, ready: false });
    expect(differences(cordoned, before)).to.deep.equal([
      `node ${gone.name} is not cordoned any more`,
    ]);
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

  it('is not asked of a node without a kubelet or that was not Ready, and is not renewed by one that is gone or tells none', () => {
    const healed = renewed(before, 'a');
    const notReady = withFirst(healed, { ready: false });
    expect(notRenewed(notReady, notReady)).to.have.length(before.nodes.length - 1);
    const withoutKubelet = withFirst(healed, { datastoreOnly: true });
    expect(notRenewed(withoutKubelet, withoutKubelet)).to.have.length(before.nodes.length - 1);
    expect(notRenewed(healed, { ...healed, nodes: [] })).to.have.length(before.nodes.length);
    // None before and none now is no renewal; nor is that it tells nothing any more.
    expect(notRenewed(before, before)).to.have.length(before.nodes.length);
    expect(notRenewed(healed, before)).to.have.length(before.nodes.length);
  });
});
