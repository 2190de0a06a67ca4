import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { designContext } from '../testing/design.ts';
import { nodeNumber, snapshotOf } from '../testing/snapshot.ts';
import { reboot, type RebootParams } from './reboot.ts';
import type { Act, Intent, Proof } from '../model/intent.ts';

const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

function designed(how: RebootParams['how'], id = bootId): Intent {
  const nodes = [{ ...nodeNumber(1), bootId: id }, nodeNumber(2)];
  const context = designContext(['pi1'], snapshotOf(undefined, { nodes }));
  return reboot.design({ target: 'leader', count: 'one', how }, context);
}

describe('the fault reboot', () => {
  it('is clean unless told otherwise', () => {
    expect(reboot.schema.parse({ target: 'leader' }).how).to.equal('clean');
    expect(reboot.schema.safeParse({ target: 'leader', how: 'hard' }).success).to.equal(false);
  });

  it('takes down the member of its node and leaves nothing to undo', () => {
    const intent = designed('clean');
    expect(intent.membersDown).to.deep.equal(['1']);
    expect(intent.undo).to.deep.equal([]);
    expect(intent.says).to.equal('reboot pi1');
    expect(designed('sysrq').says).to.equal('reboot pi1 at once, by the kernel (sysrq)');
    expect(JSON.parse(JSON.stringify(intent))).to.deep.equal(intent);
  });
});

// The scripts run in the machine's own /bin/sh; whatever could really reboot it is replaced first.
describe('the scripts of the fault reboot', () => {
  let folder: string;
  const told = (): string => join(folder, 'told');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-reboot-'));
    writeFileSync(join(folder, 'systemctl'), `#!/bin/sh\necho "$@" >>${told()}\n`);
    chmodSync(join(folder, 'systemctl'), 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function run(
    one: Act | Proof | undefined,
    { trigger = told(), container = join(folder, 'none') } = {},
  ): { status: number | null; stderr: string } {
    if (one === undefined || !('sh' in one)) throw new Error('no script');
    const script = one.sh
      .replaceAll('systemctl', join(folder, 'systemctl'))
      .replaceAll('/proc/sysrq-trigger', trigger)
      .replaceAll('/run/systemd/container', container);
    expect(script).not.to.match(/^systemctl|\/proc\/sysrq/m);
    return spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
  }

  it('tell systemd to reboot', () => {
    const { prepare, inject, bit } = designed('clean');
    expect(run(prepare[0]).status).to.equal(0);
    expect(run(bit[0]).status, 'not booted yet').to.equal(1);
    expect(run(inject[0]).status).to.equal(0);
    expect(readFileSync(told(), 'utf8')).to.equal('reboot\n');
  });

  it('write to the kernel', () => {
    const { prepare, inject } = designed('sysrq');
    writeFileSync(told(), '');
    expect(run(prepare[0]).status).to.equal(0);
    expect(run(inject[0]).status).to.equal(0);
    expect(readFileSync(told(), 'utf8')).to.equal('b\n');
  });

  for (const how of ['clean', 'sysrq'] as const)
    it(`do not do it again after the boot: ${how}`, () => {
      const { prepare, inject, bit } = designed(how, 'another');
      expect(run(inject[0]).status).to.equal(0);
      expect(existsSync(told())).to.equal(false);
      expect(run(bit[0]).status).to.equal(0);
      const refused = run(prepare[0]);
      expect(refused.status).to.equal(1);
      expect(refused.stderr).to.include('has booted since the survey');
    });

  it('are not available in a container, whose kernel is its host’s, nor without the trigger', () => {
    const { prepare, inject } = designed('sysrq');
    const container = join(folder, 'container');
    writeFileSync(container, 'systemd-nspawn\n');
    writeFileSync(told(), '');
    const refused = run(prepare[0], { container });
    expect(refused.status).to.equal(1);
    expect(refused.stderr).to.include('not available here');
    expect(run(inject[0], { container }).status).to.equal(1);
    expect(readFileSync(told(), 'utf8')).to.equal('');
    const missing = run(prepare[0], { trigger: join(folder, 'no', 'trigger') });
    expect(missing.status).to.equal(1);
    expect(missing.stderr).to.include('not available here');
  });
});
