import { ownNamespace, partLabel } from '../model/namespace.ts';
import type { WorkloadAddress } from '../probes/probe.ts';

/** Where the shipped workload `web` is, without a way to it. */
export const webAddress: WorkloadAddress = {
  namespace: ownNamespace,
  service: 'web',
  pods: `!${partLabel}`,
  path: '/',
  status: 200,
};
