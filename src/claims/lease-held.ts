import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { limit, type Limit } from '../model/fields.ts';
import type { Timeline } from '../model/timeline.ts';
import { afterFault } from './after.ts';
import { renewalOf } from './clocks/lease-held.ts';
import { neverFired, sinceOf } from './injected.ts';
import { timingClaim, type Finding } from './timing.ts';

interface LeaseHeldParams {
  readonly lease: string;
  readonly within: Limit;
  readonly after?: string | undefined;
}

/**
 * A Lease of the control plane is renewed again, by whomever: that somebody says to lead. Whether the one who says so
 * also works, pods-scheduled and deployments-reconciled tell.
 */
export const leaseHeld: Claim<LeaseHeldParams> = timingClaim({
  name: 'lease-held',
  summary: 'a Lease of the control plane is held and renewed again',
  schema: z.strictObject({
    lease: z.string().min(1).describe('Name of the Lease, in kube-system'),
    within: limit,
    after: afterFault,
  }),
  probes: ['leases'],
  promise: ({ lease }) => `the Lease ${lease} held again`,
  find,
});

function find({ lease, after }: LeaseHeldParams, timeline: Timeline): Finding {
  const since = sinceOf(timeline, after);
  if (since === undefined) return { kind: 'pending', because: neverFired };
  const { measuredMs, because, holder } = renewalOf({ timeline, since }, lease);
  if (measuredMs === undefined) return { kind: 'invalid', because: because ?? 'nobody told it' };
  return {
    kind: 'measured',
    measured: measuredMs,
    says:
      'atLeast' in measuredMs
        ? `${lease} was not renewed`
        : `${lease} was renewed by ${sayHolder(holder)}`,
    evidence: [],
  };
}

/** A holder is a host name, mostly with `_` and a uid behind it. */
function sayHolder(holder = ''): string {
  const [name = ''] = holder.split('_');
  return name === '' ? 'somebody' : name;
}
