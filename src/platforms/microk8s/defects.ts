import type { Defect } from '../platform.ts';

export const defects: readonly Defect[] = [
  {
    from: 34,
    to: 36,
    says: 'after one watch query that timed out, a node sees no changes any more until its datastore restarts, while reads and writes work',
    source: 'https://github.com/canonical/k8s-dqlite/issues/364',
  },
  {
    from: 34,
    to: 35,
    says: 'a node without power may stay Ready until kubelite restarts elsewhere',
    source: 'https://github.com/canonical/microk8s/issues/5386',
  },
  {
    from: 35,
    to: 36,
    says: 'a node whose network was away may stay NotReady',
    source: 'https://github.com/canonical/microk8s/issues/5352',
  },
];
