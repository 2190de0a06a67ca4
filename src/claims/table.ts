import type { ClaimTable } from '../model/tables.ts';
import { clusterRecovers } from './cluster-recovers.ts';
import { leaderElected } from './leader-elected.ts';
import { votersRestored } from './voters-restored.ts';
import { workloadAvailable } from './workload-available.ts';
import { writesResume } from './writes-resume.ts';

/** Every kind of claim, by the name a scenario gives it. */
export const claims = {
  'leader-elected': leaderElected,
  'voters-restored': votersRestored,
  'writes-resume': writesResume,
  'workload-available': workloadAvailable,
  'cluster-recovers': clusterRecovers,
} satisfies ClaimTable;
