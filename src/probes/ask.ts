import { type Agent, request } from 'node:http';
import type { HttpSeen } from '../model/timeline.ts';
import { errorCode, type Seen } from './probe.ts';

// The workload's own answer is a few bytes; more is not it.
const maxBodyBytes = 64 << 10;

/** One request, and what a good answer to it is. */
export interface Question {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly status: number;
  /** Of kept connections; without one, a new connection. */
  readonly agent: Agent | undefined;
  readonly timeoutMs: number;
}

/** Asks once; an answer that is not the good one has a value all the same, and silence has none. */
export function ask({ host, port, path, status: good, agent, timeoutMs }: Question): Promise<Seen> {
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
      port,
      path,
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
        const { 'x-pod': pod, 'x-version': version } = response.headers;
        const value: HttpSeen = {
          status,
          ...(typeof pod === 'string' && { pod }),
          ...(typeof version === 'string' && { version }),
        };
        settle(
          status === good ? { ok: true, value } : { ok: false, value, error: `HTTP ${status}` },
        );
      });
    });
    outgoing.end();
  });
}
