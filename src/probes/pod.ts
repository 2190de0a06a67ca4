import type { Series } from '../model/plan.ts';
import type { WorkloadAddress } from './probe.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

/** Of a pod as the API tells it, what probes read. */
export interface Pod {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly nodeName?: unknown };
  readonly status: { readonly conditions?: readonly Condition[] };
}

/** Where the API lists the pods of the workload. @throws Error for a series of a run without one: a defect of planning */
export function podsPath(series: Series, workload: WorkloadAddress | undefined): string {
  if (workload === undefined) throw new Error(`series ${series.id} has no pods to look for`);
  const { namespace, pods } = workload;
  return `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(pods)}`;
}

/** By its condition, and not on its way out. */
export function isReady({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true
  );
}

/** What the scheduler says of a pod for which it has found no node; nothing of one that it has not looked at. */
export function unscheduled({ status }: Pod): string | undefined {
  const message = status.conditions?.find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  )?.message;
  // What pre-empting others would not help either is told in a second sentence, and adds nothing.
  return message?.split('. preemption:')[0];
}
