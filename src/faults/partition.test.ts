import { expect } from 'chai';
import { isImpossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import { nodeNamed, type Snapshot } from '../model/snapshot.ts';
import { designContext } from '../testing/design.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import { partition } from './partition.ts';

function designed(targets: string[], others?: string[], snapshot: Snapshot = snapshotOf()): Intent {
  const changes =
    others === undefined ? {} : { others: others.map((name) => nodeNamed(snapshot, name)) };
  const params = partition.schema.parse({ target: 'voter' });
  const intent = partition.design(params, designContext(targets, snapshot, changes));
  if (isImpossible(intent)) throw new Error(intent.impossible);
  return intent;
}

describe('the fault partition', () => {
  it('is written with a target, and may say from whom', () => {
    const written = { target: 'follower', from: 'leader' };
    expect(partition.schema.parse(written)).to.include({ from: 'leader', direction: 'both' });
    expect(partition.schema.parse({ target: 'voter' })).not.to.have.property('from');
  });

  it('comes between the two sides and not within them', () => {
    const intent = designed(['pi1', 'pi4']);
    expect(intent.says).to.equal('cut pi1, pi4 off from pi2, pi3');
    expect(intent.holds).to.have.members([
      'network between pi1 and pi2',
      'network between pi1 and pi3',
      'network between pi2 and pi4',
      'network between pi3 and pi4',
    ]);
    expect(intent.targets).to.deep.equal(['pi1', 'pi4']);
    expect(intent.prepare).to.have.length(2);
    for (const act of intent.prepare) {
      expect(JSON.stringify(act)).to.contain('192.168.1.102, 192.168.1.103$');
    }
    expect(intent.bit.filter((proof) => 'from' in proof && proof.from === 'pi2')).to.have.length(2);
  });

  it('takes down the side that has no majority of the voters', () => {
    expect(designed(['pi1', 'pi4']).membersDown).to.deep.equal(['1', '4']);
    expect(designed(['pi2', 'pi3']).membersDown).to.deep.equal(['1', '4']);
    expect(designed(['pi1'], ['pi2']).membersDown).to.deep.equal([]);
    expect(designed(['pi1'], ['pi2']).membersApart).to.deep.equal([['1', '2']]);
    expect(designed(['pi1'], ['pi2', 'pi3']).membersDown).to.deep.equal(['1']);
  });

  it('is not possible if everybody is on one side', () => {
    const all = designContext(['pi1', 'pi2', 'pi3', 'pi4']);
    expect(partition.design(partition.schema.parse({ target: 'voter' }), all)).to.deep.equal({
      impossible: 'there is no other node that pi1 could be cut off from',
    });
  });
});
