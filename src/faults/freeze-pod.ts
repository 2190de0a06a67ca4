/**
 * Freezes the processes of pods with SIGSTOP: they hold their connections and what they lead, do nothing, and do not know
 * of it when they go on. Leaves a note of the processes in /run/holdfast; undo lets those go on that are still the same.
 * Needs root on the node.
 */
import { z } from 'zod';
import type { DesignContext, Fault, Impossible } from '../model/fault.ts';
import type { Intent, Proof } from '../model/intent.ts';
import { podProcesses } from './control/pod.ts';
import { inject, isFrozen, prepare, undo, type Freezable } from './frozen.ts';
import { aimedAt, choosePods, podFields, sayPod, type PodsMeant } from './pods.ts';
import { lines, nothingNoted, readStat } from './script.ts';

export type FreezePodParams = PodsMeant & Readonly<Record<string, unknown>>;

export const freezePod = {
  summary: 'freeze the processes of pods with SIGSTOP: they still look alive',
  schema: z.strictObject(podFields),
  example: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  design,
} satisfies Fault<FreezePodParams>;

function design(params: FreezePodParams, context: DesignContext): Intent | Impossible {
  const { id } = context;
  const pods = choosePods(params, context, 'freeze');
  if ('impossible' in pods) return pods;
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
    ...aimedAt(pods, params),
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
