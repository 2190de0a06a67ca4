import { expect } from 'chai';
import { isImpossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import { designContext } from '../testing/design.ts';
import { NetworkNode } from '../testing/network-node.ts';
import { flap } from './flap.ts';

function designed(written: object = {}): Intent {
  const params = flap.schema.parse({ target: 'leader', ...written });
  const intent = flap.design(params, designContext(['pi1']));
  if (isImpossible(intent)) throw new Error(intent.impossible);
  return intent;
}

describe('the fault flap', () => {
  it('is written with a target, and flaps six times for five seconds unless told otherwise', () => {
    expect(flap.schema.parse({ target: 'leader' })).to.deep.equal({
      target: 'leader',
      count: 'one',
      on: 5000,
      off: 5000,
      times: 6,
    });
    expect(flap.schema.safeParse({ target: 'leader', on: '2s' }).success).to.equal(false);
    expect(flap.schema.safeParse({ target: 'leader', times: 0 }).success).to.equal(false);
  });

  it('says how often and how long', () => {
    expect(designed({ off: '500ms', times: 3 }).says).to.equal(
      'cut pi1 off from pi2, pi3, pi4, 3 times for 5s with 500ms between',
    );
  });

  it('takes a member down that comes back by itself', () => {
    expect(designed()).to.deep.include({ membersDown: ['1'], loss: 'brief', undoBy: 'node-timer' });
  });
});

describe('the scripts of the fault flap', () => {
  let node: NetworkNode;
  beforeEach(() => (node = new NetworkNode()));
  afterEach(() => node[Symbol.dispose]());

  it('cut at once, and leave the rest to a unit of the node, started once', () => {
    const intent = designed();
    node.performs([...intent.prepare, ...intent.inject]);
    expect(node.tables()).to.deep.equal(['holdfast_3f9a1c_fault']);
    const start =
      '--quiet --collect --no-block --unit=holdfast-3f9a1c-fault.flap.service /bin/sh /run/holdfast/3f9a1c-fault.flap\n';
    expect(node.started()).to.equal(start);
    node.unit = 'active';
    node.performs(intent.inject);
    expect(node.started()).to.equal(start);
  });

  it('let it back and cut it off again, so often, and end with it back', () => {
    const intent = designed({ on: '3s', off: '100ms', times: 3 });
    node.performs([...intent.prepare, ...intent.inject]);
    const script = node
      .file('3f9a1c-fault.flap')
      .replace('sleep 3;', 'sleep 0.01 && echo "on $(nft list tables inet | wc -l)" >&2;')
      .replace('sleep 0.1', 'echo "off $(nft list tables inet | wc -l)" >&2');
    const { status, stderr } = node.run(script);
    expect(status).to.equal(0);
    expect(stderr).to.equal('on 1\noff 0\non 1\noff 0\non 1\n');
    expect(node.tables()).to.deep.equal([]);
  });

  it('bite only while the unit is at work, and are gone only when it is not', () => {
    const intent = designed();
    node.performs([...intent.prepare, ...intent.inject]);
    node.tries = [124, ''];
    expect(node.answers(intent.bit).at(-1)).to.equal('no');
    node.unit = 'active';
    expect(new Set(node.answers(intent.bit))).to.deep.equal(new Set(['yes']));
    node.performs(intent.undo);
    node.tries = [0, ''];
    expect(node.answers(intent.gone)).to.deep.equal(['no', 'yes', 'yes', 'yes', 'yes']);
    node.unit = 'inactive';
    expect(new Set(node.answers(intent.gone))).to.deep.equal(new Set(['yes']));
    expect(node.left()).to.equal(undefined);
  });
});
