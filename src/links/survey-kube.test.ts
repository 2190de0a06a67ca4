import { expect } from 'chai';
import { LinkError } from './errors.ts';
import type { Kube } from './kube.ts';
import { askKube } from './survey-kube.ts';

describe('a survey of an API server that answers what it should not', () => {
  const answers: Readonly<Record<string, unknown>> = {
    'a pod with an owner that is none': {
      metadata: { namespace: 'a', name: 'b', uid: 'c', ownerReferences: [null] },
      spec: { nodeName: 'pi1' },
    },
    'a pod that is none': null,
  };
  const asking = (pods: unknown[], uid: unknown): Promise<unknown> =>
    askKube(
      {
        node: 'pi1',
        get: (path: string) =>
          Promise.resolve(path === '/version' ? { gitVersion: 'v1' } : { metadata: { uid } }),
        getDated: () => Promise.resolve({ value: { items: [] }, serverNowMs: 0 }),
        list: (path: string) => Promise.resolve(path === '/api/v1/pods' ? pods : []),
      } as unknown as Kube,
      'control-plane',
      {},
    );
  const failure = async (asked: Promise<unknown>): Promise<unknown> =>
    asked.then(
      () => undefined,
      (error: unknown) => error,
    );

  for (const [what, pod] of Object.entries(answers))
    it(`breaks its protocol: ${what}`, async () => {
      const error = await failure(asking([pod], 'cluster'));
      expect(error).to.be.instanceOf(LinkError);
      expect(error).to.include({ kind: 'protocol', node: 'pi1' });
    });

  it('breaks its protocol: an id that is no text', async () => {
    expect(await failure(asking([], 5))).to.include({
      kind: 'protocol',
      detail: 'the uid of kube-system is 5',
    });
    expect(await asking([], 'cluster')).to.include({ id: 'cluster', version: 'v1' });
  });
});
