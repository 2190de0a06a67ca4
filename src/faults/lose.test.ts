import { expect } from 'chai';
import { isImpossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import { designContext } from '../testing/design.ts';
import { NetworkNode } from '../testing/network-node.ts';
import { lose } from './lose.ts';

function designed(written: object = {}, targets = ['pi1']): Intent {
  const params = lose.schema.parse({ target: 'voter', share: '30%', ...written });
  const intent = lose.design(params, designContext(targets));
  if (isImpossible(intent)) throw new Error(intent.impossible);
  return intent;
}

describe('the fault lose', () => {
  it('is written with a target and a share', () => {
    expect(lose.schema.parse({ target: 'voter', share: '30%' })).to.deep.equal({
      target: 'voter',
      count: 'one',
      share: 0.3,
      traffic: 'all',
    });
    expect(lose.schema.safeParse({ target: 'voter' }).success).to.equal(false);
    expect(lose.schema.safeParse({ target: 'voter', share: '0%' }).success).to.equal(false);
  });

  it('says what is lost between whom', () => {
    expect(designed().says).to.equal('lose 30% of the packets between pi1 and every other node');
    expect(designed({ share: '0.7%', traffic: 'datastore' }, ['pi1', 'pi2']).says).to.equal(
      "lose 0.7% of the datastore's packets between pi1, pi2 and every other node",
    );
    expect(designed({}, ['pi1', 'pi2', 'pi3', 'pi4']).says).to.equal(
      'lose 30% of the packets among pi1, pi2, pi3, pi4',
    );
  });

  it('takes no member down, unless it loses everything', () => {
    expect(designed().membersDown).to.deep.equal([]);
    expect(designed().membersApart).to.deep.equal([]);
    expect(designed({ share: '100%' }).membersDown).to.deep.equal(['1']);
  });
});

describe('the scripts of the fault lose', () => {
  let node: NetworkNode;
  beforeEach(() => (node = new NetworkNode()));
  afterEach(() => node[Symbol.dispose]());

  it('give a packet between two targets one chance, where it comes in', () => {
    const intent = designed({ traffic: 'datastore' }, ['pi1', 'pi2']);
    node.performs(intent.prepare.slice(0, 1));
    const text = node.file('3f9a1c-fault.nft');
    const sets = text.match(/elements = .*/g);
    expect(sets).to.deep.equal([
      'elements = { 192.168.1.102, 192.168.1.103, 192.168.1.104 }',
      'elements = { fd00::102, fd00::103, fd00::104 }',
      'elements = { 192.168.1.103, 192.168.1.104 }',
      'elements = { fd00::103, fd00::104 }',
    ]);
    expect(text).to.contain('numgen random mod 1000000 < 300000 counter drop');
  });

  it('have bitten once a connection was late and packets were dropped', () => {
    const intent = designed();
    node.performs([...intent.prepare, ...intent.inject]);
    expect(node.answers(intent.bit)).to.deep.equal(['yes', 'no', 'yes']);
    node.tries = [124, ''];
    expect(node.answers(intent.bit)).to.deep.equal(['yes', 'yes', 'yes']);
    node.counted = 0;
    expect(node.answers(intent.bit)).to.deep.equal(['yes', 'yes', 'no']);
    node.tries = [127, ''];
    expect(node.answers(intent.bit)[1]).to.equal('unclear');
  });
});
