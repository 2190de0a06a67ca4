import { hostname } from 'node:os';
import type { World } from '../acts/world.ts';
import {
  removeLockOf,
  renewOn,
  sayLock,
  sayWhatNow,
  takeOn,
  takeOverOn,
  type FoundLock,
  type Held,
} from './lockfile.ts';

/** The cluster is locked by another run; the message says by whom, and what to do. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}

/** The lock of one run on the nodes of a cluster. */
export interface Lock {
  /** Locks of a dead run that were taken over, a line each. */
  readonly takenOver: readonly string[];
  readonly release: () => Promise<void>;
}

/** The lock of whoever does many runs: one of them neither takes it nor lets go of it. */
export const lockOfOthers: Lock = { takenOver: [], release: () => Promise.resolve() };

const renewMs = 10_000;

/**
 * Locks a cluster for one run, or for many of one campaign or game day: a file on a majority of its nodes, renewed while
 * the run lives. The API is what we break, so the lock is not there.
 * @param takeOver take a lock over that has not been renewed for a minute; never one of a run that lives
 * @throws LockedError if another run holds it; Error if too few nodes can be reached
 */
export async function lockCluster(
  run: string,
  nodes: readonly string[],
  world: World,
  takeOver: boolean,
): Promise<Lock> {
  const own: Held = { run, host: hostname(), pid: process.pid, since: new Date().toISOString() };
  // All are looked at before any is taken over: a run that lives on one node alone keeps all of them.
  const first = await Promise.all(nodes.map((node) => takeOn(node, own, world)));
  const others = first.flatMap(({ other }) => other ?? []);
  const answers =
    takeOver && others.every(({ live }) => !live)
      ? await Promise.all(first.map((answer) => takeOverOn(answer, own, world)))
      : first;
  const taken = answers.filter((answer) => answer.taken).map(({ node }) => node);
  const held = freshest(answers.flatMap(({ other }) => other ?? []));
  if (held !== undefined) {
    await removeLockOf(run, taken, world);
    throw new LockedError(`${sayLock(held)}; ${sayWhatNow(held)}`);
  }
  if (taken.length * 2 <= nodes.length) {
    await removeLockOf(run, taken, world);
    const said = answers.flatMap((answer) => answer.problem ?? []).join('; ');
    throw new Error(`only ${taken.length} of ${nodes.length} nodes could be locked: ${said}`);
  }
  let renewed: Promise<unknown> = Promise.resolve();
  const renewal = setInterval(() => {
    renewed = renewOn(taken, own, world);
  }, renewMs);
  renewal.unref();
  return {
    takenOver: others.map(
      ({ node, holder, idleS }) =>
        `${node}: the lock of run ${holder?.run ?? 'unknown'}, not renewed for ${idleS} s`,
    ),
    release: async () => {
      clearInterval(renewal);
      // One under way could take again what was just released.
      await renewed;
      await removeLockOf(run, taken, world);
    },
  };
}

/** Decides what is to be done: one that lives outweighs those that do not. */
function freshest(locks: readonly FoundLock[]): FoundLock | undefined {
  return [...locks].sort((a, b) => a.idleS - b.idleS)[0];
}
