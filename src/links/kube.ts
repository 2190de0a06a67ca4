import { LinkError } from './errors.ts';
import { type Answer, type Https, type Method, openHttps, type RequestExtras } from './https.ts';
import { streamLines, type Watching } from './kube-watch.ts';
import type { KubeCredentials } from './kubeconfig.ts';

export type { Method, RequestExtras } from './https.ts';

export interface KubeOptions {
  /** Of the API server, for messages. */
  readonly node: string;
  /** `https://address:port` */
  readonly server: string;
  readonly credentials: KubeCredentials;
  /** For each request, from its call to the last byte of its answer; milliseconds. */
  readonly deadlineMs: number;
}

/** client-node's models as they are in JSON, where instants are texts: answers are parsed and not converted. */
export type Json<T> = T extends Date
  ? string
  : T extends (infer Item)[]
    ? Json<Item>[]
    : T extends object
      ? { [Key in keyof T]: Json<T[Key]> }
      : T;

export type PatchKind = 'merge' | 'strategic' | 'json';

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
  readonly request: Https['request'];
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

  constructor(node: string, method: Method, path: string, answer: Answer) {
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

/** Opens the link to one API server; nothing is sent before the first request. */
export function openKube(options: KubeOptions): Kube {
  const { node, server } = options;
  // Nodes are often reached by an address that nobody wrote into their certificates; this name is in all of them.
  const https = openHttps({ ...options, orNamed: 'kubernetes' });
  const { request, agent, headers } = https;
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
    watch: (path, reading) => streamLines({ node, server, path, headers, agent, ...reading }),
    close: () => https.close(),
  };
}

/** An API server never answers null. */
function readJson(answer: Answer, node: string, what: string): unknown {
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
