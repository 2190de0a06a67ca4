import { performance } from 'node:perf_hooks';
import type { ClientChannel } from 'ssh2';
import { quote } from '../model/quote.ts';
import type { Fail } from './errors.ts';

export interface RunOptions {
  /** The node ends the command after so long (SIGTERM, SIGKILL a second later); milliseconds. */
  readonly timeoutMs: number;
  /** As root, through `sudo -n`. Default: as the user of the connection. */
  readonly sudo?: boolean;
  /** What the command reads; nothing by default. */
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  /** Of stdout and of stderr, each; default 1 MiB. What is beyond is dropped, and `truncated` says so. */
  readonly maxBytes?: number;
}

/** A command that ended by itself; a non-zero exit is a result, not an error. */
export interface Ran {
  /** Exit status; undefined if a signal ended it. */
  readonly code: number | undefined;
  /** Such as `KILL`. */
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
  readonly tookMs: number;
}

const defaultMaxBytes = 1 << 20;

/** The command as the node gets it: by /bin/sh, ended by the node itself when its time is up. */
export function limited(command: string, options: RunOptions): string {
  const line = `timeout -k 1 ${options.timeoutMs / 1000} sh -c ${quote(command)}`;
  return options.sudo === true ? `sudo -n ${line}` : line;
}

/** `timeout` exits with 124, or dies by the SIGKILL that it sends to its own group. */
export function endedByLimit(ran: Ran, timeoutMs: number): boolean {
  const byTimeout = ran.code === 124 || ran.code === 137 || ran.signal === 'KILL';
  return byTimeout && ran.tookMs >= timeoutMs;
}

/** Reads a channel to its end, and writes what the command is to read. */
export function collect(
  channel: ClientChannel,
  options: RunOptions,
  startedMs: number,
  done: (ran: Ran) => void,
  fail: Fail,
): void {
  const maxBytes = options.maxBytes ?? defaultMaxBytes;
  const stdout = bounded(maxBytes);
  const stderr = bounded(maxBytes);
  let exit: { code?: number; signal?: string } | undefined;
  channel.on('data', stdout.add);
  channel.stderr.on('data', stderr.add);
  channel.on('exit', (code: number | null, signal?: string) => {
    exit = {
      ...(code === null ? {} : { code }),
      ...(signal === undefined ? {} : { signal: signal.replace(/^SIG/, '') }),
    };
  });
  channel.on('close', () => {
    if (exit === undefined) {
      fail('lost', 'the channel closed without an exit status');
      return;
    }
    done({
      code: exit.code,
      signal: exit.signal,
      stdout: stdout.text(),
      stderr: stderr.text(),
      truncated: stdout.truncated() || stderr.truncated(),
      tookMs: performance.now() - startedMs,
    });
  });
  channel.end(options.stdin);
}

function bounded(maxBytes: number): {
  add: (chunk: Buffer) => void;
  text: () => string;
  truncated: () => boolean;
} {
  const chunks: Buffer[] = [];
  let kept = 0;
  let truncated = false;
  return {
    add: (chunk) => {
      const room = maxBytes - kept;
      if (chunk.length > room) truncated = true;
      if (room <= 0) return;
      chunks.push(chunk.subarray(0, room));
      kept += Math.min(chunk.length, room);
    },
    text: () => Buffer.concat(chunks).toString(),
    truncated: () => truncated,
  };
}
