/** Lies of a healing that says that it is done: the nodes are compared with what they were before. */
import { differing } from '../../../run/marks.ts';
import { apiWorld } from '../../api-world.ts';
import { scriptedWorld } from '../../scripted-world.ts';
import type { Lie, Said } from './lie.ts';

export const leftoverLies: readonly Lie[] = [
  {
    lie: 'the healing leaves a rule of nftables on a node',
    honest: () => compared('nft\ttable inet filter'),
    honestOutcome: 'as before',
    told: () => compared('nft\ttable inet filter', 'nft\ttable inet holdfast_3f9a1c_cut'),
    outcome: 'residue',
    because: /pi1: nft: \+ table inet holdfast_3f9a1c_cut/,
  },
  {
    lie: 'the healing leaves a node cordoned',
    honest: () => compared('nft\ttable inet filter'),
    honestOutcome: 'as before',
    told: () => compared('cordoned'),
    outcome: 'residue',
    because: /pi1: api: \+ cordoned/,
  },
];

/** Compares a node with what it was before, by the lines that it says of itself now, and by the API. */
async function compared(...now: readonly string[]): Promise<Said> {
  const isCordoned = now.includes('cordoned');
  const node = { metadata: { name: 'pi1' }, spec: isCordoned ? { unschedulable: true } : {} };
  const { world, close } = await apiWorld(() => [200, { metadata: {}, items: [node] }]);
  const lines = ['nft\ttable inet filter', ...now.filter((line) => line.startsWith('nft'))];
  try {
    const found = await differing(
      { pi1: ['nft\ttable inet filter'] },
      { units: [], folder: '/var/lib/datastore' },
      scriptedWorld({
        kube: world.links.kube,
        nodes: { pi1: () => ({ status: 0, stdout: [...new Set(lines)].join('\n'), stderr: '' }) },
      }),
    );
    return found.length === 0
      ? { outcome: 'as before', because: '' }
      : { outcome: 'residue', because: found.join('; ') };
  } finally {
    await close();
  }
}
