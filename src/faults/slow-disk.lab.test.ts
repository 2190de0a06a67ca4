import { expect } from 'chai';
import { syncedWriteMs } from '../testing/syncedwrite.ts';
import { comesAndGoes, openFaultLab, type FaultLab } from '../testing/faultlab.ts';

describe('the fault slow-disk on the lab', () => {
  let lab: FaultLab;
  before(async () => (lab = await openFaultLab()));
  after(() => lab.close());

  it("makes a datastore's synced writes take 40 ms and more, and leaves them as quick as they were", () =>
    comesAndGoes(
      lab,
      'slow-disk',
      { target: 'follower', 'write-iops': 20 },
      {
        inForce: async ({ targets: [node = ''] }) => {
          expect(await syncedWriteMs(lab.on, node)).to.be.greaterThan(40);
        },
        absent: async ({ targets: [node = ''] }) => {
          expect(await syncedWriteMs(lab.on, node)).to.be.lessThan(25);
        },
      },
    ));
});
