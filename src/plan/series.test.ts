import { expect } from 'chai';
import type { ServiceWorkload, Workload } from '../model/scenario.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import { seriesFor } from './series.ts';

const own: ServiceWorkload = {
  namespace: 'shop',
  service: 'web',
  path: '/',
  expect: 200,
  by: 'node-port',
};

describe('the series that ask a workload from outside', () => {
  const outside = (workload?: Workload): readonly string[] =>
    seriesFor(snapshotOf(), { ...(workload !== undefined && { workload }) }, new Map())
      .filter(({ probe }) => probe.startsWith('web-'))
      .map(({ id }) => id);

  it('are one for the port of each node', () => {
    const ofNodes = ['web-new', 'web-reused'].flatMap((probe) =>
      ['pi1', 'pi2', 'pi3', 'pi4'].map((node) => `${probe}@${node}`),
    );
    expect(outside('web')).to.deep.equal(ofNodes);
    expect(outside(own)).to.deep.equal(ofNodes);
  });

  it('are one for all where it is one address', () => {
    const one = ['web-new', 'web-reused'];
    expect(outside({ ...own, by: 'load-balancer' })).to.deep.equal(one);
    expect(outside({ ...own, by: { ingress: 'shop.example.org' } })).to.deep.equal(one);
  });

  it('ask at the rate of a load, all of them together', () => {
    const load = { perSecond: 200 };
    const loaded = (workload: Workload) =>
      seriesFor(snapshotOf(), { workload, load }, new Map()).filter(
        ({ probe }) => probe === 'load',
      );
    expect(loaded('web').map(({ id, everyMs }) => `${id} ${everyMs}`)).to.deep.equal(
      ['pi1', 'pi2', 'pi3', 'pi4'].map((node) => `load@${node} 20`),
    );
    expect(loaded({ ...own, by: 'load-balancer' })).to.deep.equal([
      { id: 'load', probe: 'load', everyMs: 5 },
    ]);
  });

  it('are none without a workload, and none where pods alone ask', () => {
    expect(outside()).to.deep.equal([]);
    expect(outside({ ...own, by: 'pod' })).to.deep.equal([]);
    const inside = seriesFor(snapshotOf(), { workload: { ...own, by: 'pod' } }, new Map());
    expect(inside.map(({ probe }) => probe)).to.include.members(['inside-new', 'pods']);
  });
});
