import { expect } from 'chai';
import type { Kube } from '../links/kube.ts';
import type { Links } from '../links/open.ts';
import type { Workload } from '../model/scenario.ts';
import { objectsAt } from '../testing/fake-objects.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import { timelineOf } from '../testing/timelines.ts';
import { CommandError } from './context.ts';
import { lookForOwnService } from './own-service.ts';

const shop: Workload = {
  namespace: 'shop',
  service: 'web',
  path: '/',
  expect: 200,
  by: 'node-port',
};
const service = '/api/v1/namespaces/shop/services/web';
const slices =
  '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dweb';
const objects = {
  [service]: { spec: { selector: { app: 'web' }, ports: [{ port: 80, nodePort: 30_080 }] } },
  [slices]: { items: [{ ports: [{ port: 80 }], endpoints: [{ addresses: ['10.1.0.1'] }] }] },
};

async function looked(kube: Pick<Kube, 'get' | 'list'>, workload: Workload = shop) {
  const asked: string[] = [];
  const links = {
    kube: (node: string) => {
      asked.push(node);
      return kube;
    },
  } as unknown as Links;
  const { scenario } = timelineOf({ probes: [] }).plan;
  const said = await lookForOwnService(
    { scenario: { ...scenario, workload }, snapshot: snapshotOf() },
    links,
  ).catch((error: unknown) => error);
  return { said, asked };
}

describe('the dry run of a scenario that asks a Service of one’s own', () => {
  it('has nothing to say if it is there', async () => {
    expect((await looked(objectsAt(objects))).said).to.equal(undefined);
  });

  it('says the refusal of a run', async () => {
    const { said } = await looked(objectsAt({}));
    expect(said).to.be.instanceOf(CommandError);
    expect(said).to.include({ outcome: 'refused', message: 'there is no Service shop/web' });
    const nobody = await looked(objectsAt({ ...objects, [slices]: { items: [] } }));
    expect(nobody.said).to.have.property('message').that.contains('leads to no ready pod');
  });

  it('says that it does not know where no API server answers', async () => {
    const kube = { ...objectsAt({}), get: () => Promise.reject(new Error('EDEADLINE')) };
    const { said, asked } = await looked(kube);
    expect(said).to.match(
      /^whether Service shop\/web is there, and a way to it, is not known: no API server answers: EDEADLINE; .*; a run looks before it does anything$/,
    );
    expect(asked).to.deep.equal(['pi1', 'pi2', 'pi3', 'pi4']);
  });

  it('looks for nothing where the workload comes with the run', async () => {
    expect(await looked(objectsAt({}), 'web')).to.deep.equal({ said: undefined, asked: [] });
  });
});
