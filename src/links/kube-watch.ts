import type { Agent } from 'node:https';
import { request } from 'node:https';
import { performance } from 'node:perf_hooks';
import { LinkError, sayCause } from './errors.ts';

export interface Watching {
  readonly node: string;
  readonly server: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly agent: Agent;
  /** Called with the status of the answer once it has begun. */
  readonly onOpen: (status: number) => void;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Reads an answer that does not end, a line at a time, until its server ends it or the signal aborts. It has no
 * deadline: that nothing comes for long is for the reader to notice.
 * @throws LinkError lost where it broke
 */
export function streamLines(watching: Watching): Promise<void> {
  const { node, server, path, headers, agent, signal } = watching;
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const broken = (cause: Error): void => {
      if (signal.aborted) resolve();
      else
        reject(
          new LinkError({
            kind: 'lost',
            node,
            what: `GET ${server}${path}`,
            tookMs: performance.now() - startedMs,
            detail: sayCause(cause),
            cause,
          }),
        );
    };
    const outgoing = request(new URL(path, server), { headers, agent, signal });
    outgoing.on('error', broken);
    outgoing.once('response', (response) => {
      watching.onOpen(response.statusCode ?? 0);
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line !== '') watching.onLine(line);
      });
      response.on('error', broken);
      response.once('close', resolve);
    });
    outgoing.end();
  });
}
