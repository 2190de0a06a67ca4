import { expect } from 'chai';
import { backendDir } from '../lab/microk8s/places.ts';
import { comesAndGoes, openFaultLab, type FaultLab } from '../testing/faultlab.ts';

const write = `dd if=/dev/zero of=${backendDir}/written bs=1M count=1 conv=fsync 2>&1; rm -f ${backendDir}/written`;

describe('the fault fill-disk on the lab', () => {
  let lab: FaultLab;
  before(async () => (lab = await openFaultLab()));
  after(() => lab.close());

  it("leaves no space beside a datastore's data, and gives all of it back", () =>
    comesAndGoes(
      lab,
      'fill-disk',
      { target: 'follower' },
      {
        inForce: async ({ targets: [node = ''] }) => {
          expect(await lab.on(node, write)).to.contain('No space left on device');
          expect(await lab.on(node, `df --output=avail -k ${backendDir} | tail -1`)).to.match(
            /^ *\d{1,2}$/,
          );
        },
        absent: async ({ targets: [node = ''] }) => {
          expect(await lab.on(node, write)).to.contain('copied');
          expect(await lab.on(node, `ls ${backendDir}`)).to.not.contain('holdfast');
        },
      },
    ));

  it('leaves as much as it is told to', () =>
    comesAndGoes(
      lab,
      'fill-disk',
      { target: 'follower', leave: '20MiB' },
      {
        inForce: async ({ targets: [node = ''] }) => {
          expect(await lab.on(node, write)).to.contain('copied');
          const left = Number(await lab.on(node, `df --output=avail -k ${backendDir} | tail -1`));
          expect(left).to.be.within(1024, 21 * 1024);
        },
        absent: async ({ targets: [node = ''] }) => {
          expect(await lab.on(node, `ls ${backendDir}`)).to.not.contain('holdfast');
        },
      },
    ));
});
