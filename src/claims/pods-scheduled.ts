import { worksAgain } from './works-again.ts';

/** A pod that is made anew each second is given a node: the scheduler works, whoever holds its Lease. */
export const podsScheduled = worksAgain({
  name: 'pods-scheduled',
  summary: 'a pod that is made is given a node again, and so it goes on',
  probe: 'scheduled',
  promise: 'new pods scheduled again',
  says: 'new pods were scheduled again',
});
