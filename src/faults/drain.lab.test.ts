import { expect } from 'chai';
import { inject, InjectError, undo } from '../acts/fault.ts';
import type { Event } from '../model/timeline.ts';
import { comesAndGoes, designOn, type FaultLab } from '../testing/faultlab.ts';
import { closeWebLab, openWebLab } from '../testing/weblab.ts';

describe('drain on the lab', () => {
  let lab: FaultLab;
  before(async () => (lab = await openWebLab()));
  after(() => closeWebLab(lab));

  /** The master processes of nginx that really run on a node, whatever the API knows. */
  const servers = async (node: string): Promise<number> =>
    Number(await lab.on(node, 'ps -eo args | grep -c "^nginx: master" || true'));
  const cordoned = async (node: string, from: string): Promise<boolean> =>
    (await lab.on(from, `/snap/bin/microk8s kubectl get node ${node} --no-headers`)).includes(
      'SchedulingDisabled',
    );
  const nodeOfOne = async (): Promise<string> => {
    const pod = (await lab.survey()).pods.find(({ namespace }) => namespace === 'holdfast');
    if (pod === undefined) throw new Error('the workload is not there');
    return pod.node;
  };

  it('empties a node as its budgets allow, and opens it again', async () => {
    const node = await nodeOfOne();
    const other = node === 'pi4' ? 'pi3' : 'pi4';
    expect(await servers(node)).to.be.above(0);
    await comesAndGoes(
      lab,
      'drain',
      { target: { node }, within: '40s' },
      {
        inForce: async () => {
          expect(await servers(node)).to.equal(0);
          expect(await cordoned(node, other)).to.equal(true);
        },
        absent: async () => {
          expect(await cordoned(node, other)).to.equal(false);
        },
      },
    );
  });

  it('did not happen where a budget does not let a pod go, and says what the budget said', async () => {
    const node = await nodeOfOne();
    const other = node === 'pi4' ? 'pi3' : 'pi4';
    await lab.on(
      other,
      `/snap/bin/microk8s kubectl -n holdfast patch pdb web --type merge -p '{"spec":{"minAvailable":3}}'`,
    );
    const events: Event[] = [];
    const record = (event: Event): void => void events.push(event);
    const intent = await designOn(lab, 'drain', { target: { node }, within: '5s' });
    const error = await inject('drain', intent, 60_000, lab.world, record).catch(
      (error: unknown) => error,
    );
    expect(await undo('drain', intent, lab.world, record)).to.equal(undefined);

    expect(error).to.be.instanceOf(InjectError);
    expect(String(error)).to.match(
      /not gone after 5\.00 s: a disruption budget .* needs 3 healthy/,
    );
    expect(
      events.filter((event) => event.type === 'fault').map(({ state }) => state),
    ).to.deep.equal(['journaled', 'armed', 'missed', 'undone', 'gone']);
    expect(await cordoned(node, other)).to.equal(false);
    expect(await servers(node)).to.be.above(0);
  });
});
