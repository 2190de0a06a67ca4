import { expect } from 'chai';
import { FakeNode, shOf } from '../testing/fakenode.ts';
import { designContext } from '../testing/design.ts';
import type { Intent } from '../model/intent.ts';
import { hogCpu } from './hog-cpu.ts';
import { hogMemory } from './hog-memory.ts';

describe('the fault hog-cpu', () => {
  it('takes all processors unless told how many', () => {
    expect(hogCpu.schema.parse({ target: 'leader' })).to.include({ cores: 'all', count: 'one' });
    expect(hogCpu.schema.safeParse({ target: 'leader', cores: 0 }).success).to.equal(false);
    expect(cpu('all').says).to.equal('keep all processors of pi1 busy');
    expect(cpu(2).says).to.equal("keep 2 processors' worth of pi1 busy");
  });

  it('takes no member down, and bears its id on the node', () => {
    expect(cpu('all')).to.deep.include({ membersDown: [], holds: ['pi1/processors'] });
    expect(shOf(cpu('all').prepare[0])).to.contain("--unit='holdfast-3f9a1c-fault-cpu.service'");
  });
});

describe('the fault hog-memory', () => {
  it('is written with a size, and waits longer for a larger one', () => {
    expect(hogMemory.schema.parse({ target: 'leader', size: '512MiB' })).to.deep.include({
      size: 512 * 2 ** 20,
      overcommit: false,
    });
    expect(hogMemory.schema.safeParse({ target: 'leader' }).success).to.equal(false);
    expect(memory('1GiB').says).to.equal('hold 1GiB of the memory of pi1');
    expect(memory('4GiB').bitWithinMs).to.be.greaterThan(memory('1GiB').bitWithinMs ?? 0);
  });

  it('refuses more than is available, unless that is meant', () => {
    using node = new FakeNode('3f9a1c-fault');
    const { status, stderr } = node.run(shOf(memory('900TiB').prepare[0]));
    expect(status).to.equal(1);
    expect(stderr).to.match(/are more than the \d+ KiB that are available; say overcommit: true/);
    expect(shOf(memory('900TiB', true).prepare[0])).to.not.contain('MemAvailable');
  });
});

// The scripts run in the machine's own /bin/sh, on a real process, against a stand-in for systemd.
describe('the scripts of the hogs', () => {
  let node: FakeNode;
  beforeEach(() => {
    node = new FakeNode('3f9a1c-fault');
    // Starts what it is told to as systemd would, and says that the unit's main process is that one.
    node.tool(
      'systemd-run',
      `while [ "$1" != /bin/sh ]; do shift; done
      setsid "$@" </dev/null >/dev/null 2>&1 & echo $! >"${node.unit}/MainPID"`,
    );
    node.tool(
      'grep',
      `case "$1" in
      -m1) echo '1:name=systemd:/system.slice/holdfast-3f9a1c-fault-cpu.service/holdfast-3f9a1c-fault-memory.service' ;;
      -slxF) for pid in $(ps -o pid= -s "$(cat "${node.unit}/MainPID")"); do echo "/proc/$pid/cgroup"; done ;;
    esac`,
    );
    node.set('LoadState', 'not-found');
  });
  afterEach(() => {
    // The leader of its group, with its loops or its pipe.
    if (node.setting('MainPID') !== node.pid)
      process.kill(-Number(node.setting('MainPID')), 'SIGKILL');
    node[Symbol.dispose]();
  });

  for (const [name, intent] of [
    ['hog-cpu', cpu(1)],
    ['hog-memory', memory('64MiB')],
  ] as const)
    it(`prepare ${name}, which waits, and let it go`, async () => {
      node.performs(intent.prepare);
      expect(node.state(node.setting('MainPID'))).to.equal('T');
      const idle = node.run(shOf(intent.bit[0]));
      expect(idle.status, 'prepared, not fired').to.equal(1);
      if (name === 'hog-cpu') expect(idle.stderr).to.contain('they have 0 % of a processor');
      expect(node.all(intent.gone)).to.deep.equal(['no']);
      node.performs(intent.inject);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      // How much of a processor it gets here depends on whoever else wants one.
      const { status, stderr } = node.run(shOf(intent.bit[0]));
      if (name === 'hog-cpu') expect(stderr).to.match(/they have [1-9]\d* % of a processor, of 1/);
      else expect(status, stderr).to.equal(0);
      node.performs(intent.undo);
      expect(node.all(intent.gone)).to.deep.equal(['yes']);
      node.performs(intent.undo);
      expect(node.left()).to.deep.equal([]);
    });
});

function cpu(cores: 'all' | number): Intent {
  return hogCpu.design({ target: 'leader', count: 'one', cores }, designContext(['pi1']));
}

function memory(size: string, overcommit = false): Intent {
  const params = hogMemory.schema.parse({ target: 'leader', size, overcommit });
  return hogMemory.design(params, designContext(['pi1']));
}
