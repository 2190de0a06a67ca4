import { expect } from 'chai';
import { inject, undo } from '../acts/fault.ts';
import { comesAndGoes, designOn, openFaultLab, type FaultLab } from '../testing/faultlab.ts';

const residentMiB = async (lab: FaultLab, node: string): Promise<number> => {
  const stat = await lab.on(node, 'grep "^total_rss " /sys/fs/cgroup/memory/memory.stat');
  return Number(stat.split(' ')[1]) / 2 ** 20;
};

describe('the fault hog-memory on the lab', () => {
  let lab: FaultLab;
  before(async () => (lab = await openFaultLab()));
  after(() => lab.close());

  it('holds as much memory of a node as is said, and gives it back', async () => {
    const before = await residentMiB(lab, 'pi2');
    await comesAndGoes(
      lab,
      'hog-memory',
      { target: { node: 'pi2' }, size: '512MiB' },
      {
        inForce: async () => {
          expect((await residentMiB(lab, 'pi2')) - before).to.be.within(400, 800);
        },
        absent: async () => {
          expect((await residentMiB(lab, 'pi2')) - before).to.be.lessThan(200);
        },
      },
    );
  });

  it('refuses to hold more than is available, and leaves nothing', async () => {
    const intent = await designOn(lab, 'hog-memory', { target: { node: 'pi2' }, size: '2TiB' });
    const tried = await inject('hog', intent, 60_000, lab.world, () => undefined).catch(String);
    expect(tried).to.match(/more than the \d+ KiB that are available/);
    expect(await undo('hog', intent, lab.world, () => undefined)).to.equal(undefined);
  });
});
