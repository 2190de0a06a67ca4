import { intersection, type Span } from '../model/span.ts';
import { LinkError } from './errors.ts';
import type { Ping, RootShell, Shot } from './shell.ts';

/** A script that waits on a node for one line. */
export interface Armed {
  /**
   * Fires it, once.
   * @throws LinkError lost, timeout, aborted: with `perhaps`, for the node may have done it all the same
   */
  fire(): Promise<Fired>;
}

/** A script that was run on a node, and when. */
export interface Fired {
  /** All of the script ran within this interval of our clock. */
  readonly span: Span;
  /** What the interval rests on: the node's own stamps, or only our sending and receiving. */
  readonly by: 'node-stamps' | 'round-trip';
  /** Why not the node's stamps. */
  readonly because?: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ArmOptions {
  /** For the script, on the node; milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** How far a node's clock is ahead of ours, in milliseconds: an interval, and when it was measured by our clock. */
export interface Offset {
  readonly offset: Span;
  readonly atMs: number;
}

// Among twenty, one round trip meets idle machines at both ends.
const pings = 20;
const pingTimeoutMs = 2_000;
// NTP slews a clock by at most 500 ppm; quartz differs by less than 100 ppm.
const driftPerMs = 600e-6;

/**
 * Arms a script: sends it, has its syntax checked, and compares the node's clock with ours.
 * @throws LinkError of RootShell.prepare and RootShell.ping
 */
export async function arm(shell: RootShell, script: string, options: ArmOptions): Promise<Armed> {
  const { timeoutMs, signal } = options;
  const withSignal = signal === undefined ? {} : { signal };
  const asking = { timeoutMs: pingTimeoutMs, ...withSignal };
  await shell.prepare(script, asking);
  const before = offsetFrom(await askClock(shell, asking));
  return {
    fire: async () => {
      const sentMs = shell.clock();
      const shot = await shell.fire({ timeoutMs, ...withSignal }).catch((error: unknown) => {
        throw perhaps(error, { lo: sentMs, hi: shell.clock() });
      });
      // The deed is done: trouble with the clock may widen its interval, and must not hide it.
      const after = await askClock(shell, asking).then(offsetFrom, () => undefined);
      return { ...place(shot, before, after), ...pick(shot) };
    },
  };
}

/** Arms a script and fires it at once. */
export async function fireTimed(
  shell: RootShell,
  script: string,
  options: ArmOptions,
): Promise<Fired> {
  const armed = await arm(shell, script, options);
  return armed.fire();
}

/**
 * The clock's offset from the ping with the shortest round trip: the node read its clock somewhere between our stamps.
 * @returns undefined if the node could not read its clock
 */
export function offsetFrom(answers: readonly Ping[]): Offset | undefined {
  let best: Offset | undefined;
  let bestMs = Infinity;
  for (const { sentMs, gotMs, nodeMs } of answers) {
    if (nodeMs === undefined || gotMs - sentMs >= bestMs) continue;
    bestMs = gotMs - sentMs;
    best = { offset: { lo: nodeMs - gotMs, hi: nodeMs - sentMs }, atMs: (sentMs + gotMs) / 2 };
  }
  return best;
}

/**
 * Places a shot on our clock: the node's stamps narrow the interval between our sending and receiving, never move it.
 * @param before and after: offsets on both sides of the shot; if they contradict each other, the clock was stepped
 */
export function place(
  shot: Pick<Shot, 'sentMs' | 'gotMs' | 'startedNodeMs' | 'endedNodeMs'>,
  before: Offset | undefined,
  after: Offset | undefined,
): Pick<Fired, 'span' | 'by' | 'because'> {
  const roundTrip: Span = { lo: shot.sentMs, hi: shot.gotMs };
  const fallBack = (because: string) => ({ span: roundTrip, by: 'round-trip', because }) as const;
  const { startedNodeMs, endedNodeMs } = shot;
  if (startedNodeMs === undefined || endedNodeMs === undefined)
    return fallBack('the shell of the node cannot read a fine clock (bash 5 can)');
  if (before === undefined || after === undefined)
    return fallBack('the clock of the node was not compared on both sides of the act');
  const offset = offsetDuring(before, after, roundTrip);
  if (offset === undefined) return fallBack('the clock of the node was stepped meanwhile');
  const stamped = { lo: startedNodeMs - offset.hi, hi: endedNodeMs - offset.lo };
  const span = intersection(stamped, roundTrip);
  if (span === undefined)
    return fallBack('the stamps of the node do not lie between our sending and receiving');
  return { span, by: 'node-stamps' };
}

/**
 * How far a node's clock was ahead of ours at any instant of a span, by what it was on both sides of it.
 * @returns undefined if the clock was stepped meanwhile
 */
export function offsetDuring(before: Offset, after: Offset, span: Span): Span | undefined {
  return intersection(drifted(before, span), drifted(after, span));
}

/** Widens an offset by what the clocks may have drifted between its measurement and any instant of the shot. */
function drifted({ offset, atMs }: Offset, shot: Span): Span {
  const awayMs = Math.max(Math.abs(shot.lo - atMs), Math.abs(shot.hi - atMs));
  const drift = awayMs * driftPerMs;
  return { lo: offset.lo - drift, hi: offset.hi + drift };
}

async function askClock(
  shell: RootShell,
  options: { timeoutMs: number; signal?: AbortSignal },
): Promise<Ping[]> {
  const answers: Ping[] = [];
  for (let i = 0; i < pings; i += 1) {
    const answer = await shell.ping(options);
    answers.push(answer);
    // A node without a fine clock will not get one by being asked again.
    if (answer.nodeMs === undefined) break;
  }
  return answers;
}

function pick(shot: Shot): Pick<Fired, 'code' | 'stdout' | 'stderr'> {
  return { code: shot.code, stdout: shot.stdout, stderr: shot.stderr };
}

function perhaps(error: unknown, span: Span): unknown {
  if (!(error instanceof LinkError)) return error;
  const { kind, node, what, tookMs, cause, detail } = error;
  const more = detail === undefined ? {} : { detail };
  return new LinkError({ kind, node, what, tookMs, cause, ...more, perhaps: span });
}
