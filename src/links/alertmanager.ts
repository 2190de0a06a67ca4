import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AlertSeen } from '../model/timeline.ts';
import type { AlertsAccess } from './access.ts';
import { alertFrom, listOf, maxAlertBytes, type AlertsLink } from './alerts.ts';
import { deadline } from './deadline.ts';
import { LinkError, sayCause, understood, type LinkErrorKind } from './errors.ts';

/** Of an alert that is silenced or inhibited nobody is told. */
const query = 'active=true&silenced=false&inhibited=false&unprocessed=false';

/** Alertmanager's API, version 2: a new connection each time, as it may be another replica that answers now. */
export function openAlertmanager({
  alertmanager,
  token,
}: Extract<AlertsAccess, { alertmanager: string }>): AlertsLink {
  const url = new URL(`${alertmanager.replace(/\/+$/, '')}/api/v2/alerts?${query}`);
  const underWay = new Set<() => void>();
  return {
    active: async (timeoutMs) =>
      alertsIn(
        await getText({ url, node, timeoutMs, underWay, ...(token !== undefined && { token }) }),
      ),
    close: () => {
      for (const end of underWay) end();
    },
  };
}

/** Reads what Alertmanager answers. @throws LinkError protocol */
export function alertsIn(text: string): readonly AlertSeen[] {
  return understood(node, 'the alerts', () => listOf(JSON.parse(text)).map(alertFrom));
}

/** For messages: it is no node. */
const node = 'Alertmanager';

interface Getting {
  readonly url: URL;
  /** Who is asked, for messages. */
  readonly node: string;
  readonly token?: string;
  readonly timeoutMs: number;
  /** What ends each request that is under way. */
  readonly underWay: Set<() => void>;
}

/** Asks once. @throws LinkError */
export function getText({ url, token, node, timeoutMs, underWay }: Getting): Promise<string> {
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const failed = (kind: LinkErrorKind, detail?: string, cause?: unknown): void => {
      settle();
      outgoing.destroy();
      const tookMs = performance.now() - startedMs;
      const what = `GET ${url.origin}${url.pathname}`;
      reject(
        new LinkError({ kind, node, what, tookMs, ...(detail !== undefined && { detail }), cause }),
      );
    };
    const end = (): void => failed('aborted', 'the link was closed');
    const clear = deadline(timeoutMs, undefined, (why) => failed(why));
    const settle = (): void => {
      clear();
      underWay.delete(end);
    };
    underWay.add(end);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const outgoing = send(url, {
      agent: false,
      headers: { accept: 'application/json', ...authorization },
    });
    outgoing.on('error', (error) => failed('connect', sayCause(error), error));
    outgoing.once('response', (response) => {
      const { statusCode: status } = response;
      if (status !== 200) {
        failed(status === 401 || status === 403 ? 'auth' : 'refused', `HTTP ${status ?? 'none'}`);
        return;
      }
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxAlertBytes) failed('protocol', `more than ${maxAlertBytes} bytes`);
        else chunks.push(chunk);
      });
      response.on('error', (error) => failed('lost', sayCause(error), error));
      response.once('end', () => {
        settle();
        resolve(Buffer.concat(chunks).toString());
      });
    });
    outgoing.end();
  });
}
