import { worksAgain } from './works-again.ts';

/** The workload is reached by the name of its Service from inside a pod on each node that no fault hits. */
export const reachedByName = worksAgain({
  name: 'reached-by-name',
  summary: 'the workload is reached again by its name from inside pods, and so it goes on',
  probe: 'inside-named',
  promise: 'the workload reached again by its name from inside pods',
  says: 'the workload was reached by its name from inside pods on all nodes that no fault hit',
});
