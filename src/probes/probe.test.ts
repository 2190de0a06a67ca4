import { expect } from 'chai';
import type { Kube } from '../links/kube.ts';
import type { Links } from '../links/open.ts';
import { storedValues } from '../model/stored-schema.ts';
import { probeKinds } from './kinds.ts';
import { errorCode, numbersIn, type ProbeContext } from './probe.ts';
import { probes } from './table.ts';

describe('what an API server answers that it should not', () => {
  const context = (kube: Partial<Kube>): ProbeContext => ({
    links: { kube: () => kube } as unknown as Links,
    controlPlanes: ['pi1', 'pi2'],
    addresses: {},
    namespace: 'holdfast',
  });
  const series = (probe: string) => ({ id: `${probe}@pi1`, probe, node: 'pi1', everyMs: 100 });

  it('is no number that was written', () => {
    expect(
      numbersIn({ n1: '17', n2: 'x', n3: '-1', n4: '0', n5: '1.5', n6: '9e99', n7: '' }),
    ).to.deep.equal([17]);
    for (const none of [undefined, null, 'x', 7]) expect(numbersIn(none)).to.deep.equal([]);
  });

  it('is a broken protocol in a sample, and no name of an error of ours', () => {
    expect(errorCode(new SyntaxError('x'))).to.equal('EPROTOCOL');
    expect(errorCode(new TypeError('x'))).to.equal('EPROTOCOL');
    expect(errorCode(Object.assign(new Error('x'), { code: 'HTTP 500' }))).to.equal('HTTP 500');
  });

  it('does not break a watch, which takes the next line', async () => {
    const sampler = probes.watch(
      series('watch'),
      context({
        watch: (_, { onOpen, onLine, signal }) => {
          onOpen(200);
          for (const line of ['null', '{', '{"object":null}', '{"object":{"data":{"n1":"x"}}}'])
            onLine(line);
          onLine('{"object":{"data":{"n4":"4"}}}');
          return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
        },
      }),
    );
    const seen = await sampler.look(1000);
    sampler.close();
    expect(seen).to.deep.equal({ ok: true, value: { of: 'pi2', n: 4, opened: 1 } });
  });

  it('is left out of what is written down, which keeps its types', async () => {
    const text = JSON.stringify({ data: { n1: '1', n2: 'two', n3: '9e99' } });
    const read = probes.read(
      series('read'),
      context({ request: () => Promise.resolve({ status: 200, headers: {}, text }) }),
    );
    expect(await read.look(1000)).to.deep.equal({
      ok: true,
      value: { of: 'pi2', kept: [[1, 1]] },
    });
    const items = [{ metadata: { name: 'pi1' }, spec: { renewTime: 5 }, status: {} }];
    const nodes = probes.nodes(
      series('nodes'),
      context({ get: <T>() => Promise.resolve({ items } as T) }),
    );
    expect(await nodes.look(1000)).to.deep.equal({
      ok: true,
      value: { ready: { pi1: false }, renewed: { pi1: '' } },
    });
  });
});

describe('what a probe has seen', () => {
  it('has a shape by which a stored run without a seal is checked', () => {
    expect(storedValues).to.have.all.keys(Object.keys(probeKinds));
    for (const [probe, shape] of Object.entries(storedValues))
      for (const none of [undefined, null, 200, 'x', []])
        expect(shape.safeParse(none).success, `${probe}: ${String(none)}`).to.equal(false);
  });
});
