import { X509Certificate } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import {
  connect as tlsConnect,
  createSecureContext,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { deadline } from './deadline.ts';
import {
  DqliteFailure,
  type Frame,
  hello,
  readCluster,
  readDescription,
  readLeader,
  requests,
  takeFrame,
} from './dqlite-frames.ts';
import { type Fail, LinkError, type LinkErrorKind, sayCause, systemCode } from './errors.ts';
import type { ConfiguredMember, MemberLink } from './member.ts';
import { dialTcp } from './tcp.ts';

export interface DqliteOptions {
  /** Of the member, for messages. */
  readonly node: string;
  readonly host: string;
  readonly port: number;
  /** The pair that all members share, PEM. */
  readonly cert: string;
  readonly key: string;
  /** Makes the connection under TLS where the port is closed to us; a TCP connection to host:port unless given. */
  readonly dial?: () => Promise<Duplex>;
  /** For a connection, handshake included; default 1500 ms. */
  readonly connectTimeoutMs?: number;
}

interface Asked {
  readonly take: (frame: Frame) => void;
  readonly fail: Fail;
}

/** A connection, and who waits on it for answers, in the order of the questions. */
interface Connection {
  readonly socket: TLSSocket;
  readonly asked: Asked[];
  received: Buffer;
}

// RSA-4096 on both sides takes a Raspberry Pi some hundred milliseconds.
const defaultConnectTimeoutMs = 1_500;

/**
 * One Dqlite member, asked by its own wire protocol over TLS.
 * The connection is kept; one that hangs, breaks or talks nonsense is dropped, and the next call opens another.
 * Calls do not wait for each other: answers come in the order of the questions.
 * All methods throw LinkError, and within their time.
 */
export class DqliteLink implements MemberLink {
  readonly node: string;
  readonly #options: DqliteOptions;
  readonly #serverName: string;
  #opening: Promise<Connection> | undefined;
  #connection: Connection | undefined;
  #dropOpening: Fail | undefined;
  #closed = false;
  #secureContext: SecureContext | undefined;

  constructor(options: DqliteOptions) {
    this.node = options.node;
    this.#options = options;
    this.#serverName = firstDnsName(options.cert);
  }

  /** Whom this member calls leader; undefined if it knows none, as all members say that are no voters. */
  leader(
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<{ id: string; address: string } | undefined> {
    return this.#call('leader', readLeader, timeoutMs, signal);
  }

  cluster(timeoutMs: number, signal?: AbortSignal): Promise<readonly ConfiguredMember[]> {
    return this.#call('cluster', readCluster, timeoutMs, signal);
  }

  /** Failure domain and weight of this member, in decimal. */
  describe(
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<{ failureDomain: string; weight: string }> {
    return this.#call('describe', readDescription, timeoutMs, signal);
  }

  close(): void {
    this.#closed = true;
    this.#dropOpening?.('aborted', 'the link was closed');
    if (this.#connection !== undefined)
      this.#drop(this.#connection, 'aborted', 'the link was closed');
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #call<T>(
    request: keyof typeof requests,
    read: (frame: Frame) => T,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const startedMs = performance.now();
    return new Promise<T>((resolve, reject) => {
      let settled = false;
      let sentOn: Connection | undefined;
      let clear: () => void = () => undefined;
      const fail: Fail = (kind, detail, cause) => {
        if (settled) return;
        settled = true;
        clear();
        reject(this.#error(`ask Dqlite for ${request}`, startedMs, kind, detail, cause));
      };
      clear = deadline(timeoutMs, signal, (why) => {
        fail(why);
        // An answer that comes later would be taken for the answer to a later question.
        if (sentOn !== undefined) this.#drop(sentOn, 'lost', 'dropped, for it did not answer');
      });
      if (signal?.aborted === true) return;
      const take = (frame: Frame) => {
        const value = read(frame);
        settled = true;
        clear();
        resolve(value);
      };
      this.#connected().then(
        (connection) => {
          if (settled) return;
          sentOn = connection;
          connection.asked.push({ take, fail });
          connection.socket.write(requests[request]);
        },
        (error: unknown) => {
          if (!(error instanceof LinkError)) fail('connect', sayCause(error), error);
          else fail(error.kind, error.detail, error.cause);
        },
      );
    });
  }

  #connected(): Promise<Connection> {
    if (this.#connection !== undefined) return Promise.resolve(this.#connection);
    // The attempt outlives a call whose time is shorter: else a slow handshake would never end.
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async #open(): Promise<Connection> {
    const startedMs = performance.now();
    const { host, port, connectTimeoutMs = defaultConnectTimeoutMs } = this.#options;
    const dial = this.#options.dial ?? (() => dialTcp(host, port, connectTimeoutMs));
    return new Promise<Connection>((resolve, reject) => {
      let settled = false;
      let socket: TLSSocket | undefined;
      let clear: () => void = () => undefined;
      const fail: Fail = (kind, detail, cause) => {
        if (settled) return;
        settled = true;
        clear();
        socket?.destroy();
        reject(this.#error(`open Dqlite at ${host}:${port}`, startedMs, kind, detail, cause));
      };
      const secure = (below: Duplex) => {
        if (settled) {
          below.destroy();
          return;
        }
        socket = this.#dial(below, fail, (connection) => {
          settled = true;
          clear();
          resolve(connection);
        });
      };
      this.#dropOpening = fail;
      if (this.#closed) {
        fail('aborted', 'the link was closed');
        return;
      }
      clear = deadline(connectTimeoutMs, undefined, (why) => fail(why));
      dial().then(secure, (error: unknown) => {
        fail(error instanceof LinkError ? error.kind : 'connect', sayCause(error), error);
      });
    });
  }

  #dial(below: Duplex, fail: Fail, done: (connection: Connection) => void): TLSSocket {
    const { cert, key } = this.#options;
    // Made once: one for each attempt costs memory that only a later garbage collection gives back, and a member that
    // is down is tried some twenty times a second.
    this.#secureContext ??= createSecureContext({ cert, key, ca: cert });
    const socket = tlsConnect({
      socket: below,
      secureContext: this.#secureContext,
      servername: this.#serverName,
    });
    const connection: Connection = { socket, asked: [], received: Buffer.alloc(0) };
    const end: Fail = (kind, detail, cause) => {
      fail(kind, detail, cause);
      this.#drop(connection, kind, detail, cause);
    };
    socket.on('error', (error: Error) => {
      const kind = this.#connection === connection ? 'lost' : kindOf(error);
      end(kind, sayCause(error), error);
    });
    socket.on('close', () => end('lost', 'the member closed the connection'));
    socket.on('data', (chunk: Buffer) => this.#heard(connection, chunk));
    socket.once('secureConnect', () => {
      socket.write(hello);
      this.#connection = connection;
      done(connection);
    });
    return socket;
  }

  #heard(connection: Connection, chunk: Buffer): void {
    connection.received = Buffer.concat([connection.received, chunk]);
    try {
      let taken = takeFrame(connection.received);
      while (taken !== undefined) {
        connection.received = taken.rest;
        this.#answer(connection, taken.frame);
        taken = takeFrame(connection.received);
      }
    } catch (error) {
      this.#drop(connection, 'protocol', sayCause(error), error);
    }
  }

  #answer(connection: Connection, frame: Frame): void {
    const asked = connection.asked.shift();
    if (asked === undefined) throw new Error('a frame came that nobody asked for');
    try {
      asked.take(frame);
    } catch (error) {
      const refused = error instanceof DqliteFailure;
      asked.fail(refused ? 'refused' : 'protocol', sayCause(error), error);
      // A refusal is a well-formed answer; after anything else nobody knows where the next frame begins.
      if (!refused) throw error;
    }
  }

  #drop(connection: Connection, kind: LinkErrorKind, detail?: string, cause?: unknown): void {
    if (this.#connection === connection) this.#connection = undefined;
    connection.socket.destroy();
    for (const { fail } of connection.asked.splice(0)) fail(kind, detail, cause);
  }

  #error(
    what: string,
    startedMs: number,
    kind: LinkErrorKind,
    detail?: string,
    cause?: unknown,
  ): LinkError {
    const tookMs = performance.now() - startedMs;
    const more = detail === undefined ? {} : { detail };
    return new LinkError({ kind, node: this.node, what, tookMs, ...more, cause });
  }
}

/** go-dqlite expects the first DNS name of the shared certificate: the host name of the cluster's first node. */
function firstDnsName(cert: string): string {
  const name = /(?:^|, )DNS:([^,]+)/.exec(new X509Certificate(cert).subjectAltName ?? '')?.[1];
  if (name === undefined)
    throw new Error('the certificate of the Dqlite cluster has no DNS name; go-dqlite needs one');
  return name;
}

function kindOf(error: Error): LinkErrorKind {
  const code = systemCode(error) ?? '';
  return /CERT|SELF_SIGNED|ISSUER|VERIFY/.test(code) ? 'host-key' : 'connect';
}
