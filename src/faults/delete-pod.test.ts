import { expect } from 'chai';
import { isImpossible, type Impossible } from '../model/fault.ts';
import { randomFrom } from '../model/random.ts';
import { designContext } from '../testing/design.ts';
import { podOf, snapshotOf } from '../testing/snapshot.ts';
import { deletePod } from './delete-pod.ts';
import type { Intent } from '../model/intent.ts';
import type { PodFacts } from '../model/snapshot.ts';

const web = (number: number): PodFacts =>
  podOf(`holdfast/web-${number}`, `pi${number}`, { labels: { app: 'web', tier: 'front' } });
const pods = [
  web(1),
  web(2),
  web(3),
  podOf('holdfast/other', 'pi1', { labels: { app: 'other' } }),
  podOf('shop/web-1', 'pi1', { labels: { app: 'web' } }),
];

describe('the fault delete-pod', () => {
  it('is written with a namespace and labels, and gives no grace unless told to', () => {
    const read = (more: object): boolean =>
      deletePod.schema.safeParse({ namespace: 'a', labels: { b: 'c' }, ...more }).success;
    expect(deletePod.schema.parse({ namespace: 'a', labels: { app: 'web' } })).to.deep.equal({
      namespace: 'a',
      labels: { app: 'web' },
      count: 'one',
      grace: 0,
    });
    expect(read({ grace: '30s' })).to.equal(true);
    expect(read({ grace: '1500ms' })).to.equal(false);
    expect(read({ labels: {} })).to.equal(false);
    expect(read({ target: 'leader' })).to.equal(false);
  });

  it('deletes the one that leads, by its own name or by that of its host', () => {
    const leading = (leases: Readonly<Record<string, string>>): object => {
      const read = deletePod.schema.parse({
        namespace: 'holdfast',
        labels: { app: 'web' },
        leads: 'app',
      });
      return deletePod.design(read, designContext([], snapshotOf(undefined, { pods, leases })));
    };
    expect(leading({ 'holdfast/app': 'web-2' })).to.deep.include({
      podsHit: ['holdfast/web-2'],
      leases: ['holdfast/app'],
    });
    expect(leading({ 'holdfast/app': 'pi3' })).to.deep.include({ podsHit: ['holdfast/web-3'] });
    expect(leading({ app: 'web-2' })).to.deep.equal({
      impossible:
        'no pod stands on a node in namespace holdfast with app=web that holds the Lease app',
      untilDeployed:
        'delete one of the pods in namespace holdfast with app=web that holds the Lease app without grace',
    });
  });

  it('deletes one of the pods with its labels by uid, aims at no node and leaves nothing', () => {
    const intent = designed({});
    const [hit] = intent.podsHit;
    const pod = pods.find(({ namespace, name }) => `${namespace}/${name}` === hit);
    expect(pod?.labels).to.include({ app: 'web' });
    expect(intent).to.deep.equal({
      id: '3f9a1c-fault',
      fault: 'delete-pod',
      says: `delete ${hit} on ${pod?.node} without grace`,
      targets: [],
      holds: [`pod ${pod?.uid}`],
      membersDown: [],
      podsHit: [hit],
      prepare: [],
      inject: [
        {
          kube: 'DELETE',
          path: `/api/v1/namespaces/holdfast/pods/${pod?.name}`,
          body: { gracePeriodSeconds: 0, preconditions: { uid: pod?.uid } },
        },
      ],
      bit: [
        {
          noPod: { namespace: 'holdfast', name: pod?.name },
          uid: pod?.uid,
          says: `${hit} is gone`,
        },
      ],
      bitWithinMs: 10_000,
      undo: [],
      gone: [],
      undoBy: 'nothing',
    });
    expect(JSON.parse(JSON.stringify(intent))).to.deep.equal(intent);
  });

  it('chooses by the seed, and sooner or later each of them', () => {
    const hits = Array.from({ length: 30 }, (_, seed) => designed({}, pods, seed).podsHit[0]);
    expect(new Set(hits)).to.have.keys('holdfast/web-1', 'holdfast/web-2', 'holdfast/web-3');
    expect(designed({}, pods, 7)).to.deep.equal(designed({}, pods, 7));
  });

  it('deletes as many as asked for, and waits for their grace', () => {
    const intent = designed({ count: 'all', grace: 30_000 });
    expect(intent.podsHit).to.have.members(['holdfast/web-1', 'holdfast/web-2', 'holdfast/web-3']);
    expect(intent.says).to.match(/, with 30 s to end$/);
    expect(intent.bitWithinMs).to.equal(40_000);
  });

  it('is impossible where there are too few', () => {
    expect(design({ namespace: 'shop', labels: { app: 'nothing' } })).to.deep.equal({
      impossible: 'no pod stands on a node in namespace shop with app=nothing',
    });
    expect(design({ namespace: 'shop', count: 2 })).to.deep.equal({
      impossible: 'only 1 of them stands on a node in namespace shop with app=web',
    });
  });

  it('says in words what it will do to the workload of the run, which is not there yet', () => {
    expect(design({ count: 2 }, [])).to.deep.equal({
      impossible: 'no pod stands on a node in namespace holdfast with app=web',
      untilDeployed: 'delete 2 of the pods in namespace holdfast with app=web without grace',
    });
  });
});

function design(more: object, there = pods, seed = 1): Intent | Impossible {
  const params = {
    namespace: 'holdfast',
    labels: { app: 'web' },
    count: 'one' as const,
    grace: 0,
    ...more,
  };
  return deletePod.design(
    params,
    designContext([], snapshotOf(undefined, { pods: there }), { random: randomFrom(seed) }),
  );
}

function designed(more: object, there?: readonly PodFacts[], seed?: number): Intent {
  const intent = design(more, there === undefined ? undefined : [...there], seed);
  if (isImpossible(intent)) throw new Error(intent.impossible);
  return intent;
}
