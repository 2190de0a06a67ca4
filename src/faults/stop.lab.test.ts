import { expect } from 'chai';
import { askDatastorePort } from '../testing/datastoreport.ts';
import { comesAndGoes, openFaultLab, type FaultLab } from '../testing/faultlab.ts';

const journal = 'journalctl --no-pager -o cat -u snap.microk8s.daemon-k8s-dqlite -n 20';

describe('the fault stop on the lab', () => {
  let lab: FaultLab;
  before(async () => (lab = await openFaultLab()));
  after(() => lab.close());

  it('ends the datastore of the leader cleanly, another leads, and it starts again', () => {
    let leader: string | undefined;
    return comesAndGoes(
      lab,
      'stop',
      { service: 'datastore', target: 'leader' },
      {
        inForce: async ({ targets: [node = ''], membersDown }) => {
          expect(await lab.on(node, 'pgrep -x k8s-dqlite || echo none')).to.equal('none');
          expect(await lab.on(node, journal)).to.contain('Deactivated successfully');
          expect(await askDatastorePort(lab, node)).to.equal('refused');
          leader = (await lab.survey()).datastore.leader;
          expect(membersDown).to.not.include(leader);
        },
        absent: async ({ targets: [node = ''] }) => {
          expect(await lab.on(node, 'pgrep -cx k8s-dqlite')).to.equal('1');
          expect(await askDatastorePort(lab, node)).to.equal('serves');
        },
      },
    );
  });

  it('stops containerd and leaves the pods running', async () => {
    const shims = (node: string): Promise<string> => lab.on(node, 'pgrep -x containerd-shim');
    const node = (await lab.survey()).pods[0]!.node;
    const before = await shims(node);
    await comesAndGoes(
      lab,
      'stop',
      { service: 'containers', target: { node } },
      {
        inForce: async () => {
          expect(await lab.on(node, 'pgrep -x containerd || echo none')).to.equal('none');
          expect(await shims(node)).to.equal(before);
        },
        absent: async () => {
          expect(await lab.on(node, 'pgrep -cx containerd')).to.equal('1');
          expect(await shims(node)).to.equal(before);
        },
      },
    );
  });
});
