import { randomBytes } from 'node:crypto';
import type { ClientChannel } from 'ssh2';
import { deadline } from './deadline.ts';
import { LinkError, type LinkErrorKind } from './errors.ts';
import { quote } from '../model/quote.ts';

/** What the node answered to one line, with our own stamps around it. */
interface Reply {
  /** By the shell's clock, just before the line left; milliseconds. */
  readonly sentMs: number;
  /** By the same clock, when the answer came. */
  readonly gotMs: number;
  /** What followed the answer's mark. */
  readonly words: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
}

/** One question for the node's clock. */
export interface Ping {
  readonly sentMs: number;
  readonly gotMs: number;
  /** Wall clock of the node, milliseconds; undefined if its shell cannot tell (bash before 5, dash). */
  readonly nodeMs: number | undefined;
}

/** A prepared script that has run. */
export interface Shot {
  readonly sentMs: number;
  readonly gotMs: number;
  /** Wall clock of the node just before and just after; undefined if its shell cannot tell. */
  readonly startedNodeMs: number | undefined;
  readonly endedNodeMs: number | undefined;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Asked {
  readonly id: string;
  readonly sentMs: number;
  readonly reply: (reply: Reply) => void;
  readonly fail: (kind: LinkErrorKind, detail?: string) => void;
  /** Stamp and answer, once standard output has them; standard error may come later. */
  answered?: { readonly gotMs: number; readonly words: string[]; readonly stdout: string };
}

export interface ShellOptions {
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

// What a prepared script may write in all; ours write a few lines.
const maxOutput = 1 << 20;

// Standard output and standard error are two streams: each answer puts its mark on both.
// LC_ALL: EPOCHREALTIME has the decimal point of the locale.
const setUp = `
export LC_ALL=C
hf_script=
hf_answer() { printf '\\n%s\\n' "$1" >&2; printf '\\n%s\\n' "$*"; }
hf_check() { /bin/sh -nc "$hf_script" </dev/null; hf_answer "$1" "$?"; }
hf_ping() { hf_answer "$1" "\${EPOCHREALTIME:-none}"; }
hf_fire() {
  hf_a=\${EPOCHREALTIME:-none}
  timeout -k 1 "$2" /bin/sh -c "$hf_script" </dev/null
  hf_c=$?
  hf_b=\${EPOCHREALTIME:-none}
  hf_answer "$1" "$hf_c" "$hf_a" "$hf_b"
}
`;

/**
 * A root shell that stays open on a node, so that a prepared script starts within one way of the network.
 * One thing at a time. After a time-out it is closed: nobody knows what the node still does.
 */
export class RootShell {
  readonly node: string;
  readonly clock: () => number;
  readonly #channel: ClientChannel;
  readonly #mark = `hf-${randomBytes(8).toString('hex')}`;
  #count = 0;
  #asked: Asked | undefined;
  #stdout = '';
  #stderr = '';
  #closed: { kind: LinkErrorKind; detail: string } | undefined;

  private constructor(node: string, channel: ClientChannel, clock: () => number) {
    this.node = node;
    this.clock = clock;
    this.#channel = channel;
    channel.setEncoding('utf8').on('data', (text: string) => this.#heard(text, ''));
    channel.stderr.setEncoding('utf8').on('data', (text: string) => this.#heard('', text));
    channel.on('close', () => this.#end('lost', `the shell ended: ${this.#stderr.trim()}`));
    // Without a listener a write to a closed channel would end the process; `close` tells the rest.
    channel.on('error', () => undefined);
  }

  /** @throws LinkError refused (sudo wants a password, or there is no shell), timeout, lost, aborted */
  static async start(
    node: string,
    channel: ClientChannel,
    options: ShellOptions,
  ): Promise<RootShell> {
    const shell = new RootShell(node, channel, options.clock);
    try {
      await shell.#ask('open a root shell', `${setUp}\nhf_ping`, options);
      return shell;
    } catch (error) {
      shell.close();
      // sudo says why on standard error and ends: that is an answer, not a loss.
      if (error instanceof LinkError && error.kind === 'lost' && shell.#stderr !== '')
        throw new LinkError({
          kind: 'refused',
          node,
          what: error.what,
          tookMs: error.tookMs,
          detail: shell.#stderr.trim(),
        });
      throw error;
    }
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /**
   * Sends a script for /bin/sh, so that `fire` has nothing left to send; it takes the place of the one before.
   * @throws LinkError refused (it is no valid shell script), timeout, lost, aborted
   */
  async prepare(script: string, options: Omit<ShellOptions, 'clock'>): Promise<void> {
    const what = 'prepare a script';
    const reply = await this.#ask(what, `hf_script=${quote(script)}\nhf_check`, options);
    if (reply.words[0] === '0') return;
    const tookMs = reply.gotMs - reply.sentMs;
    const detail = reply.stderr.trim();
    throw new LinkError({ kind: 'refused', node: this.node, what, tookMs, detail });
  }

  /** Asks the node's clock once. */
  async ping(options: Omit<ShellOptions, 'clock'>): Promise<Ping> {
    const reply = await this.#ask('ask the clock', 'hf_ping', options);
    return { sentMs: reply.sentMs, gotMs: reply.gotMs, nodeMs: readStamp(reply.words[0]) };
  }

  /**
   * Runs the prepared script, once.
   * @param options.timeoutMs the node ends the script after so long; it then has exit status 124 or 137
   * @throws LinkError lost, timeout, aborted: the script may have run all the same
   */
  async fire(options: Omit<ShellOptions, 'clock'>): Promise<Shot> {
    const after = { ...options, timeoutMs: options.timeoutMs + 2_000 };
    const reply = await this.#ask('fire', 'hf_fire', after, String(options.timeoutMs / 1000));
    const [code, started, ended] = reply.words;
    return {
      sentMs: reply.sentMs,
      gotMs: reply.gotMs,
      startedNodeMs: readStamp(started),
      endedNodeMs: readStamp(ended),
      code: Number(code),
      stdout: reply.stdout,
      stderr: reply.stderr,
    };
  }

  close(): void {
    this.#end('aborted', 'the shell was closed');
    this.#channel.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #ask(
    what: string,
    line: string,
    options: Omit<ShellOptions, 'clock'>,
    argument = '',
  ): Promise<Reply> {
    if (this.#asked !== undefined)
      throw new Error(`${what} on ${this.node}: its shell does one thing at a time`);
    return new Promise<Reply>((resolve, reject) => {
      const startedMs = this.clock();
      let clear: () => void = () => undefined;
      const fail = (kind: LinkErrorKind, detail?: string) => {
        clear();
        this.#asked = undefined;
        const tookMs = this.clock() - startedMs;
        const more = detail === undefined ? {} : { detail };
        reject(new LinkError({ kind, node: this.node, what, tookMs, ...more }));
      };
      if (this.#closed !== undefined) {
        fail(this.#closed.kind, this.#closed.detail);
        return;
      }
      clear = deadline(options.timeoutMs, options.signal, (why) => {
        fail(why);
        this.close();
      });
      if (this.closed) return;
      this.#count += 1;
      const id = `${this.#mark}-${this.#count}`;
      const reply = (value: Reply) => {
        clear();
        this.#asked = undefined;
        resolve(value);
      };
      const sentMs = this.clock();
      this.#asked = { id, sentMs, reply, fail };
      this.#channel.write(`${line} ${id} ${argument}\n`);
    });
  }

  #heard(stdout: string, stderr: string): void {
    const gotMs = this.clock();
    this.#stdout += stdout;
    this.#stderr += stderr;
    const asked = this.#asked;
    if (asked === undefined) return;
    const answer = split(this.#stdout, asked.id);
    if (answer !== undefined && asked.answered === undefined)
      asked.answered = { gotMs, words: answer.words, stdout: answer.before };
    const errors = split(this.#stderr, asked.id);
    if (asked.answered !== undefined && errors !== undefined) {
      this.#stdout = '';
      this.#stderr = '';
      asked.reply({ sentMs: asked.sentMs, ...asked.answered, stderr: errors.before });
    } else if (this.#stdout.length + this.#stderr.length > maxOutput) {
      asked.fail('protocol', `it wrote more than ${maxOutput} bytes`);
      this.close();
    }
  }

  #end(kind: LinkErrorKind, detail: string): void {
    this.#closed ??= { kind, detail };
    this.#asked?.fail(this.#closed.kind, this.#closed.detail);
  }
}

/** Finds the line that begins with the mark: what came before it, and the words after the mark. */
function split(text: string, id: string): { before: string; words: string[] } | undefined {
  const at = text.indexOf(`\n${id}`);
  const end = at < 0 ? -1 : text.indexOf('\n', at + 1);
  if (end < 0) return undefined;
  const words = text
    .slice(at + 1, end)
    .split(' ')
    .slice(1);
  return { before: text.slice(0, at), words };
}

/** Seconds with six decimals, as EPOCHREALTIME has them, to milliseconds. */
function readStamp(word: string | undefined): number | undefined {
  return word !== undefined && /^\d+\.\d{6}$/.test(word) ? Number(word) * 1000 : undefined;
}
