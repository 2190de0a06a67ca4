import { expect } from 'chai';
import { apiWorld, type Answer } from '../testing/api-world.ts';
import { deploymentOf } from '../testing/deployment.ts';
import type { NamedObjects } from '../model/snapshot.ts';
import { askObjects } from './survey-objects.ts';

describe('a survey of the objects that a scenario names', () => {
  const { template } = deploymentOf();
  const answers: Record<string, Answer> = {
    '/apis/apps/v1/namespaces/shop/deployments/web': [
      200,
      {
        metadata: { uid: 'u1' },
        spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template },
      },
    ],
    '/api/v1/namespaces/shop/services/web': [
      200,
      { metadata: { uid: 'u2' }, spec: { selector: { app: 'web' } } },
    ],
    '/api/v1/namespaces/shop/services/bare': [200, { metadata: { uid: 'u3' }, spec: {} }],
  };

  const asked = async (
    deployments: readonly string[],
    services: readonly string[],
    answer: (path: string) => Answer = (path) => answers[path] ?? [404, { reason: 'NotFound' }],
  ): Promise<{ found: NamedObjects; paths: readonly string[] }> => {
    const { world, asked: all, close } = await apiWorld(({ path }) => answer(path));
    try {
      const kube = world.links.kube('pi1');
      const found = await askObjects(kube, { deployments, services }, {});
      return { found, paths: all.map(({ path }) => path) };
    } finally {
      await close();
    }
  };

  it('records just what a change could take away, of those and no others', async () => {
    const { found, paths } = await asked(['shop/web'], ['shop/web', 'shop/bare']);
    expect(found).to.deep.equal({
      deployments: { 'shop/web': { uid: 'u1', replicas: 2, labels: { app: 'web' }, template } },
      services: {
        'shop/web': { uid: 'u2', selector: { app: 'web' } },
        'shop/bare': { uid: 'u3', selector: {} },
      },
    });
    expect([...paths].sort()).to.deep.equal(Object.keys(answers).sort());
  });

  it('leaves out what there is not, and asks for nothing where nothing is named', async () => {
    const { found } = await asked(['shop/none'], ['none/web']);
    expect(found).to.deep.equal({ deployments: {}, services: {} });
    expect((await asked([], [])).paths).to.deep.equal([]);
  });

  it('throws where the API refuses, or says what nobody can understand', async () => {
    for (const answer of [
      [500, 'etcdserver: no leader'],
      [200, { metadata: { uid: 'u1' } }],
      [200, { metadata: { uid: 'u1' }, spec: { selector: {}, template: { spec: {} } } }],
    ] as const) {
      const error: unknown = await asked(['shop/web'], [], () => answer).catch(
        (error: unknown) => error,
      );
      expect(error, JSON.stringify(answer))
        .to.have.property('name')
        .that.matches(/^(Kube|Link)Error$/);
    }
  });
});
