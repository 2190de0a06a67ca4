import { Agent } from 'node:http';
import type { Series } from '../model/plan.ts';
import { ask } from './ask.ts';
import { nodeOf, type OpenProbe, type ProbeContext, type Sampler } from './probe.ts';

/** A new connection for each request: what somebody sees who comes now. */
export const webNew: OpenProbe = (series, context) => web(series, context, undefined);

/** One connection kept open, requests in turn: what somebody sees who has been here before. */
export const webReused: OpenProbe = (series, context) =>
  web(series, context, new Agent({ keepAlive: true, maxSockets: 1 }));

function web(series: Series, context: ProbeContext, agent: Agent | undefined): Sampler {
  const { workload, addresses } = context;
  const host = addresses[nodeOf(series)];
  if (workload === undefined || host === undefined)
    throw new Error(`series ${series.id} has nothing to ask`);
  const { nodePort: port, path, status } = workload;
  return {
    look: (timeoutMs) => ask({ host, port, path, status, agent, timeoutMs }),
    close: () => agent?.destroy(),
  };
}
