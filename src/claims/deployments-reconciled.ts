import { worksAgain } from './works-again.ts';

/** A Deployment that is changed again and again is taken note of: the controller manager works, whoever holds its Lease. */
export const deploymentsReconciled = worksAgain({
  name: 'deployments-reconciled',
  summary: 'a change of a Deployment is taken note of by its controller again, and so it goes on',
  probe: 'reconciled',
  promise: 'changed Deployments reconciled again',
  says: 'changed Deployments were reconciled again',
});
