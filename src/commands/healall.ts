import { removeFingerprints, storedFingerprints } from '../acts/fingerprint.ts';
import { leftovers } from '../acts/leftovers.ts';
import { readNotes } from '../acts/note.ts';
import { messageOf } from '../acts/world.ts';
import { findLocks, removeLocks, sayLock, sayWhatNow, type FoundLock } from '../run/lockfile.ts';
import { differing } from '../run/marks.ts';
import { CommandError } from './context.ts';
import { openHealing, takeBack, takeNamespaceAway, type Healing } from './healing.ts';

/**
 * Takes back whatever any run has left, by what its nodes say of it: the notes of faults, the namespace, the locks.
 * @param takeOver also of a run that may be alive
 * @returns what is left, a line each; nodes that do not answer are among them
 * @throws CommandError locked, if a run may be alive
 */
export async function healAll(clusterPath: string, takeOver: boolean): Promise<readonly string[]> {
  const healing = await openHealing(clusterPath);
  try {
    const locks = await findLocks(healing.nodes, healing.world);
    const live = locks.find((lock) => lock.live);
    if (live !== undefined && !takeOver) throw stillAlive(live);
    return [
      ...(await takeNotesBack(healing)),
      ...(await takeNamespaceAway(healing)),
      ...(await takeLocksAway(locks, healing)),
      ...(await compare(healing)),
      ...(await leftovers(healing.nodes, healing.world)),
    ];
  } finally {
    healing.world.links.close();
  }
}

/** A run that lives heals by itself: taking its faults away in the middle would spoil it. */
function stillAlive(lock: FoundLock): CommandError {
  return new CommandError(
    'locked',
    `${sayLock(lock)}: nothing was touched. A run that lives takes back what it did by itself; ` +
      `${sayWhatNow(lock)}, or if you know that it is dead, say: holdfast heal --all --take-over`,
  );
}

async function takeNotesBack(healing: Healing): Promise<readonly string[]> {
  const { notes } = await readNotes(healing.nodes, healing.world);
  const left: string[] = [];
  for (const { intent, armedAt } of notes) {
    console.error(`taking back, armed at ${armedAt}: ${intent.says}`);
    // An intent is named after its run's six digits and its step.
    const rest = await takeBack(intent.id.slice(7), intent, healing);
    if (rest !== undefined) left.push(rest);
  }
  if (notes.length === 0) console.error('no fault is noted on any node that answers');
  return left;
}

/**
 * Compares the nodes with the fingerprint that they keep of before the last run, which stays if they differ: whoever
 * takes back the rest can compare again.
 */
async function compare({ nodes, world }: Healing): Promise<readonly string[]> {
  const stored = await storedFingerprints(nodes, world);
  const newest = [...stored.values()].flat().sort((a, b) => b.takenAt.localeCompare(a.takenAt))[0];
  if (newest === undefined) return [];
  const { run, looked, takenAt } = newest;
  const before = Object.fromEntries(
    [...stored].flatMap(([node, all]) =>
      all.filter((one) => one.run === run).map(({ lines }) => [node, lines]),
    ),
  );
  const differences = await differing(before, looked, world);
  const names = Object.keys(before).sort().join(', ');
  if (differences.length > 0)
    return differences.map((line) => `not as before run ${run} of ${takenAt}: ${line}`);
  console.error(`as before run ${run} of ${takenAt}: ${names}`);
  return removeFingerprints(Object.keys(before), world);
}

async function takeLocksAway(
  locks: readonly FoundLock[],
  { world }: Healing,
): Promise<readonly string[]> {
  for (const run of new Set(locks.map(({ holder }) => holder?.run ?? 'unknown')))
    console.error(`removing the lock of run ${run}`);
  try {
    await removeLocks(
      locks.map(({ node }) => node),
      world,
    );
    return [];
  } catch (error) {
    return [`a lock: ${messageOf(error)}`];
  }
}
