import { expect } from 'chai';
import { comesAndGoes, openFaultLab, type FaultLab } from '../testing/faultlab.ts';

describe('the fault hog-cpu on the lab', () => {
  let lab: FaultLab;
  before(async () => (lab = await openFaultLab()));
  after(() => lab.close());

  it('uses up the processors of a node and no more once it is undone', () => {
    // Of the node's own group, as its kernel counts it: nanoseconds.
    const usedMs = async (node: string): Promise<number> => {
      const look = async (): Promise<number> =>
        Number(await lab.on(node, 'cat /sys/fs/cgroup/cpuacct/cpuacct.usage')) / 1e6;
      const before = await look();
      await lab.on(node, 'sleep 2');
      return (await look()) - before;
    };
    return comesAndGoes(
      lab,
      'hog-cpu',
      { target: 'leader', cores: 2 },
      {
        inForce: async ({ id, targets: [node = ''] }) => {
          expect(await lab.on(node, `pgrep -cf "/run/holdfast/${id}[.]cpu"`)).to.equal('2');
          expect(await usedMs(node)).to.be.greaterThan(1000);
        },
        absent: async ({ id, targets: [node = ''] }) => {
          expect(await lab.on(node, `pgrep -cf "/run/holdfast/${id}[.]cpu" || true`)).to.equal('0');
          expect(await usedMs(node)).to.be.lessThan(1000);
        },
      },
    );
  });
});
