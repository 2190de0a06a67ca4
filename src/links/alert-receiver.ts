import { createServer, type IncomingMessage } from 'node:http';
import type { ListenAddress } from '../model/clusterfile.ts';
import type { AlertSeen } from '../model/timeline.ts';
import {
  alertFrom,
  alertKey,
  listOf,
  maxAlertBytes,
  mostAlerts,
  type AlertsLink,
} from './alerts.ts';
import { LinkError, sayCause } from './errors.ts';

/** So many at once are more than one Alertmanager and its replicas open. */
const mostConnections = 16;
const requestTimeoutMs = 5000;

/**
 * Listens for Alertmanager's webhook, version 4, and keeps which alerts are active by what was posted. Nothing of what
 * comes is trusted: what cannot be read changes nothing, and who sent it is told so.
 */
export function openReceiver({ host, port }: ListenAddress): AlertsLink {
  let active: ReadonlyMap<string, AlertSeen> = new Map();
  let failed: Error | undefined;
  const server = createServer((request, response) => {
    const answer = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' });
      response.end(`${text}\n`);
    };
    if (request.method !== 'POST') {
      answer(405, 'POST what Alertmanager posts to a webhook');
      return;
    }
    textOf(request)
      .then((text) => {
        active = afterPost(active, text);
        answer(200, 'taken');
      })
      .catch((error: unknown) => answer(400, sayCause(error)));
  });
  server.maxConnections = mostConnections;
  server.requestTimeout = requestTimeoutMs;
  server.headersTimeout = requestTimeoutMs;
  server.on('error', (error) => (failed = error));
  server.listen(port, host);
  return {
    active: () => {
      if (failed === undefined) return Promise.resolve([...active.values()]);
      const what = `listen on ${host}:${port}`;
      const detail = sayCause(failed);
      return Promise.reject(
        new LinkError({
          kind: 'lost',
          node: 'this machine',
          what,
          tookMs: 0,
          detail,
          cause: failed,
        }),
      );
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * Which alerts are active after a post: those that it says fire are, those that it says are resolved are not.
 * @throws SyntaxError or TypeError if it is none of Alertmanager's: then nothing of it counts
 */
export function afterPost(
  before: ReadonlyMap<string, AlertSeen>,
  text: string,
): ReadonlyMap<string, AlertSeen> {
  const { version, alerts } = (JSON.parse(text) ?? {}) as { version?: unknown; alerts?: unknown };
  if (version !== '4') throw new TypeError('this is not version 4 of the webhook');
  const after = new Map(before);
  for (const one of listOf(alerts)) {
    const alert = alertFrom(one);
    const { status } = one as { status?: unknown };
    if (status === 'firing') after.set(alertKey(alert), alert);
    else if (status === 'resolved') after.delete(alertKey(alert));
    else throw new TypeError(`${alert.name} neither fires nor is resolved`);
  }
  if (after.size > mostAlerts) throw new TypeError(`there are more than ${mostAlerts} alerts`);
  return after;
}

function textOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxAlertBytes) chunks.push(chunk);
      else reject(new RangeError(`more than ${maxAlertBytes} bytes`));
    });
    request.on('error', reject);
    request.once('end', () => resolve(Buffer.concat(chunks).toString()));
  });
}
