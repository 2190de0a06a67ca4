import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { FakeNode, shOf } from '../testing/fakenode.ts';
import { designContext } from '../testing/design.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import type { Intent } from '../model/intent.ts';
import { fillDisk } from './fill-disk.ts';

describe('the fault fill-disk', () => {
  it('leaves nothing and spares the root file system unless told otherwise', () => {
    const parsed = fillDisk.schema.parse({ target: 'leader' });
    expect(parsed).to.include({ leave: 0, 'also-root': false });
    expect(designed({}).says).to.equal('fill the file system of the datastore on pi1');
    expect(designed({ leave: '20MiB' }).says).to.match(/ on pi1 but for 20MiB$/);
  });

  it('takes the member down, and outlives a reboot', () => {
    expect(designed({})).to.deep.include({ membersDown: ['1'], undoBy: 'boot' });
  });
});

// The scripts run in the machine's own /bin/sh; where it can, on a small file system of its own.
describe('the scripts of the fault fill-disk', () => {
  let node: FakeNode;
  let folder: string;
  beforeEach(() => {
    node = new FakeNode('3f9a1c-fault');
    folder = mkdtempSync(join(tmpdir(), 'holdfast-disk-'));
  });
  afterEach(() => {
    spawnSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
    node[Symbol.dispose]();
  });

  for (const leave of ['0KiB', '2MiB'])
    it(`fill a file system but for ${leave}, and give it back`, function () {
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder]);
      if (mounted.status !== 0) this.skip();
      const intent = designed({ leave }, folder);
      node.performs(intent.prepare);
      expect(node.all(intent.bit), 'prepared, not fired').to.deep.equal(['no']);
      node.performs(intent.inject);
      expect(node.all(intent.bit)).to.deep.equal(['yes']);
      expect(node.all(intent.gone)).to.deep.equal(['no']);
      node.performs([...intent.undo, ...intent.undo]);
      expect(node.all(intent.gone)).to.deep.equal(['yes']);
      expect(readdirSync(folder)).to.deep.equal([]);
    });

  it('refuse the root file system unless that is meant', () => {
    mkdirSync('/var/tmp', { recursive: true });
    const of = spawnSync('stat', ['-c', '%d', '/', '/var/tmp'], { encoding: 'utf8' });
    const [root, there] = of.stdout.trim().split('\n');
    const { status, stderr } = node.run(shOf(designed({}, '/var/tmp').prepare[0]));
    expect(status).to.equal(root === there ? 1 : 0);
    if (root === there) expect(stderr).to.contain('say also-root: true if that is meant');
    const meant = node.run(shOf(designed({ 'also-root': true }, '/var/tmp').prepare[0]));
    expect(meant.status).to.equal(0);
  });

  it('are not said to have bitten when nothing fails for lack of space', () => {
    const intent = designed({}, folder);
    node.tool('fallocate', 'echo "fallocate: Operation not supported" >&2; exit 1');
    expect(node.all(intent.bit)).to.deep.equal(['no']);
    spawnSync('touch', [join(folder, 'holdfast-3f9a1c-fault.fill')]);
    expect(node.all(intent.bit), 'another reason').to.deep.equal(['unclear']);
    expect(node.run(shOf(intent.inject[0])).status).to.equal(1);
    node.performs(intent.undo);
    expect(existsSync(join(folder, 'holdfast-3f9a1c-fault.fill'))).to.equal(false);
  });
});

function designed(written: object, folder = '/var/lib/data'): Intent {
  const snapshot = snapshotOf();
  const params = fillDisk.schema.parse({ target: 'leader', ...written });
  const there = { ...snapshot, datastore: { ...snapshot.datastore, folder } };
  return fillDisk.design(params, designContext(['pi1'], there));
}
