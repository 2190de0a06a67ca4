import { expect } from 'chai';
import fc from 'fast-check';
import { snapshotOf } from '../testing/snapshot.ts';
import { cutOff, quorumKept, quorumWithout, type Apart } from './quorum.ts';
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

describe('members that cannot talk to each other', () => {
  const five = snapshotOf(['voter', 'voter', 'voter', 'voter', 'voter', 'stand-by']);
  const between = (some: readonly string[], others: readonly string[]): readonly Apart[] =>
    some.flatMap((a) => others.map((b): Apart => [a, b]));
  const voterPairs = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
    { maxLength: 20 },
  );
  const apartFrom = (pairs: readonly (readonly [number, number])[]): readonly Apart[] =>
    pairs.filter(([a, b]) => a !== b).map(([a, b]): Apart => [String(a), String(b)]);

  it('leave the smaller side of a split without a datastore, stand-bys among it', () => {
    const split = between(['1', '2', '6'], ['3', '4', '5']);
    expect(cutOff(five, split)).to.deep.equal(['1', '2', '6']);
    expect(quorumKept(five, [], split)).to.equal(true);
    expect(quorumWithout(five, ['3'], split).live).to.equal(2);
  });

  it('leave everybody without one if no side has a majority', () => {
    const four = snapshotOf(['voter', 'voter', 'voter', 'voter']);
    const split = between(['1', '2'], ['3', '4']);
    expect(cutOff(four, split)).to.deep.equal(['1', '2', '3', '4']);
    expect(quorumKept(four, [], split)).to.equal(false);
  });

  it('take nobody down while each reaches one that can lead', () => {
    expect(cutOff(snapshotOf(), [['1', '2']])).to.deep.equal([]);
    const hub = between(['2'], ['3', '4', '5']).concat(between(['3'], ['4', '5']), [['4', '5']]);
    expect(cutOff(five, hub)).to.deep.equal([]);
    expect(quorumKept(five, [], hub)).to.equal(true);
    expect(quorumKept(five, ['1'], hub)).to.equal(false);
  });

  it('are counted with those that another fault has cut off', () => {
    const one = between(['1'], ['2', '3', '4']);
    expect(quorumKept(snapshotOf(), cutOff(snapshotOf(), one), one)).to.equal(true);
    expect(quorumKept(snapshotOf(), ['1'], [...one, ['2', '3']])).to.equal(false);
  });

  it('are not blamed for who had no datastore before', () => {
    const lost = silentBut(snapshotOf(), '1');
    expect(cutOff(lost, between(['1'], ['2', '3', '4']))).to.deep.equal([]);
  });

  it('never win a quorum, nor lose one that does not take a voter down', () => {
    fc.assert(
      fc.property(cluster, some, voterPairs, (snapshot, down, pairs) => {
        const apart = apartFrom(pairs);
        if (quorumKept(snapshot, down, apart)) expect(quorumKept(snapshot, down)).to.equal(true);
        if (quorumKept(snapshot, []) && !quorumKept(snapshot, [], apart))
          expect(cutOff(snapshot, apart).length).to.be.above(0);
      }),
    );
  });

  it('split in two are judged as a split, whichever way it is told', () => {
    fc.assert(
      fc.property(cluster, some, (snapshot, side) => {
        const ids = snapshot.datastore.members.map(({ id }) => id);
        const here = ids.filter((id) => side.includes(id));
        const there = ids.filter((id) => !side.includes(id));
        const apart = between(here, there);
        const kept = [here, there].filter((down) => quorumKept(snapshot, down));
        expect(quorumKept(snapshot, [], apart)).to.equal(kept.length > 0);
        if (quorumKept(snapshot, []))
          expect(cutOff(snapshot, apart)).to.deep.equal(kept.length > 0 ? kept[0] : ids);
      }),
    );
  });
});

/** The cluster with only one member that answers. */
function silentBut(snapshot: Snapshot, id: string): Snapshot {
  const members = snapshot.datastore.members.map((one) => ({ ...one, answers: one.id === id }));
  return { ...snapshot, datastore: { ...snapshot.datastore, members } };
}
