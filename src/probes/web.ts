import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Series } from '../model/plan.ts';
import { ask } from './ask.ts';
import { nodeOf, type OpenProbe, type ProbeContext, type Sampler } from './probe.ts';

/** A new connection for each request: what somebody sees who comes now. */
export const webNew: OpenProbe = (series, context) => web(series, context);

/** One connection kept open, requests in turn: what somebody sees who has been here before. */
export const webReused: OpenProbe = (series, context) =>
  web(series, context, { keepAlive: true, maxSockets: 1 });

/** As many kept connections as the requests that are under way need, none of which waits for another. */
export const load: OpenProbe = (series, context) => web(series, context, { keepAlive: true });

function web(series: Series, { workload, addresses }: ProbeContext, kept?: AgentOptions): Sampler {
  const outside = workload?.outside;
  if (workload === undefined || outside === undefined)
    throw new Error(`series ${series.id} has nothing to ask`);
  const { port, host: named, https } = outside;
  const host = outside.address ?? addresses[nodeOf(series)];
  if (host === undefined) throw new Error(`series ${series.id} has no address to ask`);
  const { path, status } = workload;
  const Agent = https === true ? HttpsAgent : HttpAgent;
  const agent = kept && new Agent(kept);
  const question = { host, port, path, status, agent, named, https };
  return {
    look: (timeoutMs) => ask({ ...question, timeoutMs }),
    close: () => agent?.destroy(),
  };
}
