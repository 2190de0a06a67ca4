import { between, judged, lossless, timing, undoneAt, verdictOf, type Clock } from './clock.ts';

const heal = timing.fired + 1500;

const clusterRecovers: Clock = {
  of: 'the recovery of the cluster',
  trial: (random) => {
    const recovers = between(random, 1000, 5000);
    const undone = undoneAt(heal, random);
    const verdict = verdictOf(
      'cluster-recovers',
      { within: 3000, after: 'heal' },
      {
        ...lossless(random),
        heal,
        recovered: undone + recovers,
        end: undone + recovers + 4000,
        writes: {},
        probes: ['nodes', 'write', 'roles'],
      },
    );
    return { 'cluster recovers': judged(verdict, recovers) };
  },
};

/** When the cluster is what it was before. */
export const recovery: readonly Clock[] = [clusterRecovers];
