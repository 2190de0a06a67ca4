import { worksAgain } from './works-again.ts';

/** The leader of the workload acts: by what it has done, and not by who holds its Lease. */
export const leaderActs = worksAgain({
  name: 'leader-acts',
  summary: 'a leader of the workload acts again, and so it goes on',
  probe: 'acts',
  promise: 'a leader of the workload acts again',
  says: 'a leader of the workload acted again',
});
