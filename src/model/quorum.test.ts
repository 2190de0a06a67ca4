import { expect } from 'chai';
import fc from 'fast-check';
import { snapshotOf } from '../testing/snapshot.ts';
import { quorumKept, quorumWithout } from './quorum.ts';
import type { Role, Snapshot } from './snapshot.ts';

const role = fc.constantFrom<Role>('voter', 'stand-by', 'spare');
const cluster = fc
  .array(fc.record({ role, answers: fc.boolean() }), { minLength: 1, maxLength: 9 })
  .map((members): Snapshot => {
    const snapshot = snapshotOf(members.map(({ role }) => role));
    const { datastore } = snapshot;
    return {
      ...snapshot,
      datastore: {
        ...datastore,
        members: datastore.members.map((member, index) => ({
          ...member,
          answers: members[index]?.answers ?? true,
        })),
      },
    };
  });
const some = fc.subarray(Array.from({ length: 9 }, (_, index) => String(index + 1)));

describe('the quorum', () => {
  it('of three voters outlives one of them and not two', () => {
    const snapshot = snapshotOf();
    expect(quorumWithout(snapshot, ['1'])).to.deep.equal({ configured: 3, majority: 2, live: 2 });
    expect(quorumKept(snapshot, ['1'])).to.equal(true);
    expect(quorumKept(snapshot, ['1', '2'])).to.equal(false);
  });

  it('of two voters outlives neither', () => {
    expect(quorumKept(snapshotOf(['voter', 'voter']), ['2'])).to.equal(false);
  });

  it('does not mind the loss of stand-bys and spares', () => {
    fc.assert(
      fc.property(cluster, some, (snapshot, down) => {
        const others = down.filter(
          (id) => snapshot.datastore.members.find((member) => member.id === id)?.role !== 'voter',
        );
        expect(quorumKept(snapshot, others)).to.equal(quorumKept(snapshot, []));
      }),
    );
  });

  it('is never won by losing one member more', () => {
    fc.assert(
      fc.property(cluster, some, some, (snapshot, down, more) => {
        if (quorumKept(snapshot, [...down, ...more]))
          expect(quorumKept(snapshot, down)).to.equal(true);
      }),
    );
  });

  it('is kept exactly if the voters left outnumber those lost, dead ones among them', () => {
    fc.assert(
      fc.property(cluster, some, (snapshot, down) => {
        let balance = 0;
        for (const { id, role, answers } of snapshot.datastore.members)
          if (role === 'voter') balance += answers && !down.includes(id) ? 1 : -1;
        expect(quorumKept(snapshot, down)).to.equal(balance > 0);
      }),
    );
  });

  it('cannot be kept by two halves at once', () => {
    fc.assert(
      fc.property(cluster, some, (snapshot, down) => {
        const rest = snapshot.datastore.members
          .map(({ id }) => id)
          .filter((id) => !down.includes(id));
        expect(quorumKept(snapshot, down) && quorumKept(snapshot, rest)).to.equal(false);
      }),
    );
  });
});
