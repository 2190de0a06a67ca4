import { expect } from 'chai';
import { askDatastorePort } from '../testing/datastoreport.ts';
import { comesAndGoes, openFaultLab, type FaultLab } from '../testing/faultlab.ts';

describe('the fault kill on the lab', () => {
  let lab: FaultLab;
  before(async () => (lab = await openFaultLab()));
  after(() => lab.close());

  it('keeps a datastore down until it is undone', () =>
    comesAndGoes(
      lab,
      'kill',
      { service: 'datastore', target: 'follower', 'stay-down': true },
      {
        inForce: async ({ targets: [node = ''] }) => {
          expect(await lab.on(node, 'pgrep -x k8s-dqlite || echo none')).to.equal('none');
          expect(await askDatastorePort(lab, node)).to.equal('refused');
        },
        absent: async ({ targets: [node = ''] }) => {
          expect(await lab.on(node, 'pgrep -cx k8s-dqlite')).to.equal('1');
          expect(await askDatastorePort(lab, node)).to.equal('serves');
        },
      },
    ));
});
