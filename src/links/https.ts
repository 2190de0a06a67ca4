import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect as tlsConnect, createSecureContext } from 'node:tls';
import { deadline } from './deadline.ts';
import { LinkError, type LinkErrorKind, sayCause, systemCode } from './errors.ts';
import { dialTcp } from './tcp.ts';

/** Whom to believe, and who we are: secrets, plain data, only ever in memory. */
export interface HttpsCredentials {
  /** PEM; without it the certificate authorities of Node.js are trusted. */
  readonly ca?: string;
  /** Client certificate and key, PEM: both or neither. */
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
  /** Name to look for in the server's certificate, in place of its address. */
  readonly serverName?: string;
}

export interface HttpsOptions {
  /** Of the server, for messages. */
  readonly node: string;
  /** `https://address:port` */
  readonly server: string;
  readonly credentials: HttpsCredentials;
  /** For each request, from its call to the last byte of its answer; milliseconds. */
  readonly deadlineMs: number;
  /** A name that the server's certificate may have where it lacks the address; without `serverName` alone. */
  readonly orNamed?: string;
  /** Makes the connection under TLS where the port is closed to us; a TCP connection to the server unless given. */
  readonly dial?: () => Promise<Duplex>;
}

export interface RequestExtras {
  /** In place of the link's own; milliseconds. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a server answered, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One HTTPS server, on connections of its own that are kept, with a deadline for each request and no retry. */
export interface Https {
  readonly agent: Agent;
  /** Headers of every request without a body. */
  readonly headers: Readonly<Record<string, string | number>>;
  /** `body` is sent as JSON. @throws LinkError where no answer came */
  readonly request: (
    method: Method,
    path: string,
    extras?: RequestExtras & { body?: unknown; contentType?: string },
  ) => Promise<Answer>;
  /** Ends its connections, and with them what is under way; a closed link stays closed. */
  close(): void;
}

// Requests leave on time whatever came before: at 10 Hz with a deadline of a second, ten hang on a silent server.
const maxConnections = 32;
// All pods of a large cluster are some ten megabytes.
const maxAnswerBytes = 64 << 20;

/** Opens the link to one server; nothing is sent before the first request. */
export function openHttps(options: HttpsOptions): Https {
  const agent = makeAgent(options);
  const underWay = new Set<AbortController>();
  let closed = false;
  return {
    agent,
    headers: prepare(options.credentials, {}).headers,
    request: async (method, path, extras = {}) => {
      const life = new AbortController();
      if (closed) life.abort();
      underWay.add(life);
      try {
        return await send({ options, agent, method, path, extras, closed: life.signal });
      } finally {
        underWay.delete(life);
      }
    },
    close: () => {
      closed = true;
      for (const life of underWay) life.abort();
      agent.destroy();
    },
  };
}

function makeAgent({ credentials, server, deadlineMs, orNamed, dial }: HttpsOptions): Agent {
  const { ca, cert, key, serverName } = credentials;
  const { hostname, port } = new URL(server);
  const host = hostname.replace(/^\[|\]$/g, '');
  // Made once for all connections: each of its own would cost memory that comes back late.
  const secureContext = createSecureContext({
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
  const agent = new Agent({ keepAlive: true, maxSockets: maxConnections });
  const connect = (_options: unknown, done: (error: Error | null, socket?: Duplex) => void) => {
    (dial?.() ?? dialTcp(host, Number(port || 443), deadlineMs)).then(
      (socket) =>
        done(
          null,
          tlsConnect({
            socket,
            host,
            secureContext,
            ...(serverName === undefined ? {} : { servername: serverName }),
            checkServerIdentity: (name, peer) => {
              const mismatch = checkServerIdentity(name, peer);
              if (mismatch === undefined || serverName !== undefined || orNamed === undefined)
                return mismatch;
              return checkServerIdentity(orNamed, peer) === undefined ? undefined : mismatch;
            },
          }),
        ),
      (error: unknown) => done(error as Error),
    );
    return undefined;
  };
  return Object.assign(agent, { createConnection: connect });
}

interface Sending {
  readonly options: HttpsOptions;
  readonly agent: Agent;
  readonly method: Method;
  readonly path: string;
  readonly extras: RequestExtras & { body?: unknown; contentType?: string };
  readonly closed: AbortSignal;
}

function send(sending: Sending): Promise<Answer> {
  const { options, agent, method, path, extras } = sending;
  const startedMs = performance.now();
  return new Promise<Answer>((resolve, reject) => {
    let settled = false;
    let connected = false;
    const settle = () => {
      if (settled) return false;
      settled = true;
      clearDeadline();
      sending.closed.removeEventListener('abort', onClosed);
      return true;
    };
    const fail = (kind: LinkErrorKind, detail?: string, cause?: unknown) => {
      if (!settle()) return;
      outgoing.destroy();
      reject(
        new LinkError({
          kind,
          node: options.node,
          what: `${method} ${options.server}${path}`,
          tookMs: performance.now() - startedMs,
          ...(detail === undefined ? {} : { detail }),
          cause,
        }),
      );
    };
    const broken = (error: Error) => fail(kindOf(error, connected), sayCause(error), error);
    const onClosed = () => fail('aborted', 'the link was closed');
    let clearDeadline: () => void = () => undefined;

    const { body, headers } = prepare(options.credentials, extras);
    const outgoing = httpsRequest(new URL(path, options.server), { method, headers, agent });
    outgoing.on('error', broken);
    outgoing.once('socket', (socket) => {
      // A kept connection is there already; a new one is once its peer has shown its certificate.
      if (outgoing.reusedSocket) connected = true;
      else socket.once('secureConnect', () => (connected = true));
    });
    outgoing.once('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxAnswerBytes) fail('protocol', `more than ${maxAnswerBytes} bytes`);
        else chunks.push(chunk);
      });
      response.on('error', broken);
      response.once('end', () => {
        if (!settle()) return;
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, text: Buffer.concat(chunks).toString() });
      });
    });
    sending.closed.addEventListener('abort', onClosed, { once: true });
    clearDeadline = deadline(extras.deadlineMs ?? options.deadlineMs, extras.signal, fail);
    if (sending.closed.aborted) onClosed();
    else if (extras.signal?.aborted !== true) outgoing.end(body);
  });
}

function prepare(
  credentials: HttpsCredentials,
  extras: { body?: unknown; contentType?: string },
): { body: string | undefined; headers: Record<string, string | number> } {
  const body = extras.body === undefined ? undefined : JSON.stringify(extras.body);
  const headers: Record<string, string | number> = { accept: 'application/json' };
  if (credentials.token !== undefined) headers['authorization'] = `Bearer ${credentials.token}`;
  if (body !== undefined) {
    headers['content-type'] = extras.contentType ?? 'application/json';
    headers['content-length'] = Buffer.byteLength(body);
  }
  return { body, headers };
}

function kindOf(error: Error, connected: boolean): LinkErrorKind {
  const code = systemCode(error) ?? '';
  if (/CERT|SELF_SIGNED|ISSUER|VERIFY/.test(code)) return 'host-key';
  if (code.startsWith('HPE_')) return 'protocol';
  return connected ? 'lost' : 'connect';
}
