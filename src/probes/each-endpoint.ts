import { Agent } from 'node:http';
import type { EachEndpointSeen, EndpointSeen } from '../model/timeline.ts';
import { ask } from './ask.ts';
import { readyEndpoints, slicesPath, type Endpoint, type SliceList } from './endpoint-slices.ts';
import { askedPod } from './inside.ts';
import { errorCode, nodeOf, type OpenProbe, type ProbeContext, type Seen } from './probe.ts';

/** Of a look's time, the share in which the API may say whither the Service leads. */
const listShare = 1 / 4;

/**
 * Has the pod of a node ask each endpoint that the Service leads to, by its own address and past the Service: which of
 * them answers, and which is listed and does not. Where the pod that asks is silent, nothing is known of any.
 */
export const eachEndpoint: OpenProbe = (series, context) => {
  const { host, port, prefix } = askedPod(series, context);
  const { status = 200 } = context.workload ?? {};
  const listed = listing(nodeOf(series), context);
  const agent = new Agent({ keepAlive: true });
  const answerOf = async (endpoint: Endpoint, end: number): Promise<Answer> => {
    const path = `${prefix}/endpoint/${endpoint.address}`;
    const timeoutMs = Math.max(1, end - performance.now());
    return { endpoint, seen: await ask({ host, port, path, status, agent, timeoutMs }) };
  };
  return {
    look: async (timeoutMs) => {
      const end = performance.now() + timeoutMs;
      try {
        const endpoints = await listed(timeoutMs * listShare);
        return seenOf(await Promise.all(endpoints.map((one) => answerOf(one, end))));
      } catch (error) {
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => agent.destroy(),
  };
};

interface Answer {
  readonly endpoint: Endpoint;
  readonly seen: Seen;
}

function seenOf(answers: readonly Answer[]): Seen {
  const silent = answers.find(({ seen }) => seen.value === undefined);
  if (silent !== undefined) return { ok: false, error: silent.seen.error ?? 'EUNKNOWN' };
  const endpoints = answers.map(({ endpoint, seen: { error } }): EndpointSeen => ({
    ...endpoint,
    ...(error !== undefined && { error }),
  }));
  const value: EachEndpointSeen = { endpoints };
  const error = endpoints.length === 0 ? 'ENOENDPOINT' : firstError(endpoints);
  return error === undefined ? { ok: true, value } : { ok: false, value, error };
}

function firstError(endpoints: readonly EndpointSeen[]): string | undefined {
  return endpoints.find(({ error }) => error !== undefined)?.error;
}

/**
 * Whither the Service leads, from the datastore: an API server that is cut off from that knows no more of it, and says
 * so. Where none says it in time, what was said last stands, as it does for the proxies of the nodes.
 */
function listing(
  node: string,
  { links, controlPlanes, workload }: ProbeContext,
): (timeoutMs: number) => Promise<readonly Endpoint[]> {
  if (workload === undefined) throw new Error(`${node} has no Service to look at`);
  const path = slicesPath(workload);
  // Its own API server first; those of the others spread over all.
  let turn = Math.max(0, controlPlanes.indexOf(node));
  let known: readonly Endpoint[] | undefined;
  return async (timeoutMs) => {
    try {
      const kube = links.kube(controlPlanes[turn % controlPlanes.length] ?? node);
      const list = await kube.get<SliceList>(path, { deadlineMs: timeoutMs });
      known = readyEndpoints(list, workload.portName);
    } catch (error) {
      turn += 1;
      if (known === undefined) throw error;
    }
    return known;
  };
}
