import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { inject, undo } from '../acts/fault.ts';
import { leftovers } from '../acts/leftovers.ts';
import { comesAndGoes, designOn, openFaultLab, type FaultLab } from '../testing/faultlab.ts';

describe('cordon on the lab', () => {
  let lab: FaultLab;
  before(async () => (lab = await openFaultLab()));
  after(() => lab.close());

  /** As another node's kubectl shows it. */
  const row = async (node: string, from: string): Promise<string> =>
    lab.on(from, `/snap/bin/microk8s kubectl get node ${node} --no-headers`);

  it('closes a node to new pods, and opens it again', async () => {
    await comesAndGoes(
      lab,
      'cordon',
      { target: { node: 'pi2' } },
      {
        inForce: async () => {
          expect(await row('pi2', 'pi4')).to.match(/ Ready,SchedulingDisabled /);
        },
        absent: async () => {
          expect(await row('pi2', 'pi4')).to.match(/ Ready /);
        },
      },
    );
  });

  it('is taken back by the timer of a peer, which leaves nothing there', async () => {
    const record = (): void => undefined;
    const intent = await designOn(lab, 'cordon', { target: { node: 'pi2' } });
    const peers = intent.undo.flatMap((act) => ('onAny' in act ? act.onAny : []));
    expect(peers).to.have.length(2).and.not.include('pi4');
    // Where kubectl would keep what it learns of the API; an earlier test may have made it.
    const homes = '/.kube /root/.kube';
    for (const peer of peers) await lab.on(peer, `rm -rf ${homes}`);
    try {
      expect(await inject('cordon', intent, 4000, lab.world, record)).to.equal(true);
      expect(await row('pi2', 'pi4')).to.match(/ Ready,SchedulingDisabled /);
      await delay(8000);
      expect(await row('pi2', 'pi4')).to.match(/ Ready /);
      const nodes = lab.cluster.nodes.map(({ name }) => name);
      expect(await leftovers(nodes, lab.world)).to.deep.equal([]);
      for (const peer of peers)
        expect(await lab.on(peer, `ls -d ${homes} 2>/dev/null || true`)).to.equal('');
    } finally {
      expect(await undo('cordon', intent, lab.world, record)).to.equal(undefined);
    }
  });
});
