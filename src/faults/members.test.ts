import { expect } from 'chai';
import { isImpossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { designContext } from '../testing/design.ts';
import { nodeNumber, snapshotOf } from '../testing/snapshot.ts';
import { addMember } from './add-member.ts';
import { destroyData } from './destroy-data.ts';
import { removeMember } from './remove-member.ts';

type Design = typeof removeMember.design;

function designed(design: Design, targets: readonly string[], snapshot?: Snapshot): Intent {
  const intent = design({ target: 'voter' }, designContext(targets, snapshot));
  if (isImpossible(intent)) throw new Error(intent.impossible);
  return intent;
}

function refused(design: Design, targets: readonly string[], snapshot?: Snapshot): string {
  const intent = design({ target: 'voter' }, designContext(targets, snapshot));
  return isImpossible(intent) ? intent.impossible : 'it was designed';
}

const destroy: Design = (params, context) =>
  destroyData.design({ ...params, count: 'all' }, context);
const places = (intent: Intent, part: 'inject' | 'undo' | 'prepare'): readonly string[] =>
  intent[part].map((act) => ('on' in act ? act.on : 'onAny' in act ? act.onAny.join(',') : ''));
const texts = (intent: Intent): string => JSON.stringify(intent);

describe('the fault remove-member', () => {
  it('is done and looked at by the others, and taken back on the node', () => {
    const intent = designed(removeMember.design, ['pi2']);
    expect(places(intent, 'inject')).to.deep.equal(['pi1,pi3,pi4']);
    expect(places(intent, 'undo')).to.deep.equal(['pi2']);
    expect(intent.membersDown).to.deep.equal(['2']);
    expect(intent.undoBy).to.equal('boot');
    expect(texts(intent)).to.contain("SERVERS='192.168.1.101:19001,192.168.1.103:19001");
  });

  it('is for somebody to take back where the node is not there to do it', () => {
    const snapshot = snapshotOf();
    const nodes = snapshot.nodes.map((node) => ({ ...node, ready: node.name !== 'pi2' }));
    expect(designed(removeMember.design, ['pi2'], { ...snapshot, nodes }).undoBy).to.equal(
      'journal',
    );
  });

  it('is for one member at a time, and needs another to do it', () => {
    expect(refused(removeMember.design, ['pi2', 'pi3'])).to.contain('one at a time');
    expect(refused(removeMember.design, ['pi1'], snapshotOf(['voter']))).to.contain('no other');
  });
});

describe('the fault add-member', () => {
  it('is for a control plane that is no member', () => {
    const snapshot = snapshotOf();
    const fresh = { ...snapshot, nodes: [...snapshot.nodes, nodeNumber(5)] };
    const intent = designed(addMember.design, ['pi5'], fresh);
    expect(intent.says).to.equal('let pi5 (192.168.1.105:19001) join the datastore');
    expect(intent.membersDown).to.deep.equal([]);
    expect(refused(addMember.design, ['pi4'])).to.contain('has a member');
  });
});

describe('the fault destroy-data', () => {
  it('lets each lost node join anew while a majority lives', () => {
    const intent = designed(destroy, ['pi2']);
    expect(intent.says).to.contain('they join anew');
    expect(new Set(places(intent, 'undo'))).to.deep.equal(new Set(['pi2']));
    expect(texts(intent)).not.to.contain('members reform');
    expect(texts(intent)).to.contain('members remove');
  });

  it('forms the cluster again from a voter that is left', () => {
    const intent = designed(destroy, ['pi1', 'pi3']);
    expect(intent.says).to.contain('formed again from pi2');
    expect(new Set(places(intent, 'undo'))).to.deep.equal(new Set(['pi1', 'pi2', 'pi3', 'pi4']));
    expect(texts(intent)).not.to.contain('tar ');
    expect(intent.holds).to.have.length(4);
  });

  it('gives nothing back that could start before the data is there', () => {
    const manifest = '/etc/kubernetes/manifests/etcd.yaml';
    const snapshot = snapshotOf(['voter', 'voter', 'voter']);
    const services = { ...snapshot.services, datastore: { manifest, process: 'etcd', port: 2379 } };
    const { undo, holds } = designed(destroy, ['pi2'], { ...snapshot, services });
    expect(holds).to.deep.equal([`pi2/${manifest}`]);
    expect(undo.map((act) => ('sh' in act ? act.sh : '')).join('\n')).to.match(
      /members join[^]*holdfast-3f9a1c-fault-etcd\.yaml/,
    );
  });

  it('starts the API servers anew where they are on other nodes than the members', () => {
    const snapshot = snapshotOf(['voter', 'voter', 'voter']);
    const nodes = snapshot.nodes.map((node) => ({ ...node, controlPlane: false }));
    const intent = designed(destroy, ['pi1', 'pi3'], {
      ...snapshot,
      nodes: [...nodes, nodeNumber(5)],
    });
    const restarts = intent.undo.filter((act) => 'sh' in act && act.sh.includes('restart'));
    expect(restarts.map((act) => ('on' in act ? act.on : ''))).to.deep.equal(['pi5']);
  });

  it('makes a copy before it destroys all of them, and restores that', () => {
    const intent = designed(destroy, ['pi1', 'pi2', 'pi3', 'pi4']);
    expect(intent.says).to.contain('restored afterwards from a copy made before on pi1');
    expect(texts(intent)).to.contain('/var/lib/holdfast/3f9a1c-fault.tar');
    expect(places(intent, 'prepare')[0]).to.equal('pi1');
  });
});
