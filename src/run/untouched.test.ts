import { expect } from 'chai';
import { objectsAt } from '../testing/fake-objects.ts';
import { compareOwnObjects, ownObjects, sayOwnObjects, type Comparison } from './untouched.ts';

const shop = '/apis/apps/v1/namespaces/shop';
const service = '/api/v1/namespaces/shop/services/web';
const deployment = `${shop}/deployments/web`;
const replicaSet = `${shop}/replicasets/web-5d9`;

const meta = (name: string, more: object = {}) => ({
  metadata: { namespace: 'shop', name, uid: `uid-${name}`, resourceVersion: '7', ...more },
});
const ownedBy = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, controller: true }],
});

const before = {
  [service]: { ...meta('web'), spec: { ports: [{ port: 80 }] } },
  [deployment]: { ...meta('web', { generation: 3 }), spec: { replicas: 3, paused: false } },
  [replicaSet]: {
    ...meta('web-5d9', { generation: 1, ...ownedBy('Deployment', 'web') }),
    spec: { replicas: 3 },
  },
  '/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb': {
    items: ['a', 'b'].map((name) => meta(name, ownedBy('ReplicaSet', 'web-5d9'))),
  },
};
const asked = { namespace: 'shop', service: 'web', pods: 'app=web' };

/** What is said after some of the objects were replaced; undefined for removed. */
async function after(changes: Readonly<Record<string, object | undefined>>): Promise<Comparison> {
  const found = await ownObjects(objectsAt(before), asked);
  const now: Readonly<Record<string, object | undefined>> = { ...before, ...changes };
  const left = Object.entries(now).filter(([, one]) => one !== undefined);
  return compareOwnObjects(objectsAt(Object.fromEntries(left)), found);
}

describe('the proof that what is not ours is untouched', () => {
  it('is of the Service and of all that owns its pods', async () => {
    const found = await ownObjects(objectsAt(before), asked);
    expect(sayOwnObjects(found)).to.equal(
      'Service shop/web (resourceVersion 7), ReplicaSet shop/web-5d9 (generation 1), Deployment shop/web (generation 3)',
    );
  });

  it('finds nothing where all is as before, but for the status of what counts pods', async () => {
    const status = {
      ...before[deployment],
      ...meta('web', { generation: 3, resourceVersion: '9' }),
    };
    expect(await after({ [deployment]: status })).to.deep.equal({ changed: [], noted: [] });
  });

  it('finds a changed spec, and says of what', async () => {
    const paused = { ...meta('web', { generation: 4 }), spec: { replicas: 3, paused: true } };
    expect((await after({ [deployment]: paused })).changed).to.deep.equal([
      'Deployment shop/web has another spec than before: paused',
    ]);
    const moved = { ...meta('web'), spec: { ports: [{ port: 81 }], type: 'NodePort' } };
    expect((await after({ [service]: moved })).changed).to.deep.equal([
      'Service shop/web has another spec than before: ports, type',
    ]);
  });

  it('finds what is gone, and what was made anew', async () => {
    const anew = { ...before[service], ...meta('web', { uid: 'uid-other' }) };
    expect((await after({ [deployment]: undefined, [service]: anew })).changed).to.deep.equal([
      'Service shop/web was removed and made anew',
      'Deployment shop/web is gone',
    ]);
  });

  it('tells what an autoscaler does, and what was put back, and blames nobody', async () => {
    const scaled = { ...meta('web', { generation: 4 }), spec: { replicas: 5, paused: false } };
    expect(await after({ [deployment]: scaled })).to.deep.equal({
      changed: [],
      noted: [
        'Deployment shop/web was not touched by this run, but was scaled from 3 to 5 meanwhile',
      ],
    });
    const back = { ...before[deployment], ...meta('web', { generation: 5 }) };
    expect((await after({ [deployment]: back })).noted.join()).to.contain('generation 3 to 5');
    const labelled = { ...before[service], ...meta('web', { resourceVersion: '8' }) };
    expect((await after({ [service]: labelled })).noted.join()).to.match(/^Service .* labels/);
  });

  it('notes nothing of what the run was to change, nor of what that owns, but that it is not as before', async () => {
    const found = await ownObjects(objectsAt(before), asked);
    const compare = (changes: object): Promise<Comparison> =>
      compareOwnObjects(objectsAt({ ...before, ...changes }), found, [deployment]);
    const back = {
      [deployment]: { ...before[deployment], ...meta('web', { generation: 5 }) },
      [replicaSet]: { ...before[replicaSet], ...meta('web-5d9', { generation: 5 }) },
    };
    expect(await compare(back)).to.deep.equal({ changed: [], noted: [] });
    const left = { [deployment]: { ...meta('web'), spec: { replicas: 3, paused: true } } };
    expect((await compare(left)).changed).to.have.length(1);
  });

  it('is none where the API fails', async () => {
    const found = await ownObjects(objectsAt(before), asked);
    const broken = { get: () => Promise.reject(new Error('EDEADLINE')) };
    const failed = await compareOwnObjects(broken, found).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(Error);
  });
});
