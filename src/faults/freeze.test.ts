import { spawn, type ChildProcess } from 'node:child_process';
import { expect } from 'chai';
import { FakeNode, shOf } from '../testing/fakenode.ts';
import { designContext } from '../testing/design.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import type { Intent } from '../model/intent.ts';
import type { ServiceName } from '../model/snapshot.ts';
import { freeze } from './freeze.ts';

describe('the fault freeze', () => {
  it('says who, what and which member is gone until it is undone', () => {
    const intent = designed('datastore');
    expect(intent.says).to.equal('freeze the datastore (k8s-dqlite) on pi1');
    expect(intent.holds).to.deep.equal(['pi1/snap.microk8s.daemon-k8s-dqlite.service']);
    expect(intent.membersDown).to.deep.equal(['1']);
    expect(intent.loss).to.equal(undefined);
  });

  it('never looks for other processes of the containers', () => {
    expect(JSON.stringify(designed('containers'))).to.not.contain('cgroup');
    expect(JSON.stringify(designed('api-server'))).to.contain('cgroup');
  });
});

// The scripts run in the machine's own /bin/sh, on real processes, against a stand-in for systemctl.
describe('the scripts of the fault freeze', () => {
  const snapshot = snapshotOf();
  const service = { unit: 'k8s.service', process: 'sleep', port: 19001 };
  const served = {
    ...snapshot,
    services: { ...snapshot.services, datastore: service, containers: service },
  };
  const intent = designed('datastore', served);
  let node: FakeNode;
  let child: ChildProcess;
  let group: string;
  beforeEach(() => {
    node = new FakeNode('3f9a1c-fault');
    child = spawn('sleep', ['60'], { stdio: 'ignore' });
    group = '1:name=systemd:/system.slice/k8s.service';
    sayGroup();
  });
  afterEach(() => {
    child.kill('SIGKILL');
    node[Symbol.dispose]();
  });
  /** Here all processes are of one group: which are the unit's is for the stand-in to say. */
  function sayGroup(): void {
    const all = `/proc/${node.pid}/cgroup\\n/proc/${child.pid}/cgroup\\n`;
    node.tool('grep', `case "$1" in -m1) echo '${group}' ;; -slxF) printf '${all}' ;; esac`);
  }
  const state = (pid = child.pid): string => node.state(String(pid));

  it('freeze all processes of a service and let them go on', () => {
    node.performs(intent.prepare);
    expect(node.all(intent.bit), 'prepared, not fired').to.deep.equal(['no']);
    node.performs(intent.inject);
    expect([node.state(), state()]).to.deep.equal(['T', 'T']);
    expect(node.all(intent.bit)).to.deep.equal(['yes']);
    expect(node.all(intent.gone).slice(0, 2)).to.deep.equal(['no', 'no']);

    node.performs(intent.undo);
    expect([node.state(), state()]).to.not.include('T');
    expect(new Set(node.all(intent.gone))).to.deep.equal(new Set(['yes']));
    expect(node.left()).to.deep.equal([]);
    node.performs(intent.undo);
    expect(new Set(node.all(intent.gone)), 'undone twice').to.deep.equal(new Set(['yes']));
  });

  it('freeze the main process alone of the containers', () => {
    const containers = designed('containers', served);
    node.performs([...containers.prepare, ...containers.inject]);
    expect([node.state(), state()]).to.deep.equal(['T', 'S']);
    expect(node.all(containers.bit)).to.deep.equal(['yes']);
    node.performs(containers.undo);
  });

  it('refuse a group that is not of the unit: it might be everybody', () => {
    group = '1:name=systemd:/';
    sayGroup();
    const { status, stderr } = node.run(shOf(intent.prepare[0]));
    expect(status).to.equal(2);
    expect(stderr).to.match(/is in name=systemd:\/, not in a group of k8s.service/);
  });

  it('touch nobody who has got the pid of one that ended', () => {
    node.performs(intent.prepare);
    node.writeBefore(`${node.pid} 1\n${child.pid} 1`);
    expect(node.run(shOf(intent.inject[0])).status).to.equal(1);
    expect([node.state(), state()]).to.deep.equal(['S', 'S']);
    node.performs(intent.undo);
    expect(node.left()).to.deep.equal([]);
  });

  it('are not said to have bitten when the service has another main process by now', () => {
    node.performs([...intent.prepare, ...intent.inject]);
    node.set('MainPID', String(child.pid));
    expect(node.all(intent.bit)).to.deep.equal(['no']);
    node.performs(intent.undo);
  });
});

function designed(service: ServiceName, snapshot = snapshotOf()): Intent {
  const params = { service, target: 'leader', count: 'one' } as const;
  return freeze.design(params, designContext(['pi1'], snapshot));
}
