import { expect } from 'chai';
import { datastorePort } from '../lab/microk8s/places.ts';
import type { LabNode } from '../lab/topology.ts';
import { comesAndGoes, openFaultLab, type FaultLab } from '../testing/faultlab.ts';
import { curls, parts, pings } from '../testing/network.ts';

const count = 200;

describe('lose, on the lab', () => {
  let lab: FaultLab;
  let target: LabNode;
  let other: LabNode;
  let third: LabNode;
  before(async () => {
    lab = await openFaultLab();
    const { leader, follower, others } = await parts(lab);
    [target, other, third] = [follower, leader, others[0]!];
  });
  after(() => lab.close());

  it('loses such a share in each direction, between two targets as well @long', () =>
    comesAndGoes(
      lab,
      'lose',
      { target: { nodes: [target.name, third.name] }, share: '30%' },
      {
        inForce: async () => {
          // There and back: 0.7 × 0.7; five standard deviations are 35 of 200.
          expect(await pings(lab, other, target, count)).to.be.closeTo(0.49 * count, 35);
          expect(await pings(lab, third, target, count)).to.be.closeTo(0.49 * count, 35);
        },
        absent: async () => {
          expect(await pings(lab, other, target, count)).to.equal(count);
        },
      },
    ));

  it("loses the datastore's packets and no others where it is told to", () =>
    comesAndGoes(
      lab,
      'lose',
      { target: { node: target.name }, share: '60%', traffic: 'datastore' },
      {
        inForce: async () => {
          expect(await pings(lab, other, target, count)).to.equal(count);
          expect(await silent()).to.be.above(3);
        },
        absent: async () => {
          expect(await silent()).to.equal(0);
        },
      },
    ));

  /** How many of ten connections do not stand within a second; at 60 % there and back, 84 % do not. */
  async function silent(): Promise<number> {
    const all = await Promise.all(
      Array.from({ length: 10 }, () => curls(lab, other, target, datastorePort)),
    );
    return all.filter((one) => one === 'silence').length;
  }
});
