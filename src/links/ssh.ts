import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { collect, endedByLimit, limited, type Ran, type RunOptions } from './command.ts';
import { deadline } from './deadline.ts';
import { type Fail, LinkError, type LinkErrorKind, sayCause } from './errors.ts';
import { quote } from '../model/quote.ts';
import { RootShell } from './shell.ts';
import { Slots } from './slots.ts';
import { openClient, type SshOptions } from './ssh-connect.ts';

export type { Ran, RunOptions } from './command.ts';
export type { SshOptions } from './ssh-connect.ts';

interface Wait {
  readonly what: string;
  readonly startedMs: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

// sshd takes ten sessions on a connection unless told otherwise; two are left for channels that close late.
const channelsAtOnce = 8;
// After the node's own limit: one second until SIGKILL, one for the answer's way here.
const graceMs = 2_000;

/**
 * One SSH connection to one node, as a user who may `sudo -n`.
 * A dead peer is noticed within about 3 s: by then `closed` is true and all that was under way fails with `lost`.
 * It never reconnects by itself.
 */
export class SshLink {
  readonly node: string;
  readonly #client: Client;
  readonly #slots = new Slots(channelsAtOnce);
  readonly #underWay = new Set<Fail>();
  #closed: { kind: LinkErrorKind; detail: string; cause?: unknown } | undefined;

  private constructor(node: string, client: Client) {
    this.node = node;
    this.#client = client;
    client.on('error', (error) => this.#end('lost', sayCause(error), error));
    client.on('close', () => this.#end('lost', 'the node closed the connection'));
  }

  /**
   * Connects, checks the host key and logs in by key.
   * @throws LinkError connect, host-key, auth, timeout, aborted
   */
  static connect(options: SshOptions): Promise<SshLink> {
    return openClient(options, (client) => new SshLink(options.name, client));
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /**
   * Runs a command by /bin/sh on the node, at most eight at once; others wait, within their deadline.
   * @throws LinkError timeout (also when the node's own limit ended it), lost, aborted, refused
   */
  async run(command: string, options: RunOptions): Promise<Ran> {
    const wait: Wait = {
      what: `run ${brief(command)}`,
      startedMs: performance.now(),
      timeoutMs: options.timeoutMs + graceMs,
      signal: options.signal,
    };
    const release = await this.#until<() => void>(wait, (done) => this.#slots.take(done));
    try {
      const ran = await this.#until<Ran>(wait, (done, fail) =>
        this.#exec(limited(command, options), fail, (channel) =>
          collect(channel, options, wait.startedMs, done, fail),
        ),
      );
      if (!endedByLimit(ran, options.timeoutMs)) return ran;
      throw this.#error(wait, 'timeout', `the node ended it; it had written ${brief(ran.stderr)}`);
    } finally {
      release();
    }
  }

  /**
   * Opens a root shell that stays, for commands whose instant matters; bash where the node has it.
   * @param options.clock stamps what is sent and received; milliseconds, monotonic
   * @throws LinkError refused (sudo wants a password), timeout, lost, aborted
   */
  async shell(options: {
    clock: () => number;
    timeoutMs: number;
    signal?: AbortSignal;
  }): Promise<RootShell> {
    const wait: Wait = { what: 'open a root shell', startedMs: performance.now(), ...options };
    const release = await this.#until<() => void>(wait, (done) => this.#slots.take(done));
    const line = `exec sudo -n "$(command -v bash || command -v sh)"`;
    try {
      const channel = await this.#until<ClientChannel>(wait, (done, fail) =>
        this.#exec(`sh -c ${quote(line)}`, fail, done),
      );
      channel.once('close', release);
      return await RootShell.start(this.node, channel, options);
    } catch (error) {
      release();
      throw error;
    }
  }

  /**
   * Opens a TCP connection from the node to an address as the node sees it.
   * @throws LinkError refused (nothing listens there, or sshd forbids forwarding), timeout, lost, aborted
   */
  async forward(
    host: string,
    port: number,
    options: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<Duplex> {
    const wait = { what: `forward to ${host}:${port}`, startedMs: performance.now(), ...options };
    return this.#until<Duplex>(wait, (done, fail) => {
      let over = false;
      this.#client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        if (error !== undefined) fail(kindOfOpening(error), sayCause(error), error);
        else if (over) channel.destroy();
        else done(channel);
      });
      return () => (over = true);
    });
  }

  /** Ends the connection at once, and with it all that is under way. */
  close(): void {
    this.#end('aborted', 'the link was closed');
    this.#client.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Opens a channel with a command on it; returns what gives it up. */
  #exec(command: string, fail: Fail, use: (channel: ClientChannel) => void): () => void {
    let over = false;
    let opened: ClientChannel | undefined;
    this.#client.exec(command, (error, channel) => {
      if (error !== undefined) {
        fail(kindOfOpening(error), sayCause(error), error);
        return;
      }
      opened = channel;
      if (over) channel.close();
      else use(channel);
    });
    return () => {
      over = true;
      opened?.close();
    };
  }

  /** Awaits one thing until its deadline, its signal, or the loss of the connection; `begin` returns what gives it up. */
  #until<T>(
    wait: Wait,
    begin: (done: (value: T) => void, fail: Fail) => () => unknown,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let giveUp: () => unknown = () => undefined;
      let settled = false;
      const settle = (): boolean => {
        if (settled) return false;
        settled = true;
        clear();
        this.#underWay.delete(fail);
        return true;
      };
      const fail: Fail = (kind, detail, cause) => {
        if (!settle()) return;
        giveUp();
        reject(this.#error(wait, kind, detail, cause));
      };
      const leftMs = wait.timeoutMs - (performance.now() - wait.startedMs);
      let clear: () => void = () => undefined;
      clear = deadline(leftMs, wait.signal, (why) => fail(why));
      if (wait.signal?.aborted === true) return;
      if (this.#closed !== undefined) {
        const { kind, detail, cause } = this.#closed;
        fail(kind, detail, cause);
        return;
      }
      this.#underWay.add(fail);
      try {
        giveUp = begin((value) => {
          if (settle()) resolve(value);
        }, fail);
      } catch (error) {
        // ssh2 throws at once when its connection is gone before it said so.
        fail('lost', sayCause(error), error);
      }
    });
  }

  #end(kind: LinkErrorKind, detail: string, cause?: unknown): void {
    this.#closed ??= { kind, detail, cause };
    const first = this.#closed;
    for (const fail of [...this.#underWay]) fail(first.kind, first.detail, first.cause);
  }

  #error(wait: Wait, kind: LinkErrorKind, detail?: string, cause?: unknown): LinkError {
    return new LinkError({
      kind,
      node: this.node,
      what: wait.what,
      tookMs: performance.now() - wait.startedMs,
      ...(detail === undefined ? {} : { detail }),
      cause,
    });
  }
}

/** sshd gives a reason when it refuses a channel; without one, the connection went away meanwhile. */
function kindOfOpening(error: Error): LinkErrorKind {
  return 'reason' in error || error.message.startsWith('Unable to') ? 'refused' : 'lost';
}

/** The first line of a text, shortened, in quotes. */
function brief(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 57)}...` : line);
}
