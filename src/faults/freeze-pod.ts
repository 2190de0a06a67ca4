/**
 * Freezes the processes of pods with SIGSTOP: they hold their connections and what they lead, do nothing, and do not know
 * of it when they go on. Leaves a note of the processes in /run/holdfast; undo lets those go on that are still the same.
 * Needs root on the node.
 */
import { z } from 'zod';
import { numberOf } from '../model/count.ts';
import { count, podLabels } from '../model/fields.ts';
import type { DesignContext, Fault, Impossible } from '../model/fault.ts';
import type { Intent, Proof } from '../model/intent.ts';
import type { Count } from '../model/scenario.ts';
import { podProcesses } from './control/pod.ts';
import { inject, isFrozen, prepare, undo, type Freezable } from './frozen.ts';
import { leads, leasesLost, noPods, podsMeant, sayPod } from './pods.ts';
import { lines, nothingNoted, readStat } from './script.ts';

export interface FreezePodParams extends Readonly<Record<string, unknown>> {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly leads?: string | undefined;
  readonly count: Count;
}

export const freezePod = {
  summary: 'freeze the processes of pods with SIGSTOP: they still look alive',
  schema: z.strictObject({
    namespace: z.string().min(1).describe('The namespace of the pods'),
    labels: podLabels,
    leads,
    count: count.default('one'),
  }),
  example: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  design,
} satisfies Fault<FreezePodParams>;

function design(
  params: FreezePodParams,
  { id, snapshot, random }: DesignContext,
): Intent | Impossible {
  const fitting = podsMeant(params, snapshot);
  const wanted = numberOf(params.count, fitting.length);
  if (fitting.length < wanted)
    return noPods(params, fitting.length, `freeze ${params.count} of the pods`);
  const pods = random.sample(fitting, wanted);
  const nodes = new Set(pods.map(({ node }) => node));
  if (nodes.size < pods.length)
    return { impossible: `two of the pods to freeze stand on one node: ${[...nodes].join(', ')}` };
  const all = pods.map(({ node, namespace, name, uid }): Freezable => ({
    node,
    process: `${namespace}/${name}`,
    control: podProcesses(uid),
  }));
  return {
    id,
    fault: 'freeze-pod',
    says: `freeze ${pods.map(sayPod).join(', ')}`,
    // It aims at pods: their nodes are none of its victims.
    targets: [],
    holds: pods.map(({ uid }) => `pod ${uid}`),
    membersDown: [],
    ...leasesLost(params),
    podsHit: pods.map(({ namespace, name }) => `${namespace}/${name}`),
    prepare: all.map((one) => ({ on: one.node, sh: prepare(one, id, false) })),
    inject: all.map(({ node }) => ({ on: node, sh: inject(id) })),
    bit: all.map((one) => isFrozen(one, id)),
    undo: all.map(({ node }) => ({ on: node, sh: undo(id) })),
    gone: all.flatMap((one) => [nothingNoted(one.node, id), goesOn(one)]),
    undoBy: 'node-timer',
  };
}

/** None of its processes is stopped. It may have none: a leader that finds that it was away may well end. */
function goesOn({ node, process, control }: Freezable): Proof {
  return {
    from: node,
    says: `no process of ${process} is stopped`,
    sh: lines(
      `pids=$( (\n${control.find}\n${control.processes}\necho $pids\n) 2>/dev/null )`,
      'for pid in $pids; do',
      `if ${readStat}; then [ "$1" != T ] || exit 1; fi`,
      'done',
    ),
  };
}
