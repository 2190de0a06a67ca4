import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { lines } from '../script.ts';
import { staticPod } from './static-pod.ts';

describe('a service in a static pod', () => {
  let folder: string;
  let manifest: string;
  let aside: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
    mkdirSync(join(folder, 'manifests'));
    manifest = join(folder, 'manifests', 'etcd.yaml');
    aside = join(folder, 'holdfast-f1-etcd.yaml');
    writeFileSync(manifest, 'first');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const kept = () => staticPod({ manifest, process: 'no-such-etcd' }).keptDown('f1');
  const sh = (script: string): { status: number | null; stderr: string } =>
    spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
  const undo = (): ReturnType<typeof sh> => sh(lines('status=0', kept().allow, 'exit $status'));

  it('is kept down by its manifest, which lies beside its folder and never in it', () => {
    expect(sh(kept().isDown).status).to.equal(1);
    expect(sh(kept().after ?? '').status).to.equal(0);
    expect([existsSync(manifest), existsSync(aside)]).to.deep.equal([false, true]);
    expect(sh(kept().isDown).status).to.equal(0);
    expect(sh(kept().isGone).status).to.equal(1);
  });

  it('has its manifest back after the undo, and undone twice it is as undone once', () => {
    sh(kept().after ?? '');
    for (const time of ['once', 'twice']) {
      expect(undo().status, time).to.equal(0);
      expect(readFileSync(manifest, 'utf8'), time).to.equal('first');
      expect(sh(kept().isGone).status, time).to.equal(0);
    }
  });

  it('leaves a manifest that somebody else has put there meanwhile, and says so', () => {
    sh(kept().after ?? '');
    writeFileSync(manifest, 'second');
    const { status, stderr } = undo();
    expect(status).to.equal(1);
    expect(stderr).to.include(manifest).and.to.include(aside);
    expect(readFileSync(manifest, 'utf8')).to.equal('second');
    expect(sh(kept().isGone).status).to.equal(1);
  });

  it('is halted once, whoever else keeps it down, and resumed once', () => {
    const { data } = staticPod({ manifest, process: 'no-such-etcd' });
    const halted = join(folder, 'holdfast-halted-etcd.yaml');
    sh(kept().after ?? '');
    for (const time of ['once', 'twice']) {
      expect(sh(data.halt).status, time).to.equal(0);
      expect([existsSync(manifest), existsSync(aside), existsSync(halted)], time).to.deep.equal([
        false,
        false,
        true,
      ]);
    }
    for (const time of ['once', 'twice']) {
      expect(sh(data.resume).status, time).to.equal(0);
      expect(readFileSync(manifest, 'utf8'), time).to.equal('first');
      expect(existsSync(halted), time).to.equal(false);
    }
    // Whoever kept it down has nothing to give back any more.
    expect(undo().status).to.equal(0);
    expect(sh(kept().isGone).status).to.equal(0);
  });

  it('is not held still where it does not run', () => {
    const { data } = staticPod({ manifest, process: 'no-such-etcd' });
    expect(sh(data.still('true'))).to.include({ status: 1, stderr: 'it does not run\n' });
  });

  it('is not found where no pod has such a process, nor by its name alone', () => {
    for (const process of ['no-such-etcd', 'sh']) {
      const { status, stderr } = sh(staticPod({ manifest, process }).find);
      expect(status, process).to.equal(1);
      expect(stderr, process).to.include(`0 processes ${process} run in pods`);
    }
  });
});
