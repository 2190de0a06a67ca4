import { expect } from 'chai';
import { comesAndGoes, type FaultLab } from '../testing/faultlab.ts';
import { closeWebLab, openWebLab } from '../testing/weblab.ts';

describe('delete-pod on the lab', () => {
  let lab: FaultLab;
  before(async () => (lab = await openWebLab()));
  after(() => closeWebLab(lab));

  it('crashes one replica, which another takes the place of', async () => {
    /** Names of the replicas, as a node's own kubectl tells them. */
    const replicas = async (): Promise<readonly string[]> =>
      (
        await lab.on('pi1', '/snap/bin/microk8s kubectl -n holdfast get pods -l app=web -o name')
      ).match(/[^/\s]+$/gm) ?? [];
    const before = await replicas();
    expect(before).to.have.length(3);
    await comesAndGoes(
      lab,
      'delete-pod',
      { namespace: 'holdfast', labels: { app: 'web' } },
      {
        inForce: async ({ podsHit }) => {
          const hit = podsHit.map((pod) => pod.replace('holdfast/', ''));
          expect(before).to.include.members(hit);
          expect(await replicas()).to.not.include.members(hit);
        },
        absent: async () => {
          expect((await replicas()).length).to.be.at.least(2);
        },
      },
    );
  });
});
