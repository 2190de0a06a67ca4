import { expect } from 'chai';
import type { PodSeen, Sample } from '../../model/timeline.ts';
import { aboutOf, look } from '../../testing/looks.ts';
import { endpointsUpdated } from './endpoints-updated.ts';
import type { Reading } from './kind.ts';

const endpoints = (sent: number, ready: Readonly<Record<string, number>>): Sample =>
  look('endpoints@pi3', sent, { ready });
const pod = (name: string, node: string, ready = true): PodSeen => ({ name, node, ready });
const pods = look('pods@pi3', 9900, {
  pods: [
    ...[pod('w/a', 'pi1'), pod('w/b', 'pi1'), pod('w/c', 'pi1'), pod('w/d', 'pi2')],
    ...[pod('w/e', 'pi4', false), { name: 'w/f', ready: true }],
  ],
});

function read(podsHit: readonly string[], ...looks: readonly Sample[]): readonly Reading[] {
  return endpointsUpdated.read(aboutOf([pods, ...looks], { intents: [{ podsHit }] }));
}

describe('until the Service leads no more to the pods that were hit', () => {
  const before = endpoints(9950, { pi1: 3, pi2: 1 });

  it('is until each node has so many endpoints fewer as pods of it were hit', () => {
    const looks = [
      endpoints(10_100, { pi1: 2, pi2: 1 }),
      endpoints(10_200, { pi1: 1, pi2: 1 }),
      endpoints(10_300, { pi1: 1 }),
    ];
    const both = ['w/a', 'w/b', 'w/e', 'w/f'];
    expect(read(both, before, ...looks)).to.deep.equal([{ measuredMs: { lo: 96, hi: 210 } }]);
    expect(read([...both, 'w/d'], before, ...looks)).to.deep.equal([
      { measuredMs: { lo: 196, hi: 310 } },
    ]);
  });

  it('says why there is nothing to read', () => {
    expect(read(['w/a'], endpoints(10_100, {}))).to.deep.equal([
      { because: 'the endpoints of no workload were told' },
    ]);
    const none = [{ because: 'the fault hits no ready pod of the workload' }];
    expect(read([], before)).to.deep.equal(none);
    expect(read(['w/e'], before)).to.deep.equal(none);
    const blind = aboutOf([before], { intents: [{ podsHit: ['w/a'] }] });
    expect(endpointsUpdated.read(blind)).to.deep.equal(none);
  });
});
