import { setTimeout as delay } from 'node:timers/promises';
import {
  removeFingerprints,
  storedFingerprints,
  storeFingerprint,
  takeFingerprint,
} from '../acts/fingerprint.ts';
import type { Looked } from '../acts/fingerprint-script.ts';
import type { World } from '../acts/world.ts';
import { fingerprintDifferences, type Fingerprint } from '../model/fingerprint.ts';
import { unitsOf, type Snapshot } from '../model/snapshot.ts';

/** The nodes as they were before a run, to be compared with what it leaves. */
export interface Marks {
  readonly before: Fingerprint;
  /** Runs that were killed and whose fingerprints were still on nodes; they have been removed. */
  readonly tidied: readonly string[];
  /** What differs now, a line each; asked again for some seconds, as services take their time to settle. */
  readonly prove: () => Promise<readonly string[]>;
  /** Removes what the nodes keep of it. @returns what could not be */
  readonly remove: () => Promise<readonly string[]>;
}

const settleMs = 10_000;
const pauseMs = 500;

/**
 * Takes the fingerprint of every node before anything is done, and has each node keep its own, so that whoever heals
 * after us can compare.
 * @throws Error if a node cannot be asked
 */
export async function takeMarks(run: string, snapshot: Snapshot, world: World): Promise<Marks> {
  const nodes = snapshot.nodes.map(({ name }) => name);
  const units = unitsOf(snapshot);
  const looked = { units, folder: snapshot.datastore.folder };
  const [stored, { fingerprint: before, problems }] = await Promise.all([
    storedFingerprints(nodes, world),
    takeFingerprint(nodes, looked, world),
  ]);
  if (problems.length > 0) throw new Error(problems.join('; '));
  const tidied = new Set([...stored.values()].flat().map((one) => one.run));
  if (tidied.size > 0) await removeFingerprints(nodes, world);
  await storeFingerprint(run, before, looked, world);
  return {
    before,
    tidied: [...tidied],
    prove: () => differing(before, looked, world),
    remove: () => removeFingerprints(nodes, world, run),
  };
}

/**
 * What differs from a fingerprint now, a line each, a node or an API that cannot be asked among them. Asked again for
 * some seconds, as services take their time to settle.
 */
export async function differing(
  before: Fingerprint,
  looked: Looked,
  world: World,
): Promise<readonly string[]> {
  const end = world.now() + settleMs;
  for (;;) {
    const { fingerprint, problems } = await takeFingerprint(Object.keys(before), looked, world);
    const asked = Object.entries(before).filter(([node]) => fingerprint[node] !== undefined);
    const found = [...problems, ...fingerprintDifferences(Object.fromEntries(asked), fingerprint)];
    if (found.length === 0 || world.now() > end) return found;
    await delay(pauseMs);
  }
}
