import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeFolders } from '../machine.ts';
import { run } from '../shell.ts';
import { controlPlanes, type Lab } from '../topology.ts';
import { dataDir } from './places.ts';

/** A cluster is formed with the timings of the profile `tuned`, and without a trace. */
export async function adapt(lab: Lab): Promise<void> {
  if (lab.profile === 'stock') await removeTuning(lab);
  if (lab.trace) await enableTrace(lab);
}

/** Mounted, not edited: the disk is as a power cut left it, and the replay of its journal would undo what an editor did. */
async function removeTuning(lab: Lab): Promise<void> {
  for (const node of lab.nodes) {
    const { disk, datastore } = nodeFolders(lab, node);
    await mkdir(datastore, { recursive: true });
    await run('mount', ['-o', 'loop', disk, datastore]);
    try {
      await rm(join(datastore, 'tuning.yaml'), { force: true });
    } finally {
      await run('umount', [datastore]);
    }
  }
}

/** Over what the forming wrote, as everything in a node's own upper layer is. */
async function enableTrace(lab: Lab): Promise<void> {
  for (const node of controlPlanes(lab)) {
    const args = join(nodeFolders(lab, node).upper, `${dataDir}/args`);
    await mkdir(args, { recursive: true });
    await writeFile(join(args, 'k8s-dqlite-env'), 'LIBDQLITE_TRACE=1\n');
  }
}
