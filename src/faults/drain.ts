/**
 * Drains nodes: cordons them and evicts their pods, which honours disruption budgets.
 *
 * As `kubectl drain` does, it leaves pods of DaemonSets and static pods alone, and refuses to end what nothing would
 * start again, or what has data that would go with it, unless told to. A pod whose budget does not let it go in time
 * makes a drain that was not done: the run is invalid, and says what the budget said.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/
 */
import { z } from 'zod';
import { count, duration, selector } from '../model/fields.ts';
import { isImpossible, type DesignContext, type Fault, type Impossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import type { PodFacts } from '../model/snapshot.ts';
import { cordoning } from './unschedulable.ts';

export interface DrainParams extends Readonly<Record<string, unknown>> {
  readonly target: Selector;
  readonly count: Count;
  readonly unmanaged: boolean;
  readonly 'local-data': boolean;
  /** ms */
  readonly within: number;
}

export const drain = {
  summary: 'cordon nodes and evict their pods, as disruption budgets allow',
  schema: z.strictObject({
    target: selector,
    count: count.default('one'),
    unmanaged: z.boolean().default(false).describe('End also pods that nothing would start again'),
    'local-data': z
      .boolean()
      .default(false)
      .describe('End also pods with a volume that is lost with them (emptyDir)'),
    within: duration
      .default(60_000)
      .describe(
        'How long the evictions may take, waiting for budgets included; else it did not happen',
      ),
  }),
  example: { target: 'leader', within: '30s' },
  design,
} satisfies Fault<DrainParams>;

function design(params: DrainParams, context: DesignContext): Intent | Impossible {
  const cordoned = cordoning(context);
  if (isImpossible(cordoned)) return cordoned;
  const targets = context.targets.map(({ name }) => name);
  const pods = context.snapshot.pods.filter((pod) => targets.includes(pod.node) && mayGo(pod));
  const impossible = whyNot(pods, params);
  if (impossible !== undefined) return { impossible };
  return {
    id: context.id,
    fault: 'drain',
    says: `drain ${targets.join(', ')}: cordon, and evict ${pods.length} pod${pods.length === 1 ? '' : 's'}`,
    targets,
    membersDown: [],
    podsHit: pods.map(nameOf),
    prepare: [],
    ...cordoned,
    inject: [
      ...cordoned.inject,
      ...pods.map(({ namespace, name, uid }) => ({
        evict: { namespace, name },
        uid,
        atMostMs: params.within,
      })),
    ],
    bit: [
      ...cordoned.bit,
      ...pods.map(({ namespace, name, uid, node }) => ({
        noPod: { namespace, name },
        uid,
        says: `${namespace}/${name} has left ${node}`,
      })),
    ],
    bitWithinMs: params.within,
  };
}

/** A DaemonSet would put its pod back whatever is cordoned, and a static pod belongs to its kubelet alone. */
function mayGo({ owner, isStatic }: PodFacts): boolean {
  return owner !== 'DaemonSet' && !isStatic;
}

function whyNot(pods: readonly PodFacts[], params: DrainParams): string | undefined {
  const unmanaged = pods.filter(({ owner }) => owner === undefined);
  if (unmanaged.length > 0 && !params.unmanaged)
    return (
      `nothing would start ${unmanaged.map(nameOf).join(', ')} again; ` +
      'say unmanaged: true to end what nothing manages, or aim at another node'
    );
  const withData = pods.filter(({ hasLocalData }) => hasLocalData);
  if (withData.length > 0 && !params['local-data'])
    return (
      `${withData.map(nameOf).join(', ')} would lose the data of an emptyDir volume; ` +
      'say local-data: true to lose it, or aim at another node'
    );
  return undefined;
}

function nameOf({ namespace, name }: PodFacts): string {
  return `${namespace}/${name}`;
}
