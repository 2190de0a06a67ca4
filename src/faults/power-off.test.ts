import { expect } from 'chai';
import { isImpossible, type Impossible } from '../model/fault.ts';
import { randomFrom } from '../model/random.ts';
import { designContext } from '../testing/design.ts';
import { nodeNumber, powered, snapshotOf } from '../testing/snapshot.ts';
import { powerOff } from './power-off.ts';
import type { Intent } from '../model/intent.ts';
import type { NodeFacts, Snapshot } from '../model/snapshot.ts';

const params = { target: 'leader', count: 'one' } as const;

function design(targets: readonly string[], snapshot?: Snapshot, seed = 1): Intent | Impossible {
  return powerOff.design(params, designContext(targets, snapshot, { random: randomFrom(seed) }));
}

function designed(targets: readonly string[], snapshot?: Snapshot, seed?: number): Intent {
  const intent = design(targets, snapshot, seed);
  if (isImpossible(intent)) throw new Error(intent.impossible);
  return intent;
}

/** A cluster whose first node has another power supply, or none. */
function with1(power: NodeFacts['power']): Snapshot {
  const first = powered(nodeNumber(1), power);
  return snapshotOf(undefined, { nodes: [first, nodeNumber(2), nodeNumber(3), nodeNumber(4)] });
}

describe('the fault power-off', () => {
  it('is written with a target, and with no time: healing ends it', () => {
    expect(powerOff.schema.parse({ target: 'leader' })).to.deep.equal(params);
    expect(powerOff.schema.safeParse({ target: 'leader', for: '5s' }).success).to.equal(false);
    expect(powerOff.schema.safeParse({}).success).to.equal(false);
  });

  it('takes down all of a node: its member, its pods and its services', () => {
    const pod = { namespace: 'shop', name: 'web-1', uid: 'u', labels: {} };
    const pods = ['pi1', 'pi2'].map((node) => ({
      ...pod,
      node,
      isStatic: false,
      hasLocalData: false,
    }));
    const intent = designed(['pi1'], snapshotOf(undefined, { pods }));
    expect(intent.says).to.equal('take the power of pi1');
    expect(intent.membersDown).to.deep.equal(['1']);
    expect(intent.nodesDown).to.deep.equal(['pi1']);
    expect(intent.podsHit).to.deep.equal(['shop/web-1']);
    expect(intent.holds).to.deep.equal(['pi1/power']);
  });

  it('tries the device before it switches off, and has it and the node itself say so', () => {
    const intent = designed(['pi1']);
    expect(intent.prepare).to.deep.equal([{ power: 'try', node: 'pi1' }]);
    expect(intent.inject).to.deep.equal([{ power: 'off', node: 'pi1' }]);
    expect(intent.undo).to.deep.equal([{ power: 'on', node: 'pi1' }]);
    expect(intent.bit).to.have.length(2);
    expect(intent.bit[0]).to.include({ power: 'off', node: 'pi1' });
    expect(intent.bit[1]).to.include({ node: 'pi1', answers: false });
    expect(intent.gone.map(({ says }) => says)).to.deep.equal([
      'the power device of pi1 says on',
      'pi1 is up',
      'kubelite runs on pi1',
      'port 19001 of pi1 listens',
      'port 16443 of pi1 listens',
    ]);
  });

  it('asks for no port of a datastore or an API server that the node has not', () => {
    const snapshot = with1({ by: 'switch', reverts: true });
    const [first, ...others] = snapshot.nodes;
    const worker = {
      ...snapshot,
      nodes: [{ ...first!, controlPlane: false }, ...others],
      datastore: {
        ...snapshot.datastore,
        members: snapshot.datastore.members.filter(({ node }) => node !== 'pi1'),
      },
    };
    const says = designed(['pi1'], worker).gone.map(({ says }) => says);
    expect(says.join()).not.to.include('port');
    expect(designed(['pi1'], worker).membersDown).to.deep.equal([]);
  });

  it('is taken back by the device if every target has one that can, else by nobody', () => {
    expect(designed(['pi1', 'pi2']).undoBy).to.equal('device');
    const plain = with1({ by: 'switch', reverts: false });
    expect(designed(['pi1', 'pi2'], plain).undoBy).to.equal('journal');
    expect(designed(['pi2'], plain).undoBy).to.equal('device');
  });

  it('is impossible where a target has no device that switches it, and names it', () => {
    for (const power of [undefined, { by: 'sysrq' }] as const) {
      const reason = design(['pi1', 'pi2'], with1(power));
      expect(reason)
        .to.have.property('impossible')
        .that.matches(/power of pi1;/);
    }
  });

  it('gives many nodes their power back in an order of the seed', () => {
    const all = ['pi1', 'pi2', 'pi3', 'pi4'];
    const orderOf = (seed: number): string => {
      const { undo, says } = designed(all, undefined, seed);
      const order = undo.map((act) => ('power' in act ? act.node : '')).join(', ');
      expect(says).to.include(`in the order ${order}`);
      expect(order.split(', ').sort()).to.deep.equal(all);
      return order;
    };
    expect(orderOf(1)).to.equal(orderOf(1));
    expect(new Set([1, 2, 3, 4, 5].map(orderOf)).size).to.be.greaterThan(1);
  });

  it('is plain data that survives the journal', () => {
    const intent = designed(['pi1', 'pi3']);
    expect(JSON.parse(JSON.stringify(intent))).to.deep.equal(intent);
  });
});
