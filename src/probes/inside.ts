import { Agent } from 'node:http';
import { ask } from './ask.ts';
import { nodeOf, type OpenProbe, type ProbeContext, type Sampler } from './probe.ts';
import type { Series } from '../model/plan.ts';

/** The workload's Service from inside, a new connection each time. */
export const insideNew: OpenProbe = (series, context) =>
  inside(series, context, () => '/new', context.workload?.status);

/** The same on a connection that the pod keeps. */
export const insideReused: OpenProbe = (series, context) =>
  inside(series, context, () => '/reused', context.workload?.status);

/** The same by the name of the Service, which is looked up anew as soon as a second is over: as applications do. */
export const insideNamed: OpenProbe = (series, context) =>
  inside(series, context, () => '/named', context.workload?.status);

/**
 * A name that nobody has asked for before, so that no cache knows it: that of a pod, in which its address is written, and
 * which leads the pod that asks back to itself.
 */
export const names: OpenProbe = (series, context) => {
  let count = Math.floor(Math.random() * perDigit ** 3);
  const digit = (place: number): number => 1 + (Math.floor(count / perDigit ** place) % perDigit);
  return inside(series, context, () => {
    count += 1;
    return `/names/127-${digit(2)}-${digit(1)}-${digit(0)}`;
  });
};

/** Each of the last three parts of an address in 127/8 is from 1 to so many. */
const perDigit = 250;

/** The pod of a node is asked to ask: what it answers is about its question, and no answer tells nothing of that. */
function inside(series: Series, context: ProbeContext, path: () => string, status = 200): Sampler {
  const { host, port, prefix } = askedPod(series, context);
  const agent = new Agent({ keepAlive: true });
  return {
    look: (timeoutMs) => ask({ host, port, path: `${prefix}${path()}`, status, agent, timeoutMs }),
    close: () => agent.destroy(),
  };
}

/**
 * Where the pod of ours on a node is asked, and what each path begins with.
 * @throws Error for a series of a run without: a defect of planning
 */
export function askedPod(
  series: Series,
  { addresses, workload }: ProbeContext,
): { readonly host: string; readonly port: number; readonly prefix: string } {
  const host = addresses[nodeOf(series)];
  if (host === undefined || workload?.inside === undefined)
    throw new Error(`series ${series.id} has nobody to ask`);
  return { host, port: workload.inside.nodePort, prefix: `/${workload.inside.key}` };
}
