import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isImpossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import { designContext } from '../testing/design.ts';
import { podOf, snapshotOf } from '../testing/snapshot.ts';
import { podProcesses } from './control/pod.ts';
import { freezePod } from './freeze-pod.ts';

const labels = { app: 'elector' };
const pods = [
  podOf('holdfast/elector-1', 'pi1', { labels }),
  podOf('holdfast/elector-2', 'pi2', { labels }),
  podOf('holdfast/elector-3', 'pi2', { labels }),
];
const snapshot = snapshotOf(undefined, { pods, leases: { 'holdfast/elector': 'elector-2' } });

function design(written: object): ReturnType<typeof freezePod.design> {
  const params = freezePod.schema.parse({ namespace: 'holdfast', labels, ...written });
  return freezePod.design(params, designContext([], snapshot));
}

function designed(written: object): Intent {
  const intent = design(written);
  if (isImpossible(intent)) throw new Error(intent.impossible);
  return intent;
}

describe('the fault freeze-pod', () => {
  it('is done, proved and taken back on the node of the pod that leads', () => {
    const intent = designed({ leads: 'elector' });
    expect(intent).to.deep.include({
      says: 'freeze holdfast/elector-2 on pi2',
      targets: [],
      podsHit: ['holdfast/elector-2'],
      leases: ['holdfast/elector'],
      undoBy: 'node-timer',
    });
    const nodes = [...intent.prepare, ...intent.inject, ...intent.undo].map((act) =>
      'on' in act ? act.on : '',
    );
    expect(new Set(nodes)).to.deep.equal(new Set(['pi2']));
    expect(JSON.stringify(intent.prepare)).to.include('poduid[-_]of[-_]elector[-_]2');
  });

  it('is told in words before its workload is there, and is for one pod a node', () => {
    expect(design({ leads: 'other' })).to.have.property('untilDeployed');
    expect(design({ count: 'all' }))
      .to.have.property('impossible')
      .that.includes('on one node');
  });
});

describe('the processes of a pod', () => {
  it('are those in its group, however that is written, but the one that holds its namespaces', () => {
    const proc = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
    const processOf = (pid: number, comm: string, group: string): void => {
      mkdirSync(join(proc, String(pid)));
      writeFileSync(join(proc, String(pid), 'comm'), `${comm}\n`);
      writeFileSync(join(proc, String(pid), 'cgroup'), `0::/${group}\n`);
    };
    processOf(11, 'pause', 'kubepods/burstable/pod1a-2b/c1');
    processOf(12, 'elector', 'kubepods/burstable/pod1a-2b/c2');
    processOf(13, 'helper', 'kubepods-burstable-pod1a_2b.slice/c3');
    processOf(14, 'elector', 'kubepods/burstable/pod1a-2c/c4');
    const run = (uid: string): object => {
      const { find, processes } = podProcesses(uid);
      const script = `${find}\n${processes}\necho $pid: $pids`.replaceAll('/proc/', `${proc}/`);
      return spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
    };
    try {
      expect(run('1a-2b')).to.include({ status: 0, stdout: '12: 12 13\n' });
      expect(run('1a-2d')).to.include({ status: 1, stderr: 'no process of the pod runs\n' });
    } finally {
      rmSync(proc, { recursive: true });
    }
  });
});
