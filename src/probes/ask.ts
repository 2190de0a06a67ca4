import { type Agent, type ClientRequest, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
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
  /** The host that is asked for, if it is another than the one that is connected to. */
  readonly named?: string | undefined;
  /** Whose certificate it is, is not asked: that of a cluster is often of its own authority. */
  readonly https?: true | undefined;
}

/** Asks once; an answer that is not the good one has a value all the same, and silence has none. */
export function ask(question: Question): Promise<Seen> {
  const { status: good, timeoutMs } = question;
  return new Promise((resolve) => {
    let over = false;
    const settle = (seen: Seen): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      resolve(seen);
    };
    const outgoing = send(question);
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

function send({ host, port, path, agent, named, https }: Question): ClientRequest {
  const to = {
    host,
    port,
    path,
    agent: agent ?? false,
    ...(named !== undefined && { headers: { host: named } }),
  };
  if (https !== true) return requestHttp(to);
  const servername = named ?? host;
  return requestHttps({
    ...to,
    rejectUnauthorized: false,
    // An address is no name for a server.
    ...(isIP(servername) === 0 && { servername }),
  });
}
