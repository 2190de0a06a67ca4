import { expect } from 'chai';
import type { Kube } from '../links/kube.ts';
import type { Links } from '../links/open.ts';
import { until } from '../testing/until.ts';
import { webAddress } from '../testing/web-address.ts';
import type { Sampler, Seen } from './probe.ts';
import { replicas } from './replicas.ts';

type Reading = Parameters<Kube['watch']>[1];

function pod(uid: string, ready: boolean, more: object = {}): object {
  const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }];
  return {
    metadata: { namespace: 'holdfast', name: uid, uid, ...more },
    spec: {},
    status: { conditions },
  };
}

/** An API server with three pods of which one is not ready; each watch is handed to the test. */
function opened(): {
  readonly sampler: Sampler;
  readonly watches: Reading[];
  readonly paths: string[];
} {
  const watches: Reading[] = [];
  const paths: string[] = [];
  const items = [pod('a', true), pod('b', true), pod('c', false)];
  const kube: Partial<Kube> = {
    get: <T>() => Promise.resolve({ metadata: { resourceVersion: '7' }, items } as T),
    watch: (path, reading) => {
      paths.push(path);
      watches.push(reading);
      reading.onOpen(200);
      return new Promise((resolve) => reading.signal.addEventListener('abort', () => resolve()));
    },
  };
  const sampler = replicas(
    { id: 'replicas@pi1', probe: 'replicas', node: 'pi1', everyMs: 491 },
    {
      links: { kube: () => kube } as unknown as Links,
      controlPlanes: ['pi1'],
      addresses: {},
      namespace: 'holdfast',
      workload: webAddress,
    },
  );
  return { sampler, watches, paths };
}

function tell(watch: Reading | undefined, type: string, object: object): void {
  watch?.onLine(JSON.stringify({ type, object }));
}

describe('a watch on the replicas', () => {
  let told: ReturnType<typeof opened>;
  const seen = (): Promise<Seen> => told.sampler.look(1000);
  const watching = (n: number): Promise<void> =>
    until(() => Promise.resolve(told.watches.length === n));

  beforeEach(async () => {
    told = opened();
    expect(await seen()).to.deep.equal({ ok: false, error: 'EOPENING' });
    await watching(1);
  });
  afterEach(() => told.sampler.close());

  it('tells how many are ready, and the fewest since it was asked', async () => {
    const [watch] = told.watches;
    expect(await seen()).to.deep.equal({ ok: true, value: { ready: 2, least: 2, opened: 1 } });
    tell(watch, 'MODIFIED', pod('c', true));
    expect(await seen()).to.deep.equal({ ok: true, value: { ready: 3, least: 2, opened: 1 } });
    tell(watch, 'DELETED', pod('a', true));
    tell(watch, 'MODIFIED', pod('b', true, { deletionTimestamp: '2026-11-21T07:10:00Z' }));
    tell(watch, 'ADDED', pod('d', true));
    tell(watch, 'ADDED', pod('e', true));
    expect(await seen()).to.deep.equal({ ok: true, value: { ready: 3, least: 1, opened: 1 } });
    expect((await seen()).value).to.deep.equal({ ready: 3, least: 3, opened: 1 });
  });

  it('asks for the pods of the workload alone, from the list on', () => {
    expect(told.paths).to.deep.equal([
      '/api/v1/namespaces/holdfast/pods?labelSelector=!holdfast.dev%2Fpart&watch=1&timeoutSeconds=3600&resourceVersion=7',
    ]);
  });

  it('is opened anew from a list where it ends, or a line is no change of a pod', async () => {
    for (const [index, line] of ['{', '{"type":"ERROR","object":{"code":410}}', 'null'].entries()) {
      told.watches.at(-1)?.onLine(line);
      expect(await seen()).to.deep.equal({ ok: false, error: 'EPROTOCOL' });
      await watching(index + 2);
      expect((await seen()).value).to.deep.include({ ready: 2, opened: index + 2 });
    }
  });

  it('tells the fewest of before it broke once it is open again', async () => {
    const [watch] = told.watches;
    tell(watch, 'DELETED', pod('a', true));
    tell(watch, 'DELETED', pod('b', true));
    watch?.onLine('{');
    await watching(2);
    expect((await seen()).value).to.deep.equal({ ready: 2, least: 0, opened: 2 });
  });
});
