import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { scriptedWorld } from '../testing/scripted-world.ts';
import { removeVolumes, volumeFolder } from './volumes.ts';

describe('what a workload keeps on its node', () => {
  it('is removed from every node, and where it may not be is said', async () => {
    const ran: string[] = [];
    const runs =
      (status: number, stderr = '') =>
      (sh: string) => {
        ran.push(sh);
        return { status, stderr };
      };
    const world = scriptedWorld({
      nodes: {
        pi1: runs(0),
        pi2: runs(1, 'rm: Read-only file system\n'),
        pi3: () => {
          throw new Error('no route to pi3');
        },
      },
    });
    expect(await removeVolumes(['pi1', 'pi2', 'pi3'], world)).to.deep.equal([
      'pi2: /var/lib/holdfast/volume, if it is there: rm: Read-only file system',
      'pi3: /var/lib/holdfast/volume, if it is there: no route to pi3',
    ]);
    expect(ran).to.deep.equal(Array(2).fill('rm -rf /var/lib/holdfast/volume'));
  });

  it('is where the workload with a volume keeps it', () => {
    const file = new URL('../../scenarios/workloads/stateful.yaml', import.meta.url);
    expect(readFileSync(file, 'utf8')).to.include(`path: ${volumeFolder}`);
  });
});
