import { expect } from 'chai';
import { KubeError, type Kube } from '../links/kube.ts';
import { createPatiently } from './create-patiently.ts';

function refusal(status: number): KubeError {
  const text = JSON.stringify({ kind: 'Status', message: 'database is locked' });
  return new KubeError('pi1', 'POST', '/api', { status, text } as never);
}

describe('an object of our own', () => {
  const patience = { forMs: 50, pauseMs: 1 };

  /** Answers so, one after the other, and the last one again and again. */
  function server(...statuses: readonly number[]): Pick<Kube, 'create'> & { asked: number } {
    const kube = {
      asked: 0,
      create: <T>(): Promise<T> => {
        const status = statuses[Math.min(kube.asked++, statuses.length - 1)] ?? 500;
        return status < 400 ? Promise.resolve({} as T) : Promise.reject(refusal(status));
      },
    };
    return kube;
  }

  it('is created again where the datastore is locked', async () => {
    const kube = server(500, 500, 201);
    await createPatiently(kube, '/api/v1/namespaces/holdfast/services', {}, patience);
    expect(kube.asked).to.equal(3);
  });

  it('is there, where an attempt that failed has created it', async () => {
    const kube = server(500, 409);
    await createPatiently(kube, '/api/v1/namespaces/holdfast/services', {}, patience);
    expect(kube.asked).to.equal(2);
  });

  for (const [what, status] of [
    ['was there before', 409],
    ['is refused', 403],
  ] as const)
    it(`is not created where it ${what}`, async () => {
      const kube = server(status);
      const failed = await createPatiently(kube, '/api', {}, patience).catch(String);
      expect(failed).to.include(`HTTP ${status}`);
      expect(kube.asked).to.equal(1);
    });

  it('is given up with what the server said last', async () => {
    const failed = await createPatiently(server(500), '/api', {}, patience).catch(String);
    expect(failed).to.include('database is locked');
  });
});
