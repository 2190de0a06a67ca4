import { messageOf, type World } from '../acts/world.ts';
import { openLinks } from '../links/open.ts';
import { bareAccess } from '../links/credentials.ts';
import type { ClusterFile } from '../model/clusterfile.ts';
import { lockCluster, LockedError } from '../run/lock.ts';
import { findLocks, sayLock, sayWhatNow } from '../run/lockfile.ts';
import { CommandError, asCommandError } from './context.ts';

/**
 * Looks whether somebody is at work on a cluster, before anything else is asked of it: what they have broken must not be
 * told as what is wrong with it. It takes no lock, so whoever goes on must still do that.
 * @param takeOver a lock that has not been renewed for a minute does not count
 * @throws CommandError locked; usage, if a file that it takes cannot be read
 */
export async function mustBeFree(cluster: ClusterFile, takeOver: boolean): Promise<void> {
  await onNodes(cluster, async (nodes, world) => {
    const locks = await findLocks(nodes, world);
    const held = locks.find(({ live }) => live) ?? (takeOver ? undefined : locks[0]);
    if (held !== undefined)
      throw new CommandError('locked', `${sayLock(held)}; ${sayWhatNow(held)}`);
  });
}

/**
 * Does some work while a cluster is locked for it.
 * @param holder id of the campaign or the game day
 * @param work gets a line for each lock of a dead run that was taken over
 * @throws CommandError locked, or unreachable if too few nodes can be locked: then the work was not begun
 */
export async function whileLocked<Done>(
  cluster: ClusterFile,
  holder: string,
  takeOver: boolean,
  work: (takenOver: readonly string[]) => Promise<Done>,
): Promise<Done> {
  return onNodes(cluster, async (nodes, world) => {
    const lock = await lockCluster(holder, nodes, world, takeOver).catch((error: unknown) => {
      const outcome = error instanceof LockedError ? 'locked' : 'unreachable';
      throw new CommandError(outcome, messageOf(error));
    });
    try {
      return await work(lock.takenOver);
    } finally {
      await lock.release();
    }
  });
}

async function onNodes<Done>(
  cluster: ClusterFile,
  ask: (nodes: readonly string[], world: World) => Promise<Done>,
): Promise<Done> {
  const access = await bareAccess(cluster).catch(asCommandError);
  const nodes = cluster.nodes.map(({ name }) => name);
  const links = openLinks(access);
  try {
    // A lock is asked for by SSH, and by nothing else.
    const world = { links, controlPlanes: [], power: new Map(), now: () => performance.now() };
    return await ask(nodes, world);
  } finally {
    links.close();
  }
}
