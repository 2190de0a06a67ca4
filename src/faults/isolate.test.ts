import { expect } from 'chai';
import { designContext } from '../testing/design.ts';
import { NetworkNode } from '../testing/network-node.ts';
import { nodeNumber, podOf, snapshotOf } from '../testing/snapshot.ts';
import { isImpossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { NodeFacts, Snapshot } from '../model/snapshot.ts';
import { isolate } from './isolate.ts';

const file = '3f9a1c-fault.nft';
const table = 'holdfast_3f9a1c_fault';

function result(written: object, targets = ['pi1'], snapshot?: Snapshot) {
  const params = isolate.schema.parse({ target: 'leader', ...written });
  return isolate.design(params, designContext(targets, snapshot));
}

function designed(written: object = {}, targets?: string[], snapshot?: Snapshot): Intent {
  const intent = result(written, targets, snapshot);
  if (isImpossible(intent)) throw new Error(intent.impossible);
  return intent;
}

function impossible(written: object, targets?: string[], snapshot?: Snapshot): string {
  const intent = result(written, targets, snapshot);
  return isImpossible(intent) ? intent.impossible : `possible: ${intent.says}`;
}

function withNodes(change: (node: NodeFacts) => NodeFacts): Snapshot {
  return snapshotOf(undefined, { nodes: [1, 2, 3, 4].map((number) => change(nodeNumber(number))) });
}

describe('the fault isolate', () => {
  it('is written with a target, and cuts all off, both ways, unless told otherwise', () => {
    expect(isolate.schema.parse({ target: 'leader' })).to.deep.equal({
      target: 'leader',
      count: 'one',
      direction: 'both',
      traffic: 'all',
      how: 'drop',
    });
    expect(isolate.schema.safeParse({ target: 'leader', direction: 'none' }).success).to.equal(
      false,
    );
    expect(isolate.schema.safeParse({ target: 'leader', from: 'voter' }).success).to.equal(false);
  });

  it('says who is cut off from whom, and in which way', () => {
    expect(designed().says).to.equal('cut pi1 off from pi2, pi3, pi4');
    expect(designed({ direction: 'in' }).says).to.equal('make pi1 deaf to pi2, pi3, pi4');
    expect(designed({ direction: 'out', traffic: 'datastore', how: 'reject' }).says).to.equal(
      "make pi1 mute towards pi2, pi3, pi4, on the datastore's port, refusing at once",
    );
    expect(designed({}, ['pi2', 'pi3']).says).to.equal('cut pi2, pi3 off from every other node');
  });

  it('holds the network between two nodes, the same whichever is the target', () => {
    expect(designed({}, ['pi3']).holds).to.deep.equal([
      'network between pi1 and pi3',
      'network between pi2 and pi3',
      'network between pi3 and pi4',
    ]);
    expect(designed({}, ['pi1', 'pi2']).holds).to.have.length(5);
  });

  it('takes the target down and nobody else, in whatever direction', () => {
    for (const direction of ['both', 'in', 'out'])
      expect(designed({ direction }).membersDown).to.deep.equal(['1']);
    expect(designed({ traffic: 'datastore' }, ['pi4']).membersDown).to.deep.equal(['4']);
    // Several are cut off from one another, too.
    expect(designed({}, ['pi1', 'pi2']).membersDown).to.deep.equal(['1', '2', '3', '4']);
  });

  it('is not predicted by election timers where the leader still speaks', () => {
    expect(designed({ direction: 'in' }).loss).to.equal('deaf');
    expect(designed({ direction: 'out' }).loss).to.equal(undefined);
  });

  it('hits the pods of the target, but for the datastore alone', () => {
    const pods = [podOf('default/web', 'pi1'), podOf('default/db', 'pi2')];
    const snapshot = snapshotOf(undefined, { pods });
    expect(designed({}, ['pi1'], snapshot).podsHit).to.deep.equal(['default/web']);
    expect(designed({ traffic: 'datastore' }, ['pi1'], snapshot).podsHit).to.deep.equal([]);
  });

  it('aims at the datastore where it cuts its port alone, and leaves nodes without a member out', () => {
    const snapshot = snapshotOf();
    const worker = { ...nodeNumber(5), controlPlane: false };
    const five = { ...snapshot, nodes: [...snapshot.nodes, worker] };
    const intent = designed({ traffic: 'datastore' }, ['pi1'], five);
    expect(intent.service).to.equal('datastore');
    expect(intent.says).to.equal("cut pi1 off from pi2, pi3, pi4, on the datastore's port");
    expect(JSON.stringify(intent)).not.to.contain('192.168.1.105');
    expect(JSON.stringify(designed({}, ['pi1'], five))).to.contain('192.168.1.105');
  });

  it('tries nodes at their member, and a worker or a dead member at the kubelet', () => {
    const { bit } = designed({}, ['pi1']);
    expect(JSON.stringify(bit)).to.contain('/dev/tcp/192.168.1.101/19001');
    const snapshot = snapshotOf();
    const members = snapshot.datastore.members.map((one) => ({ ...one, answers: one.id !== '1' }));
    const dead = { ...snapshot, datastore: { ...snapshot.datastore, members } };
    expect(JSON.stringify(designed({}, ['pi1'], dead).bit)).to.contain(
      '/dev/tcp/192.168.1.101/10250',
    );
  });

  it('knows a network of the datastore that the Node objects do not', () => {
    const snapshot = snapshotOf();
    const members = snapshot.datastore.members.map((one) => ({
      ...one,
      address: `[fd99::${one.id}]:19001`,
    }));
    const own = { ...snapshot, datastore: { ...snapshot.datastore, members } };
    const text = JSON.stringify(designed({}, ['pi1'], own));
    expect(text).to.contain('fd99::2, fd00::102');
    expect(text).to.contain('/dev/tcp/fd99::1/19001');
  });

  it('is not possible without another node, without addresses, or from the target itself', () => {
    const alone = snapshotOf(['voter']);
    expect(impossible({}, ['pi1'], alone)).to.equal(
      'there is no other node that pi1 could be cut off from',
    );
    const shared = withNodes((node) => ({ ...node, addresses: ['10.0.0.1'] }));
    const members = { ...shared.datastore, members: [] };
    expect(impossible({}, ['pi1'], { ...shared, datastore: members })).to.equal(
      'no address of pi2 is known that is not one of pi1 too',
    );
    for (const address of ['192.168.1.101', '127.0.0.1', '::1']) {
      const here = withNodes((node) => ({ ...node, controller: { address, port: 22 } }));
      expect(impossible({}, ['pi1'], here)).to.match(/^Holdfast runs on pi1 itself/);
      expect(impossible({ traffic: 'datastore' }, ['pi1'], here)).to.match(/^possible/);
    }
  });

  it('is plain data that survives the journal', () => {
    const intent = designed();
    expect(JSON.parse(JSON.stringify(intent))).to.deep.equal(intent);
  });
});

describe('the scripts of the fault isolate', () => {
  let node: NetworkNode;
  beforeEach(() => (node = new NetworkNode()));
  afterEach(() => node[Symbol.dispose]());

  it('make a table, prove it, and take it away, leaving those of others', () => {
    const intent = designed();
    node.addTable('holdfast_3f9a1c_fault2');
    node.performs(intent.prepare);
    expect(node.tables()).to.deep.equal(['holdfast_3f9a1c_fault2']);
    expect(node.answers(intent.bit)).to.deep.equal(['yes', 'no', 'no', 'no', 'no']);

    for (let twice = 0; twice < 2; twice++) {
      node.performs(intent.inject);
      expect(node.tables()).to.deep.equal([table, 'holdfast_3f9a1c_fault2']);
    }
    node.tries = [124, ''];
    expect(new Set(node.answers(intent.bit))).to.deep.equal(new Set(['yes']));
    expect(new Set(node.answers(intent.gone))).to.deep.equal(new Set(['no']));

    node.tries = [0, ''];
    for (let twice = 0; twice < 2; twice++) {
      node.performs(intent.undo);
      expect(node.tables()).to.deep.equal(['holdfast_3f9a1c_fault2']);
      expect(node.left()).to.equal(undefined);
      expect(new Set(node.answers(intent.gone))).to.deep.equal(new Set(['yes']));
    }
  });

  it('know what is routed through the others, by their addresses and no further', () => {
    node.routes = {
      '-4': [
        'default via 192.168.1.102 dev eth0',
        '10.1.2.0/24 via 192.168.1.102 dev eth0 proto bird onlink',
        '10.1.3.64/26 via 192.168.1.103 dev eth0 table 7',
        '10.9.0.0/16 via 192.168.1.1 dev eth0',
        '10.1.1.0/24 dev cni0 proto kernel scope link src 10.1.1.1',
        'broadcast 192.168.1.255 dev eth0 table local',
        '',
      ].join('\n'),
      '-6': 'fd01:2::/64 via fd00::102 dev eth0 metric 1024 pref medium\n',
    };
    node.performs(designed().prepare);
    const text = node.file(file);
    const four =
      'elements = { 192.168.1.102, 192.168.1.103, 192.168.1.104, 10.1.2.0/24, 10.1.3.64/26 }';
    const six = 'elements = { fd00::102, fd00::103, fd00::104, fd01:2::/64 }';
    expect(text.split(four)).to.have.length(3);
    expect(text.split(six)).to.have.length(3);
  });

  it('need no routes for the datastore alone', () => {
    node.breaks('ip');
    node.performs(designed({ traffic: 'datastore' }).prepare);
    expect(node.file(file)).to.contain('tcp dport { 19001 }');
  });

  it('refuse to prepare without nft or where routes cannot be read, and then leave nothing', () => {
    const intent = designed();
    const prepare = 'sh' in intent.prepare[0]! ? intent.prepare[0].sh : '';
    node.breaks('ip');
    expect(node.run(prepare).status).to.equal(1);
    node.lacks('nft');
    const { status, stderr } = node.run(prepare);
    expect(status).to.equal(1);
    expect(stderr).to.contain('install nftables');
    node.performs(intent.undo);
    expect(node.left()).to.equal(undefined);
    expect(node.answers(intent.gone.slice(0, 1))).to.deep.equal(['yes']);
  });

  it('do not take a refusal for a cut, unless we refuse, nor another error for anything', () => {
    const refused: [number, string] = [1, 'bash: connect: Connection refused'];
    const answers = (how: string, tries: readonly [number, string]): string | undefined => {
      const intent = designed({ how });
      node.performs([...intent.prepare, ...intent.inject]);
      node.tries = tries;
      return node.answers(intent.bit)[1];
    };
    expect(answers('drop', refused)).to.equal('no');
    expect(answers('reject', refused)).to.equal('yes');
    expect(answers('reject', [0, ''])).to.equal('no');
    for (const how of ['drop', 'reject']) {
      expect(answers(how, [1, 'bash: connect: No route to host'])).to.equal('unclear');
      expect(answers(how, [127, 'no bash'])).to.equal('unclear');
    }
  });

  it('are not satisfied by a service that is down, or by rules that met nothing', () => {
    const intent = designed();
    node.performs([...intent.prepare, ...intent.inject]);
    node.tries = [124, ''];
    node.listens = false;
    expect(node.answers(intent.bit)[0]).to.equal('no');
    node.listens = true;
    node.counted = 0;
    expect(node.answers(intent.bit).at(-1)).to.equal('no');
    node.breaks('nft', 'ss');
    expect(node.answers(intent.bit)[0]).to.equal('unclear');
    expect(node.answers(intent.bit).at(-1)).to.equal('unclear');
  });

  it('do not take it for gone while the table, its text or the silence lasts, or nft is broken', () => {
    const intent = designed();
    node.performs([...intent.prepare]);
    expect(node.answers(intent.gone)[0]).to.equal('no');
    node.performs([...intent.inject, ...intent.undo]);
    node.addTable(table);
    expect(node.answers(intent.gone)[0]).to.equal('no');
    node.tries = [124, ''];
    expect(node.answers(intent.gone)[1]).to.equal('no');
    node.breaks('nft');
    expect(node.answers(intent.gone)[0]).to.equal('unclear');
  });
});
