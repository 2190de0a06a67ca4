import { Agent, request } from 'node:http';
import type { Series } from '../model/plan.ts';
import type { HttpSeen } from '../model/timeline.ts';
import {
  errorCode,
  nodeOf,
  type OpenProbe,
  type ProbeContext,
  type Sampler,
  type Seen,
} from './probe.ts';

/** A new connection for each request: what somebody sees who comes now. */
export const webNew: OpenProbe = (series, context) => web(series, context, undefined);

/** One connection kept open, requests in turn: what somebody sees who has been here before. */
export const webReused: OpenProbe = (series, context) =>
  web(series, context, new Agent({ keepAlive: true, maxSockets: 1 }));

// The workload's own answer is a few bytes; more is not it.
const maxBodyBytes = 64 << 10;

function web(series: Series, context: ProbeContext, agent: Agent | undefined): Sampler {
  const { workload, addresses } = context;
  const host = addresses[nodeOf(series)];
  if (workload === undefined || host === undefined)
    throw new Error(`series ${series.id} has nothing to ask`);
  return {
    look: (timeoutMs) => ask(host, workload, agent, timeoutMs),
    close: () => agent?.destroy(),
  };
}

function ask(
  host: string,
  workload: NonNullable<ProbeContext['workload']>,
  agent: Agent | undefined,
  timeoutMs: number,
): Promise<Seen> {
  return new Promise((resolve) => {
    let over = false;
    const settle = (seen: Seen): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      resolve(seen);
    };
    const outgoing = request({
      host,
      port: workload.nodePort,
      path: workload.path,
      agent: agent ?? false,
    });
    const timer = setTimeout(() => {
      settle({ ok: false, error: 'EDEADLINE' });
      outgoing.destroy();
    }, timeoutMs);
    outgoing.on('error', (error) => settle({ ok: false, error: errorCode(error) }));
    outgoing.on('response', (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBodyBytes) outgoing.destroy(new Error('the answer is too long'));
      });
      response.on('error', (error) => settle({ ok: false, error: errorCode(error) }));
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        const pod = response.headers['x-pod'];
        const value: HttpSeen = { status, ...(typeof pod === 'string' && { pod }) };
        settle(
          status === workload.status
            ? { ok: true, value }
            : { ok: false, value, error: `HTTP ${status}` },
        );
      });
    });
    outgoing.end();
  });
}
