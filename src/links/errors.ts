import type { Span } from '../model/span.ts';
import { saySeconds } from '../model/span.ts';

/**
 * How a link failed.
 * - `connect`: no connection came about: refused port, no route, unknown name
 * - `auth`: the other side did not accept our key, certificate or token
 * - `host-key`: the other side could not be shown to be who it should be
 * - `lost`: there was a connection, and it broke
 * - `timeout`: no answer before the deadline
 * - `aborted`: our own signal or `close()` ended it
 * - `refused`: the other side answered that it would not do it
 * - `protocol`: the other side sent what its protocol does not allow
 */
export type LinkErrorKind =
  'connect' | 'auth' | 'host-key' | 'lost' | 'timeout' | 'aborted' | 'refused' | 'protocol';

/** How the parts of a link tell each other of a failure. */
export type Fail = (kind: LinkErrorKind, detail?: string, cause?: unknown) => void;

export interface LinkErrorFields {
  readonly kind: LinkErrorKind;
  /** Name of the node at the other end. */
  readonly node: string;
  /** What was tried, on what: `open SSH to 192.168.1.101:22`. */
  readonly what: string;
  /** From the start of the attempt to its failure; milliseconds. */
  readonly tookMs: number;
  /** What came back, and what to do next. */
  readonly detail?: string;
  /** The deed may have been done all the same, and if so then within this interval of the caller's clock. */
  readonly perhaps?: Span;
  readonly cause?: unknown;
}

const codes: Readonly<Record<LinkErrorKind, string>> = {
  connect: 'ECONNECT',
  auth: 'EAUTH',
  'host-key': 'EHOSTKEY',
  lost: 'ELOST',
  timeout: 'EDEADLINE',
  aborted: 'EABORTED',
  refused: 'EREFUSED',
  protocol: 'EPROTOCOL',
};

/** The other end of a link could not be reached, or did not behave: the one error that every link throws. */
export class LinkError extends Error {
  readonly kind: LinkErrorKind;
  readonly node: string;
  readonly what: string;
  readonly tookMs: number;
  readonly detail: string | undefined;
  readonly perhaps: Span | undefined;
  /** Short and stable, for samples: the system's own code such as ECONNREFUSED if there is one, else one of ours. */
  readonly code: string;

  constructor(fields: LinkErrorFields) {
    const detail = fields.detail === undefined ? '' : `: ${fields.detail}`;
    super(
      `${fields.what} on ${fields.node}: ${sayKind(fields.kind)} after ${saySeconds(fields.tookMs)}${detail}`,
      { cause: fields.cause },
    );
    this.name = 'LinkError';
    this.kind = fields.kind;
    this.node = fields.node;
    this.what = fields.what;
    this.tookMs = fields.tookMs;
    this.detail = fields.detail;
    this.perhaps = fields.perhaps;
    this.code = systemCode(fields.cause) ?? codes[fields.kind];
  }
}

/**
 * Reads what came from the other end; what cannot be read breaks its protocol.
 * @param what was to be understood, for the message
 * @throws LinkError protocol with whatever `read` throws
 */
export function understood<T>(node: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const detail = sayCause(cause);
    throw new LinkError({
      kind: 'protocol',
      node,
      what: `understand ${what}`,
      tookMs: 0,
      detail,
      cause,
    });
  }
}

/** The text of an error; of an error without text (a failed dual-stack dial has none), its code. */
export function sayCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? (systemCode(error) ?? error.name) : error.message;
}

/** The code that Node.js gives to errors of the operating system and of TLS, if the error has one. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function sayKind(kind: LinkErrorKind): string {
  switch (kind) {
    case 'connect':
      return 'no connection';
    case 'auth':
      return 'not let in';
    case 'host-key':
      return 'identity not shown';
    case 'lost':
      return 'connection lost';
    case 'timeout':
      return 'no answer';
    case 'aborted':
      return 'given up by us';
    case 'refused':
      return 'refused';
    case 'protocol':
      return 'protocol broken';
  }
}
