import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect as tlsConnect, createSecureContext } from 'node:tls';
import { deadline } from './deadline.ts';
import { LinkError, type LinkErrorKind, sayCause, systemCode } from './errors.ts';
import { streamLines, type Watching } from './kube-watch.ts';
import type { KubeCredentials } from './kubeconfig.ts';
import { dialTcp } from './tcp.ts';

export interface KubeOptions {
  /** Of the API server, for messages. */
  readonly node: string;
  /** `https://address:port` */
  readonly server: string;
  readonly credentials: KubeCredentials;
  /** For each request, from its call to the last byte of its answer; milliseconds. */
  readonly deadlineMs: number;
}

export interface RequestExtras {
  /** In place of the link's own; milliseconds. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

/** client-node's models as they are in JSON, where instants are texts: answers are parsed and not converted. */
export type Json<T> = T extends Date
  ? string
  : T extends (infer Item)[]
    ? Json<Item>[]
    : T extends object
      ? { [Key in keyof T]: Json<T[Key]> }
      : T;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type PatchKind = 'merge' | 'strategic' | 'json';

/** What an API server answered, whatever its status. */
export interface KubeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** An answer and the API server's wall clock when it gave it, in milliseconds: whole seconds, NaN if it said none. */
export interface Dated<T> {
  readonly value: T;
  readonly serverNowMs: number;
}

/**
 * One API server, on connections of its own, with a deadline for each request and no retry.
 * All methods throw LinkError where no answer came; all but `request` throw KubeError for a status of 400 or more.
 */
export interface Kube {
  readonly node: string;
  readonly server: string;
  /** Any request; the status is part of the answer. `body` is sent as JSON. */
  request(
    method: Method,
    path: string,
    extras?: RequestExtras & { body?: unknown; contentType?: string },
  ): Promise<KubeAnswer>;
  get<T>(path: string, extras?: RequestExtras): Promise<T>;
  /** The same, with the API server's wall clock. */
  getDated<T>(path: string, extras?: RequestExtras): Promise<Dated<T>>;
  /** The items of a list. */
  list<T>(path: string, extras?: RequestExtras): Promise<T[]>;
  create<T>(path: string, body: unknown, extras?: RequestExtras): Promise<T>;
  put<T>(path: string, body: unknown, extras?: RequestExtras): Promise<T>;
  /** `kind` is `merge` unless given. */
  patch<T>(path: string, body: unknown, extras?: RequestExtras & { kind?: PatchKind }): Promise<T>;
  /** What the API answers to a deletion: the object that is going, or a Status. */
  del(path: string, extras?: RequestExtras & { body?: unknown }): Promise<unknown>;
  /**
   * Reads an answer that does not end, a line at a time, until the server ends it or the signal aborts; it has no
   * deadline. @throws LinkError where it broke
   */
  watch(path: string, reading: Pick<Watching, 'onOpen' | 'onLine' | 'signal'>): Promise<void>;
  /** Ends its connections, and with them what is under way. */
  close(): void;
}

/** An API server answered that it would not: a status of 400 or more. */
export class KubeError extends Error {
  readonly status: number;
  /** Kubernetes' own word, such as NotFound or Conflict; empty if the answer was none of Kubernetes'. */
  readonly reason: string;
  readonly path: string;
  /** For samples: `HTTP 500`. */
  readonly code: string;

  constructor(node: string, method: Method, path: string, answer: KubeAnswer) {
    const { reason, message } = readStatus(answer.text);
    const head = `${method} ${path} on ${node}: HTTP ${answer.status}`;
    super(`${head} ${reason === '' ? '' : `${reason}: `}${message}`.trim());
    this.name = 'KubeError';
    this.status = answer.status;
    this.reason = reason;
    this.path = path;
    this.code = `HTTP ${answer.status}`;
  }
}

const patchTypes: Readonly<Record<PatchKind, string>> = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
};

// Requests leave on time whatever came before: at 10 Hz with a deadline of a second, ten hang on a silent server.
const maxConnections = 32;
// All pods of a large cluster are some ten megabytes.
const maxAnswerBytes = 64 << 20;

/** Opens the link to one API server; nothing is sent before the first request. */
export function openKube(options: KubeOptions): Kube {
  const { node, server } = options;
  const agent = makeAgent(options);
  const underWay = new Set<AbortController>();
  const request: Kube['request'] = async (method, path, extras = {}) => {
    const life = new AbortController();
    underWay.add(life);
    try {
      return await send({ options, agent, method, path, extras, closed: life.signal });
    } finally {
      underWay.delete(life);
    }
  };
  const askDated = async <T>(
    ...[method, path, extras]: Parameters<Kube['request']>
  ): Promise<Dated<T>> => {
    const answer = await request(method, path, extras);
    if (answer.status >= 400) throw new KubeError(node, method, path, answer);
    const value = readJson(answer, node, `${method} ${path}`) as T;
    return { value, serverNowMs: Date.parse(answer.headers.date ?? '') };
  };
  const ask = async <T>(...args: Parameters<Kube['request']>): Promise<T> =>
    (await askDated<T>(...args)).value;
  return {
    node,
    server,
    request,
    get: (path, extras) => ask('GET', path, extras),
    getDated: (path, extras) => askDated('GET', path, extras),
    list: async <T>(path: string, extras?: RequestExtras) =>
      itemsOf(await ask<{ items?: unknown }>('GET', path, extras), node, `GET ${path}`) as T[],
    create: (path, body, extras) => ask('POST', path, { ...extras, body }),
    put: (path, body, extras) => ask('PUT', path, { ...extras, body }),
    patch: (path, body, extras) =>
      ask('PATCH', path, { ...extras, body, contentType: patchTypes[extras?.kind ?? 'merge'] }),
    del: (path, extras) => ask('DELETE', path, extras),
    watch: (path, reading) => {
      const { headers } = prepare(options.credentials, {});
      return streamLines({ node, server, path, headers, agent, ...reading });
    },
    close: () => {
      for (const life of underWay) life.abort();
      agent.destroy();
    },
  };
}

/**
 * A server is known by its address or, as every API server's certificate has it, by the name `kubernetes`:
 * nodes are often reached by an address that nobody wrote into their certificates.
 */
function makeAgent({ credentials, server, deadlineMs }: KubeOptions): Agent {
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
    dialTcp(host, Number(port || 443), deadlineMs).then(
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
              if (mismatch === undefined || serverName !== undefined) return mismatch;
              return checkServerIdentity('kubernetes', peer) === undefined ? undefined : mismatch;
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
  readonly options: KubeOptions;
  readonly agent: Agent;
  readonly method: Method;
  readonly path: string;
  readonly extras: RequestExtras & { body?: unknown; contentType?: string };
  readonly closed: AbortSignal;
}

function send(sending: Sending): Promise<KubeAnswer> {
  const { options, agent, method, path, extras } = sending;
  const startedMs = performance.now();
  return new Promise<KubeAnswer>((resolve, reject) => {
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
    if (extras.signal?.aborted !== true) outgoing.end(body);
  });
}

function prepare(
  credentials: KubeCredentials,
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

/** An API server never answers null. */
function readJson(answer: KubeAnswer, node: string, what: string): unknown {
  const broken = (why: string, cause?: unknown): LinkError => {
    const detail = `HTTP ${answer.status} with what is no ${why}: ${answer.text.slice(0, 80)}`;
    return new LinkError({ kind: 'protocol', node, what, tookMs: 0, detail, cause });
  };
  let value: unknown;
  try {
    value = JSON.parse(answer.text);
  } catch (cause) {
    throw broken('JSON', cause);
  }
  if (value === null) throw broken('object');
  return value;
}

/** The items of a list, of which some servers write none as null. */
function itemsOf({ items }: { items?: unknown }, node: string, what: string): unknown[] {
  if (items === null) return [];
  if (Array.isArray(items)) return items as unknown[];
  const detail =
    `a list without items: ${items === undefined ? 'nothing' : JSON.stringify(items)}`.slice(
      0,
      120,
    );
  throw new LinkError({ kind: 'protocol', node, what, tookMs: 0, detail });
}

function readStatus(text: string): { reason: string; message: string } {
  try {
    const status = JSON.parse(text) as { reason?: unknown; message?: unknown } | null;
    const { reason, message } = status ?? {};
    return {
      reason: typeof reason === 'string' ? reason : '',
      message: typeof message === 'string' ? message : '',
    };
  } catch {
    // An answer that is none of Kubernetes' own, from a proxy say, is shown as it is.
    return { reason: '', message: text.slice(0, 200) };
  }
}
