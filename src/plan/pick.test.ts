import { expect } from 'chai';
import { randomFrom } from '../model/random.ts';
import type { ClusterSelector, Count } from '../model/scenario.ts';
import { nodeNumber, podOf, snapshotOf } from '../testing/snapshot.ts';
import { pick, sayNobody } from './pick.ts';

const worker = { ...nodeNumber(5), controlPlane: false };
const small = snapshotOf();
const store = { ...nodeNumber(6), controlPlane: false, datastoreOnly: true } as const;
const rack = { ...small, nodes: [...small.nodes, worker, store] };

function picked(selector: ClusterSelector, count?: Count, seed = 1): string {
  return pick(selector, rack, randomFrom(seed), count)
    .map(({ name }) => name)
    .join(' ');
}

describe('picking nodes', () => {
  it('goes by what their members do, and by what they are', () => {
    expect(picked('leader')).to.equal('pi1');
    expect(picked('follower', 'all')).to.equal('pi2 pi3');
    expect(picked('voter', 'all')).to.equal('pi1 pi2 pi3');
    expect(picked('stand-by', 'all')).to.equal('pi4');
    expect(picked('control-plane', 'all')).to.equal('pi1 pi2 pi3 pi4');
    expect(picked('worker', 'all')).to.equal('pi5');
  });

  it('goes by names, all of them or none', () => {
    expect(picked({ node: 'pi3' })).to.equal('pi3');
    expect(picked({ nodes: ['pi5', 'pi2', 'pi2'] })).to.equal('pi2 pi5');
    expect(picked({ nodes: ['pi2', 'pi9'] })).to.equal('');
    expect(picked({ 'holder-of': 'kube-scheduler' })).to.equal('pi2');
    expect(picked({ 'holder-of': 'nothing' })).to.equal('');
  });

  it('goes by the pods that run there, as many of their nodes as are asked for', () => {
    const web = (node: string) => podOf(`holdfast/web-${node}`, node, { labels: { app: 'web' } });
    const pods = [web('pi2'), web('pi4'), podOf('holdfast/other', 'pi1'), podOf('shop/web', 'pi3')];
    const runs = { runs: { namespace: 'holdfast', labels: { app: 'web' } } };
    const deployed = { ...rack, pods };
    expect(pick(runs, deployed, randomFrom(1), 'all').map(({ name }) => name)).to.deep.equal([
      'pi2',
      'pi4',
    ]);
    expect(pick(runs, deployed, randomFrom(1))).to.have.length(1);
    expect(pick(runs, deployed, randomFrom(1), 3)).to.deep.equal([]);
    expect(sayNobody(runs, deployed, 3)).to.equal(
      'pods in namespace holdfast with app=web stand on 2 nodes of rack; 3 were asked for',
    );
  });

  it('takes as many as are asked for, or none', () => {
    const many = (count: Count): number => picked('voter', count).split(' ').filter(Boolean).length;
    expect(
      ['one', 'minority', 'majority', 'all', 1, 2, 3, 4].map((one) => many(one as Count)),
    ).to.deep.equal([1, 1, 2, 3, 1, 2, 3, 0]);
    expect(picked('control-plane', 'minority').split(' ')).to.have.length(1);
    expect(picked('control-plane', 'majority').split(' ')).to.have.length(3);
  });

  it('chooses by the seed, every set sooner or later, in the order of the cluster', () => {
    const sets = new Set(Array.from({ length: 60 }, (_, seed) => picked('voter', 2, seed)));
    expect([...sets].sort()).to.deep.equal(['pi1 pi2', 'pi1 pi3', 'pi2 pi3']);
    expect(picked('voter', 2, 7)).to.equal(picked('voter', 2, 7));
  });

  it('says why it found too few', () => {
    expect(sayNobody('voter', rack, 4)).to.equal(
      'rack has 3 nodes of which each is a voter with a datastore member that answers; 4 were asked for',
    );
    expect(sayNobody('worker', small)).to.equal('no node of rack is a worker');
    expect(sayNobody({ nodes: ['pi2', 'pi9', 'pi8'] }, rack)).to.equal(
      'there is no node "pi9", "pi8" in rack; its nodes: pi1, pi2, pi3, pi4, pi5, pi6',
    );
    expect(sayNobody({ 'holder-of': 'x' }, rack)).to.equal(
      'nobody holds a Lease x in kube-system of rack; held there are: kube-scheduler, kube-controller-manager',
    );
    expect(
      sayNobody({ 'holder-of': 'kube-scheduler' }, { ...rack, nodes: [nodeNumber(9)] }),
    ).to.equal(
      'the Lease kube-scheduler of rack is held by "pi2", which is none of its nodes: pi9',
    );
  });
});
