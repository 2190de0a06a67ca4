import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { FakeNode, shOf } from '../testing/fakenode.ts';
import { designContext } from '../testing/design.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import type { Intent } from '../model/intent.ts';
import { slowDisk } from './slow-disk.ts';

describe('the fault slow-disk', () => {
  it('lets twenty writes a second pass unless told how many', () => {
    expect(slowDisk.schema.parse({ target: 'leader' })).to.include({ 'write-iops': 20 });
    expect(designed('/data').says).to.equal(
      'slow the disk of the datastore on pi1 to 20 writes a second',
    );
    for (const iops of [5, 20.5, 2000])
      expect(slowDisk.schema.safeParse({ target: 'leader', 'write-iops': iops }).success).to.equal(
        false,
      );
  });

  it('takes no member down: it is slow, and votes', () => {
    expect(designed('/data')).to.deep.include({ membersDown: [], undoBy: 'node-timer' });
  });
});

// The scripts run in the machine's own /bin/sh; the kernel's part is a file, and dd takes as long as it says.
describe('the scripts of the fault slow-disk', () => {
  let node: FakeNode;
  let folder: string;
  let intent: Intent;
  // Any disk of this machine: nothing is set for it but in a file of ours.
  const [disk] = existsSync('/sys/dev/block') ? readdirSync('/sys/dev/block') : [];
  before(function () {
    if (disk === undefined) this.skip();
  });
  const rules = (): string =>
    readFileSync(join(folder, 'blkio.throttle.write_iops_device'), 'utf8').trim();
  beforeEach(() => {
    node = new FakeNode('3f9a1c-fault');
    folder = mkdtempSync(join(tmpdir(), 'holdfast-blkio-'));
    intent = designed(folder);
    writeFileSync(join(folder, 'cgroup.procs'), '');
    writeFileSync(join(folder, 'blkio.throttle.write_iops_device'), '');
    node.tool('findmnt', `echo " ${disk} "`);
    node.tool(
      'dd',
      `grep -q '${disk} 20' ${folder}/blkio.throttle.write_iops_device && sleep 0.8; exit 0`,
    );
    // A device of ours, and the group of the process: what the real tools say differs from machine to machine.
    node.tool(
      'grep',
      `case "$*" in
      *blkio*/proc/*/cgroup) echo '7:blkio:/' ;;
      *mountinfo) echo '35 24 0:35 / ${folder} rw - cgroup cgroup rw,blkio' ;;
      *) exec /usr/bin/env -i /bin/grep "$@" ;;
    esac`,
    );
    node.tool('cat', `case $1 in /sys/*) echo ${disk} ;; *) exec /bin/cat "$@" ;; esac`);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    node[Symbol.dispose]();
  });

  it('limit the writes to the disk of the folder, and set what was set before', () => {
    node.performs(intent.prepare);
    expect(node.before()).to.match(new RegExp(`^v1 ${disk} 0 \\d+ ${folder}$`));
    expect(node.all(intent.bit), 'prepared, not fired').to.deep.equal(['no']);
    node.performs(intent.inject);
    expect(rules()).to.equal(`${disk} 20`);
    expect(node.all(intent.bit)).to.deep.equal(['yes']);
    expect(node.all(intent.gone)).to.deep.equal(['no']);
    node.performs(intent.undo);
    expect(rules()).to.equal(`${disk} 0`);
    expect(node.all(intent.gone)).to.deep.equal(['yes']);
    node.performs(intent.undo);
    expect(node.left()).to.deep.equal([]);
  });

  it('set the limit again that was there', () => {
    writeFileSync(join(folder, 'blkio.throttle.write_iops_device'), `999:0 5\n${disk} 400\n`);
    node.performs([...intent.prepare, ...intent.inject, ...intent.undo]);
    expect(rules()).to.equal(`${disk} 400`);
  });

  it('refuse a disk that is as slow already', () => {
    node.tool('dd', 'sleep 0.8');
    const { status, stderr } = node.run(shOf(intent.prepare[0]));
    expect(status).to.equal(1);
    expect(stderr).to.match(/takes \d+ us as it is: 20 writes a second would hardly slow it/);
  });
});

function designed(folder: string): Intent {
  const snapshot = snapshotOf();
  const params = slowDisk.schema.parse({ target: 'leader' });
  return slowDisk.design(
    params,
    designContext(['pi1'], {
      ...snapshot,
      datastore: { ...snapshot.datastore, folder },
      services: {
        ...snapshot.services,
        datastore: { unit: 'k8s.service', process: 'sleep', port: 19001 },
      },
    }),
  );
}
