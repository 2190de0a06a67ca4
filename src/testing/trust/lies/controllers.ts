/** Lies about who leads the control plane's services, and about what they do. */
import type { LeaseSeen, LeasesSeen } from '../../../model/timeline.ts';
import { inTimeline, missed, samples } from './in-timeline.ts';
import type { Lie } from './lie.ts';

const held = ['lease-held', { lease: 'kube-scheduler', within: '20s' }] as const;
const scheduled = ['pods-scheduled', { within: '20s' }] as const;
const reconciled = ['deployments-reconciled', { within: '20s' }] as const;
const resolved = ['names-resolved', { within: '20s' }] as const;

/** Nobody leads for as long as it takes, and then somebody does. */
const lapse = { leaseLapse: 17_000 };
const schedulerIdle = { idle: { scheduled: 17_000 } };
const managerIdle = { idle: { reconciled: 15_000 } };

const notRenewed =
  /kube-scheduler was not renewed in the \d+\.\d s after the fault; that is beyond/;

export const controllerLies: readonly Lie[] = [
  inTimeline({
    lie: 'the old holder renewed its Lease between the last look before the fault and the first after it, and nobody since',
    claim: held,
    world: lapse,
    written: leases((lease, after) => ({
      ...lease,
      renewed: after < 0 ? '2026-11-21T10:00:00.000000Z' : '2026-11-21T10:00:02.000000Z',
    })),
    outcome: 'fail',
    because: notRenewed,
  }),
  inTimeline({
    lie: 'the stamp of the Lease goes back, by the clock of another node, and never forward',
    claim: held,
    world: lapse,
    written: leases((lease, after) => ({
      ...lease,
      renewed: after < 3000 ? '2026-11-21T10:00:02.000000Z' : '2026-11-21T09:00:00.000000Z',
    })),
    outcome: 'fail',
    because: notRenewed,
  }),
  inTimeline({
    lie: 'another Lease is renewed all the time, and the one that is asked of is gone',
    claim: held,
    world: lapse,
    written: samples(({ series, value }, after) =>
      series.startsWith('leases@') && after > 0 && value !== undefined
        ? { value: { leases: { 'kube-controller-manager': schedulerOf(value as LeasesSeen) } } }
        : {},
    ),
    outcome: 'fail',
    because: notRenewed,
  }),
  inTimeline({
    lie: 'the probe of the Leases says yes and has seen none',
    claim: held,
    world: lapse,
    written: samples(({ series }) =>
      series.startsWith('leases@') ? { ok: true, value: undefined } : {},
    ),
    outcome: 'invalid',
    because: /leases@pi\d said yes at \d+\.\d+ s and had seen no answer/,
  }),
  inTimeline({
    lie: 'one pod is scheduled two seconds after the fault, and then none',
    claim: scheduled,
    world: schedulerIdle,
    truth: { idle: { scheduled: 60_000 } },
    written: samples(({ series }, after) =>
      series === 'scheduled' && after > 2000 && after < 3009
        ? { ok: true, value: { node: 'pi3' }, error: undefined }
        : {},
    ),
    outcome: 'fail',
    because: /it was not seen that new pods were scheduled again in the \d+\.\d s after the fault/,
  }),
  inTimeline({
    lie: 'pods are said to be scheduled, and no node is named',
    claim: scheduled,
    world: schedulerIdle,
    written: samples(({ series }) =>
      series === 'scheduled' ? { ok: true, value: undefined, error: undefined } : {},
    ),
    outcome: 'invalid',
    because: /scheduled said yes at \d+\.\d+ s and had seen no answer/,
  }),
  inTimeline({
    lie: 'nothing was scheduled before the fault either',
    claim: scheduled,
    world: schedulerIdle,
    written: samples(({ series }, after) =>
      series === 'scheduled' && after < 0 ? { ok: false, value: undefined, error: 'EPENDING' } : {},
    ),
    outcome: 'invalid',
    because: /scheduled had 0 good samples/,
  }),
  inTimeline({
    lie: 'the controller takes note of one change after the fault, and of no other',
    claim: reconciled,
    world: managerIdle,
    truth: { idle: { reconciled: 60_000 } },
    written: samples(({ series }, after) =>
      series === 'reconciled' && after > 4000 && after < 4499
        ? { ok: true, value: { generation: 9 }, error: undefined }
        : {},
    ),
    outcome: 'fail',
    because: /it was not seen that .* again in the \d+\.\d s after the fault/,
  }),
  inTimeline({
    lie: 'the slots of the canary were missed while nothing was reconciled',
    claim: reconciled,
    world: managerIdle,
    written: samples(({ series }, after) =>
      series === 'reconciled' && after > 0 && after < 14_500 ? missed : {},
    ),
    outcome: 'invalid',
    because: /too slow to see|too sparse/,
  }),
  inTimeline({
    lie: 'names are resolved on all nodes but one',
    claim: resolved,
    truth: { webDown: [{ node: 'pi4', from: 0, to: 90_000 }] },
    outcome: 'fail',
    because: /it was not seen that names were resolved again .* in the \d+\.\d s after the fault/,
  }),
  inTimeline({
    lie: 'a cache answers for the cluster’s DNS: yes without an answer',
    claim: resolved,
    written: samples(({ series }) =>
      series.startsWith('names@') ? { ok: true, value: undefined } : {},
    ),
    outcome: 'invalid',
    because: /names@pi\d said yes at \d+\.\d+ s and had seen no answer/,
  }),
];

function leases(
  change: (lease: LeaseSeen, after: number) => LeaseSeen,
): ReturnType<typeof samples> {
  return samples(({ series, value }, after) =>
    series.startsWith('leases@') && value !== undefined
      ? { value: { leases: { 'kube-scheduler': change(schedulerOf(value as LeasesSeen), after) } } }
      : {},
  );
}

function schedulerOf({ leases }: LeasesSeen): LeaseSeen {
  return leases['kube-scheduler'] ?? { holder: '', renewed: '' };
}
