import { expect } from 'chai';
import { FakeNode, shOf } from '../testing/fakenode.ts';
import { designContext } from '../testing/design.ts';
import { nodeNumber, snapshotOf } from '../testing/snapshot.ts';
import { kill } from './kill.ts';
import type { Intent } from '../model/intent.ts';
import type { ServiceName, Snapshot } from '../model/snapshot.ts';
import type { KillParams } from './kill.ts';

describe('the fault kill', () => {
  it('is written with a service and a target, and crashes once unless told otherwise', () => {
    expect(kill.schema.parse({ service: 'datastore', target: 'leader' })).to.deep.equal({
      service: 'datastore',
      target: 'leader',
      count: 'one',
      'stay-down': false,
    });
    expect(kill.schema.safeParse({ service: 'etcd', target: 'leader' }).success).to.equal(false);
    expect(kill.schema.safeParse({ service: 'datastore' }).success).to.equal(false);
    expect(
      kill.schema.safeParse({ service: 'datastore', target: 'leader', stayDown: true }).success,
    ).to.equal(false);
  });

  it('says who, what, what it holds and which member it takes down', () => {
    const intent = designed('datastore', true);
    expect(intent.says).to.equal('kill the datastore (k8s-dqlite) on pi1 and keep it down');
    expect(intent.targets).to.deep.equal(['pi1']);
    expect(intent.holds).to.deep.equal(['pi1/snap.microk8s.daemon-k8s-dqlite.service']);
    expect(intent.membersDown).to.deep.equal(['1']);
    expect(intent.undoBy).to.equal('node-timer');
  });

  it('takes no datastore member down with the API server or the container runtime', () => {
    expect(designed('api-server', true).membersDown).to.deep.equal([]);
    expect(designed('containers', false).membersDown).to.deep.equal([]);
  });

  it('does not ask for the API port on a worker, where a proxy holds it', () => {
    const worker = { ...nodeNumber(1), controlPlane: false };
    const snapshot = snapshotOf(['voter'], { nodes: [worker] });
    expect(JSON.stringify(designed('api-server', true, snapshot))).not.to.contain('16443');
    expect(JSON.stringify(designed('api-server', true))).to.contain('16443');
  });

  it('is plain data that survives the journal', () => {
    const intent = designed('datastore', true);
    expect(JSON.parse(JSON.stringify(intent))).to.deep.equal(intent);
  });
});

// The scripts run in the machine's own /bin/sh, on a real process, against a stand-in for systemctl.
describe('the scripts of the fault kill', () => {
  let node: FakeNode;
  beforeEach(() => (node = new FakeNode('3f9a1c-kill')));
  afterEach(() => node[Symbol.dispose]());

  for (const stayDown of [true, false])
    it(`kill and undo a service that ${stayDown ? 'stays down' : 'crashes once'}`, async () => {
      const intent = designed('datastore', stayDown, served(node.port));

      expect(node.all(intent.bit)).not.to.include('yes');
      node.performs(intent.prepare);
      expect(node.setting('Restart')).to.equal(stayDown ? 'no' : 'on-failure');
      expect(node.all(intent.bit), 'prepared, not fired').to.include('no');
      node.performs(intent.inject);
      await node.reactsToDeath();
      expect(new Set(node.all(intent.bit))).to.deep.equal(new Set(['yes']));
      expect(node.all(intent.gone)).to.include('no');

      node.performs(intent.undo);
      node.listens(true);
      expect(new Set(node.all(intent.gone))).to.deep.equal(new Set(['yes']));
      expect(node.left()).to.deep.equal([]);
      node.performs(intent.undo);
      expect(new Set(node.all(intent.gone)), 'undone twice').to.deep.equal(new Set(['yes']));
    });

  it('prove a crash also while systemd waits before it starts the service anew', async () => {
    const intent = designed('datastore', false, served(node.port));
    node.performs(intent.prepare);
    node.performs(intent.inject);
    await node.waitsToRestart();
    expect(node.all(intent.bit)).to.deep.equal(['yes']);
  });

  it('do not take a service for crashed that was stopped', () => {
    const intent = designed('datastore', false, served(node.port));
    node.performs(intent.prepare);
    node.set('MainPID', '0');
    node.set('ActiveState', 'inactive');
    node.set('SubState', 'dead');
    expect(node.all(intent.bit)).to.deep.equal(['no']);
  });

  it('undo nothing without failing', () => {
    const intent = designed('datastore', true, served(node.port));
    node.performs(intent.undo);
    expect(new Set(node.all(intent.gone))).to.deep.equal(new Set(['yes']));
  });

  it('undo what was only prepared', () => {
    const intent = designed('datastore', true, served(node.port));
    node.performs(intent.prepare);
    expect(node.all(intent.gone)[0]).to.equal('no');
    node.performs(intent.undo);
    expect(node.left()).to.deep.equal([]);
    expect(node.setting('Restart')).to.equal('on-failure');
  });

  it('refuse to prepare while only the wrapper runs', () => {
    const intent = designed('datastore', true, served(node.port, 'k8s-dqlite'));
    const { status, stderr } = node.run(shOf(intent.prepare[0]));
    expect(status).to.equal(1);
    expect(stderr).to.match(/the main process of k8s.service \(\d+\) is sleep, not k8s-dqlite/);
  });

  it('refuse to prepare where another drop-in insists on a restart', () => {
    node.set('Stubborn', 'always');
    const { status, stderr } = node.run(
      shOf(designed('datastore', true, served(node.port)).prepare[0]),
    );
    expect(status).to.equal(1);
    expect(stderr).to.contain('insists on Restart=always');
  });

  it('do not kill the successor of the process that was chosen', () => {
    const intent = designed('datastore', false, served(node.port));
    node.performs(intent.prepare);
    const [pid = '', , restarts = ''] = node.before().split(' ');
    node.writeBefore(`${pid} 1 ${restarts}`);
    expect(node.run(shOf(intent.inject[0])).status).not.to.equal(0);
    expect(node.alive()).to.equal(true);
  });

  it('report an undo that failed, and do the rest of it', () => {
    const intent = designed('datastore', true, served(node.port));
    node.performs(intent.prepare);
    node.breakTools();
    expect(node.run(shOf(intent.undo[0])).status).to.equal(1);
    expect(node.left()).to.deep.equal([]);
  });

  it('report their failure also where the caller looks at the exit status', () => {
    const intent = designed('datastore', true, served(node.port));
    node.breakTools();
    for (const act of [...intent.prepare, ...intent.inject, ...intent.undo])
      expect(node.run(`( ${shOf(act)}\n) || exit 42`).status).to.equal(42);
  });

  it('call a proof unclear when the node cannot answer', () => {
    const intent = designed('datastore', true, served(node.port));
    node.breakTools();
    expect(new Set(node.all(intent.bit))).to.deep.equal(new Set(['unclear']));
    expect(node.all(intent.gone)).to.deep.equal(['unclear', 'unclear', 'unclear']);
  });
});

function designed(service: ServiceName, stayDown: boolean, snapshot = snapshotOf()): Intent {
  const params: KillParams = { service, target: 'leader', count: 'one', 'stay-down': stayDown };
  return kill.design(params, designContext(['pi1'], snapshot, { id: '3f9a1c-kill' }));
}

function served(port: number, process = 'sleep'): Snapshot {
  const snapshot = snapshotOf();
  return {
    ...snapshot,
    services: { ...snapshot.services, datastore: { unit: 'k8s.service', process, port } },
  };
}
