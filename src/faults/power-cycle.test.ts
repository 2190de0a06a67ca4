import { expect } from 'chai';
import { isImpossible } from '../model/fault.ts';
import { designContext } from '../testing/design.ts';
import { nodeNumber, powered, snapshotOf } from '../testing/snapshot.ts';
import { powerCycle } from './power-cycle.ts';
import type { Intent } from '../model/intent.ts';
import type { NodeFacts } from '../model/snapshot.ts';

function designed(power: NodeFacts['power'], targets = ['pi1', 'pi2']): Intent | string {
  const first = powered(nodeNumber(1), power);
  const snapshot = snapshotOf(undefined, { nodes: [first, nodeNumber(2)] });
  const params = powerCycle.schema.parse({ target: { nodes: targets } });
  const intent = powerCycle.design(params, designContext(targets, snapshot));
  return isImpossible(intent) ? intent.impossible : intent;
}

describe('the fault power-cycle', () => {
  it('is ten seconds without power unless told otherwise', () => {
    const { schema } = powerCycle;
    expect(schema.parse({ target: 'leader' })['off-for']).to.equal(10_000);
    expect(schema.parse({ target: 'leader', 'off-for': '2s' })['off-for']).to.equal(2000);
  });

  it('has the devices give the power back, and shows that the nodes have booted', () => {
    const intent = designed({ by: 'switch', reverts: true }) as Intent;
    expect(intent.inject).to.deep.equal([
      { power: 'off', node: 'pi1', forMs: 10_000 },
      { power: 'off', node: 'pi2', forMs: 10_000 },
    ]);
    expect(intent.bit.map(({ says }) => says)).to.deep.equal([
      'pi1 has booted anew',
      'pi2 has booted anew',
    ]);
    expect(intent.bitWithinMs).to.be.greaterThan(60_000);
    expect(intent.undoBy).to.equal('device');
    expect(intent.says).to.equal('take the power of pi1, pi2 away for 10 s');
  });

  it('resets a node by its kernel that has nothing else, and says so', () => {
    const intent = designed({ by: 'sysrq' }) as Intent;
    expect(intent.inject).to.have.length(2);
    expect(JSON.stringify(intent.inject[1])).to.include('/proc/sysrq-trigger').and.include('pi1');
    expect(intent.undo).to.deep.equal([{ power: 'on', node: 'pi2' }]);
    expect(intent.says).to.equal(
      'take the power of pi2 away for 10 s and reset pi1 by the kernel (sysrq)',
    );
    expect((designed({ by: 'sysrq' }, ['pi1']) as Intent).undoBy).to.equal('nothing');
  });

  it('is impossible where a device does not switch on again by itself, or there is none', () => {
    expect(designed({ by: 'switch', reverts: false })).to.match(/^pi1 has no power device/);
    expect(designed(undefined)).to.match(/^pi1 has no power device/);
  });
});
