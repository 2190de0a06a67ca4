import { expect } from 'chai';
import { FakeNode, shOf } from '../testing/fakenode.ts';
import { designContext } from '../testing/design.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import type { Intent } from '../model/intent.ts';
import type { ServiceName } from '../model/snapshot.ts';
import { stop } from './stop.ts';

describe('the fault stop', () => {
  it('is written with a service and a target', () => {
    expect(stop.schema.parse({ service: 'datastore', target: 'leader' })).to.deep.equal({
      service: 'datastore',
      target: 'leader',
      count: 'one',
    });
    expect(stop.schema.safeParse({ target: 'leader' }).success).to.equal(false);
  });

  it('says who, what, which member goes, and that it hands over before', () => {
    const intent = designed('datastore');
    expect(intent.says).to.equal('stop the datastore (k8s-dqlite) on pi1 cleanly');
    expect(intent.holds).to.deep.equal(['pi1/snap.microk8s.daemon-k8s-dqlite.service']);
    expect(intent).to.deep.include({ membersDown: ['1'], loss: 'handed-over' });
    expect(designed('api-server').membersDown).to.deep.equal([]);
  });
});

// The scripts run in the machine's own /bin/sh, on a real process, against a stand-in for systemctl.
describe('the scripts of the fault stop', () => {
  const snapshot = snapshotOf();
  const service = { unit: 'k8s.service', process: 'sleep', port: 19001 };
  const intent = designed('datastore', {
    ...snapshot,
    services: { ...snapshot.services, datastore: service },
  });
  let node: FakeNode;
  beforeEach(() => (node = new FakeNode('3f9a1c-fault')));
  afterEach(() => node[Symbol.dispose]());

  it('stop a service and start it again', async () => {
    node.performs(intent.prepare);
    expect(node.all(intent.bit), 'prepared, not fired').to.deep.equal(['no', 'no']);
    node.performs(intent.inject);
    await node.hasStopped();
    expect(node.all(intent.bit)).to.deep.equal(['yes', 'yes']);
    expect(node.all(intent.gone)).to.include('no');

    node.performs(intent.undo);
    node.listens(true);
    expect(new Set(node.all(intent.gone))).to.deep.equal(new Set(['yes']));
    expect(node.left()).to.deep.equal([]);
    node.performs(intent.undo);
    expect(new Set(node.all(intent.gone)), 'undone twice').to.deep.equal(new Set(['yes']));
  });

  it('do not call it a clean stop when systemd had to kill', async () => {
    node.performs(intent.prepare);
    node.performs(intent.inject);
    await node.hasStopped();
    node.set('ActiveState', 'failed');
    node.set('Result', 'timeout');
    expect(node.all(intent.bit)[0]).to.equal('no');
    node.set('Result', 'exit-code');
    expect(node.all(intent.bit)[0], 'it ended by itself, with an error').to.equal('yes');
  });

  it('refuse where another service would be stopped along with it', () => {
    node.set('RequiredBy', 'idle.service busy.service');
    const { status, stderr } = node.run(shOf(intent.prepare[0]));
    expect(status).to.equal(1);
    expect(stderr).to.contain('would stop busy.service too');
    expect(node.left()).to.deep.equal([]);
  });

  it('call a proof unclear when the node cannot answer', () => {
    node.performs(intent.prepare);
    node.breakTools();
    expect(node.all(intent.bit)).to.deep.equal(['unclear', 'unclear']);
  });
});

function designed(service: ServiceName, snapshot = snapshotOf()): Intent {
  const params = { service, target: 'leader', count: 'one' } as const;
  return stop.design(params, designContext(['pi1'], snapshot));
}
