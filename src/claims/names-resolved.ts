import { worksAgain } from './works-again.ts';

/** A name that no cache knows is resolved from inside a pod on each node that no fault hits. */
export const namesResolved = worksAgain({
  name: 'names-resolved',
  summary: 'names are resolved again from inside pods, and so it goes on',
  probe: 'names',
  promise: 'names resolved again from inside pods',
  says: 'names were resolved again from inside pods on all nodes that no fault hit',
});
