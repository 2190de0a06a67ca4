import { expect } from 'chai';
import type { Series } from '../model/plan.ts';
import { leases } from './leases.ts';
import type { ProbeContext } from './probe.ts';

const series: Series = { id: 'leases@pi1', probe: 'leases', node: 'pi1', everyMs: 499 };

function lookAt(items: readonly unknown[]): ReturnType<ReturnType<typeof leases>['look']> {
  const links = { kube: () => ({ get: () => Promise.resolve({ items }) }) };
  return leases(series, { links } as unknown as ProbeContext).look(1000);
}

describe('the probe leases', () => {
  const scheduler = { name: 'kube-scheduler' };

  it('tells who holds each Lease and when it was renewed', async () => {
    const spec = { holderIdentity: 'pi1_x', renewTime: '2026-11-21T07:10:00.000000Z' };
    const labels = { 'apiserver.kubernetes.io/identity': 'kube-apiserver' };
    const look = await lookAt([
      { metadata: scheduler, spec },
      { metadata: { name: 'apiserver-abc', labels }, spec },
      { metadata: { name: 'nobody' }, spec: {} },
    ]);
    expect(look).to.deep.equal({
      ok: true,
      value: {
        leases: {
          'kube-scheduler': { holder: 'pi1_x', renewed: '2026-11-21T07:10:00.000000Z' },
          nobody: { holder: '', renewed: '' },
        },
      },
    });
  });

  it('takes what is no text for none', async () => {
    const { value } = await lookAt([
      { metadata: scheduler, spec: { holderIdentity: 7, renewTime: {} } },
    ]);
    expect(value).to.deep.equal({ leases: { 'kube-scheduler': { holder: '', renewed: '' } } });
  });

  it('has seen nothing in what is no list of Leases', async () => {
    for (const broken of [{ metadata: scheduler }, null, { metadata: {}, spec: {} }, 'a'])
      expect(await lookAt([broken]), JSON.stringify(broken)).to.include({ ok: false });
  });
});
