import { fireTimed } from '../links/armed.ts';
import { Beacon } from '../links/beacon.ts';
import { LinkError } from '../links/errors.ts';
import type { Act } from '../model/intent.ts';
import type { Span } from '../model/span.ts';
import type { Told } from './evict.ts';
import { eachPlace, performOne } from './perform.ts';
import { ActError, messageOf, type World } from './world.ts';

const fireTimeoutMs = 10_000;
const shellTimeoutMs = 5000;
// How long a plug may take after it has said that it is off.
const silentWithinMs = 5000;

/** When a deed was done, and what is worth knowing of how well that is known. */
export interface Timed {
  /** Of the run's clock; all was done in it. */
  readonly span: Span;
  readonly notes: readonly string[];
}

/**
 * Does some acts as quickly as can be and tells when: scripts wait on their nodes for one line, and a node that loses its
 * power is listened to until it is silent.
 * @param told of each answer to an eviction
 * @throws ActError if one was not done
 */
export async function performTimed(
  acts: readonly Act[],
  world: World,
  told?: Told,
): Promise<Timed> {
  const done: Timed[] = [];
  const beacons = await beaconsOf(acts, world);
  try {
    await eachPlace(acts, async (act) => {
      done.push(
        'on' in act
          ? await fireOne(act, world, beacons.get(act.on))
          : await timeOne(act, world, 'node' in act ? beacons.get(act.node) : undefined, told),
      );
    });
  } finally {
    for (const beacon of beacons.values()) beacon.stop();
  }
  const spans = done.map(({ span }) => span);
  return {
    span: {
      lo: Math.min(...spans.map(({ lo }) => lo)),
      hi: Math.max(...spans.map(({ hi }) => hi)),
    },
    notes: done.flatMap(({ notes }) => notes),
  };
}

/** By the acts themselves: all of them are listened to before the first is done, so that none waits for another. */
async function beaconsOf(acts: readonly Act[], world: World): Promise<ReadonlyMap<string, Beacon>> {
  const nodes = acts.flatMap((act) => {
    if ('power' in act && act.power === 'off') return act.node;
    return 'on' in act && act.ends === true ? act.on : [];
  });
  const opened = await Promise.allSettled(
    nodes.map(async (node) => {
      const ssh = await world.links.ssh(node);
      const shell = await ssh.shell({ clock: world.now, timeoutMs: shellTimeoutMs });
      return [node, new Beacon(shell)] as const;
    }),
  );
  // A node that does not let itself be listened to loses its power all the same; its instant is known less well.
  return new Map(opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
}

/** Anything but a script: from when it was told to when that had come back, or until the node was silent. */
async function timeOne(act: Act, world: World, beacon?: Beacon, told?: Told): Promise<Timed> {
  const lo = world.now();
  const note = await performOne(act, world, told);
  const done = { lo, hi: world.now() };
  if ('power' in act && act.power === 'off') return whenSilent(act.node, done, beacon);
  return { span: done, notes: note === undefined ? [] : [note] };
}

async function fireOne(
  act: Extract<Act, { on: string }>,
  world: World,
  beacon?: Beacon,
): Promise<Timed> {
  const ssh = await world.links.ssh(act.on);
  const shell = await ssh.shell({ clock: world.now, timeoutMs: shellTimeoutMs });
  try {
    const fired = await fireTimed(shell, act.sh, { timeoutMs: fireTimeoutMs });
    if (fired.code !== 0)
      throw new ActError(`on ${act.on}: exit ${fired.code}: ${fired.stderr.trim()}`);
    const { span, because } = fired;
    return { span, notes: because === undefined ? [] : [instantOf(act.on, because)] };
  } catch (error) {
    // A machine that was told to go down takes its answer along: whether it did is for the proofs to say.
    if (!(error instanceof LinkError) || error.kind !== 'lost' || error.perhaps === undefined)
      throw error;
    if (act.ends === true) return await whenSilent(act.on, error.perhaps, beacon);
    return { span: error.perhaps, notes: [instantOf(act.on, messageOf(error))] };
  } finally {
    shell.close();
  }
}

/** @param told when it was told, and when that was over as far as we know: the switch may be later still */
async function whenSilent(node: string, told: Span, beacon?: Beacon): Promise<Timed> {
  const silence = await beacon?.silence(silentWithinMs);
  if (silence !== undefined && silence.hi >= told.lo)
    return { span: { lo: Math.max(told.lo, silence.lo), hi: silence.hi }, notes: [] };
  const because =
    beacon === undefined
      ? 'it could not be listened to'
      : silence === undefined
        ? `it was not silent ${silentWithinMs / 1000} s after it was told`
        : 'it was silent before it was told';
  return { span: told, notes: [instantOf(node, because)] };
}

function instantOf(node: string, because: string): string {
  return `fault instant on ${node}: ${because}`;
}
