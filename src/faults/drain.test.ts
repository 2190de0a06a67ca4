import { expect } from 'chai';
import { isImpossible, type Impossible } from '../model/fault.ts';
import { designContext } from '../testing/design.ts';
import { nodeNumber, podOf, snapshotOf } from '../testing/snapshot.ts';
import { drain } from './drain.ts';
import type { Intent } from '../model/intent.ts';
import type { PodFacts } from '../model/snapshot.ts';

const here = podOf('holdfast/web-1', 'pi1');
const there = podOf('holdfast/web-2', 'pi2');
const dns = podOf('kube-system/coredns-1', 'pi1');
const agent = podOf('kube-system/agent-1', 'pi1', { owner: 'DaemonSet' });
const fixed = podOf('kube-system/etcd-pi1', 'pi1', { owner: 'Node', isStatic: true });
const loose = unmanaged(podOf('default/debug', 'pi1'));
const cache = podOf('default/cache-1', 'pi1', { hasLocalData: true });

describe('the fault drain', () => {
  it('is written with a target, spares what cannot be replaced, and has a minute', () => {
    expect(drain.schema.parse({ target: 'leader', within: '2m' })).to.deep.equal({
      target: 'leader',
      count: 'one',
      unmanaged: false,
      'local-data': false,
      within: 120_000,
    });
    expect(drain.schema.parse({ target: 'leader' }).within).to.equal(60_000);
  });

  it('cordons, evicts by uid what stands on its targets, and spares DaemonSets and static pods', () => {
    const intent = designed([here, there, dns, agent, fixed]);
    expect(intent.says).to.equal('drain pi1: cordon, and evict 2 pods');
    expect(intent.podsHit).to.deep.equal(['holdfast/web-1', 'kube-system/coredns-1']);
    expect(intent.inject[0]).to.deep.include({ kube: 'PATCH', path: '/api/v1/nodes/pi1' });
    expect(intent.inject.slice(1)).to.deep.equal([
      { evict: { namespace: 'holdfast', name: 'web-1' }, uid: here.uid, atMostMs: 60_000 },
      { evict: { namespace: 'kube-system', name: 'coredns-1' }, uid: dns.uid, atMostMs: 60_000 },
    ]);
    expect(intent.bit.map(({ says }) => says)).to.deep.equal([
      'pi1 is cordoned',
      'holdfast/web-1 has left pi1',
      'kube-system/coredns-1 has left pi1',
    ]);
    expect(intent.bit[1]).to.include({ uid: here.uid });
    expect(intent.bitWithinMs).to.equal(60_000);
    expect(JSON.parse(JSON.stringify(intent))).to.deep.equal(intent);
  });

  it('is taken back as a cordon is: what was evicted runs elsewhere', () => {
    const { undo, gone, undoBy, holds, membersDown } = designed([here]);
    expect(undo).to.have.length(1);
    expect(undo[0]).to.have.deep.property('onAny', ['pi2', 'pi3']);
    expect(gone).to.have.length(1);
    expect({ undoBy, holds, membersDown }).to.deep.equal({
      undoBy: 'peer',
      holds: ['pi1/unschedulable'],
      membersDown: [],
    });
  });

  it('drains a node without pods', () => {
    expect(designed([there]).says).to.equal('drain pi1: cordon, and evict 0 pods');
  });

  it('ends what nothing would start again only if told to', () => {
    expect(refused([here, loose])).to.match(
      /^nothing would start default\/debug again; say unmanaged: true/,
    );
    expect(designed([here, loose], { unmanaged: true }).podsHit).to.include('default/debug');
  });

  it('loses data only if told to', () => {
    expect(refused([cache])).to.match(/^default\/cache-1 would lose the data .*local-data: true/);
    expect(designed([cache], { 'local-data': true }).podsHit).to.deep.equal(['default/cache-1']);
  });

  it('is impossible where a cordon is', () => {
    const nodes = [{ ...nodeNumber(1), schedulable: false }, nodeNumber(2)];
    const intent = drain.design(
      drain.schema.parse({ target: 'leader' }),
      designContext(['pi1'], snapshotOf(undefined, { nodes })),
    );
    expect(intent).to.have.property('impossible').that.includes('pi1 is cordoned already');
  });
});

function unmanaged(pod: PodFacts): PodFacts {
  const { namespace, name, node, uid, labels, isStatic, hasLocalData } = pod;
  return { namespace, name, node, uid, labels, isStatic, hasLocalData };
}

function design(pods: readonly PodFacts[], more: object = {}): Intent | Impossible {
  const params = drain.schema.parse({ target: 'leader', ...more });
  return drain.design(params, designContext(['pi1'], snapshotOf(undefined, { pods })));
}

function designed(pods: readonly PodFacts[], more?: object): Intent {
  const intent = design(pods, more);
  if (isImpossible(intent)) throw new Error(intent.impossible);
  return intent;
}

function refused(pods: readonly PodFacts[]): string {
  const intent = design(pods);
  if (!isImpossible(intent)) throw new Error('it was designed');
  return intent.impossible;
}
