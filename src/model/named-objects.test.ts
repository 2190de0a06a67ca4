import { expect } from 'chai';
import { objectsNamed } from './named-objects.ts';
import type { Step } from './scenario.ts';

describe('the objects that a scenario names', () => {
  const step = (id: string, params: Record<string, string>): Step => ({
    ...{ kind: 'fault', id, fault: 'update' },
    params,
  });

  it('are those of all its steps, each once, and none of the services of a node', () => {
    const steps = [
      step('a', { deployment: 'shop/web' }),
      step('b', { service: 'datastore' }),
      { kind: 'heal', id: 'c', step: 'all' },
      {
        kind: 'each',
        id: 'd',
        of: 'node',
        steps: [step('e', { deployment: 'shop/web' }), step('f', { service: 'shop/web' })],
      },
      step('g', { deployment: 'shop/api' }),
    ] as const;
    expect(objectsNamed({ steps })).to.deep.equal({
      deployments: ['shop/web', 'shop/api'],
      services: ['shop/web'],
    });
  });
});
