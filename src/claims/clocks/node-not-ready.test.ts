import { expect } from 'chai';
import { aboutOf, look } from '../../testing/looks.ts';
import { nodeNotReady } from './node-not-ready.ts';

const told = (sent: number, ready: Readonly<Record<string, boolean>>): ReturnType<typeof look> =>
  look('nodes@pi3', sent, { ready, renewed: {} });

const looks = [
  told(10_100, { pi1: true, pi2: true }),
  told(10_200, { pi1: true, pi2: false }),
  told(10_300, { pi2: false }),
];

describe('until a node is told not to be Ready', () => {
  it('is read of each node that is taken down, and one that is not told of is not Ready', () => {
    const about = aboutOf(looks, {
      intents: [{ nodesDown: ['pi2'] }, { nodesDown: ['pi2', 'pi1'] }],
    });
    expect(nodeNotReady.read(about)).to.deep.equal([
      { of: 'pi1', measuredMs: { lo: 196, hi: 310 } },
      { of: 'pi2', measuredMs: { lo: 96, hi: 210 } },
    ]);
  });

  it('is read of the targets of a fault that hits what makes a node Ready', () => {
    const aimed = { targets: ['pi2'], service: 'api-server' } as const;
    expect(nodeNotReady.read(aboutOf(looks, { intents: [aimed] }))).to.deep.equal([
      { of: 'pi2', measuredMs: { lo: 96, hi: 210 } },
    ]);
    expect(
      nodeNotReady.read(aboutOf(looks, { intents: [{ ...aimed, service: 'datastore' }] })),
    ).to.deep.equal([{ because: 'the fault takes no node down' }]);
  });
});
