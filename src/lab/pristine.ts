import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Built } from './build.ts';
import { form } from './form.ts';
import { locked } from './lock.ts';
import { backendDir, clearAway, discard, inside, nodeFolders, powerOff } from './machine.ts';
import { makeBridge } from './network.ts';
import { tunedLatency } from './nodefiles.ts';
import { contentOf, digest, discardOlder } from './parts.ts';
import { cacheDir, labDir, recipesDir } from './paths.ts';
import type { Progress } from './progress.ts';
import { run } from './shell.ts';
import { controlPlanes, type Lab } from './topology.ts';

/** Prepared clusters that stay in the cache, a gigabyte each: those of a few labs of different make. */
const keptClusters = 4;

/** What of a lab's own folder belongs to a cluster rather than to its nodes. */
const sharedFiles = ['pki', 'kubeconfig', 'id_ed25519', 'id_ed25519.pub'];

/**
 * Puts a lab's files into the state of a newly formed cluster, all power off. The first time such a cluster is formed
 * and kept; later its files are copied, which takes seconds.
 */
export async function restorePristine(lab: Lab, built: Built, progress: Progress): Promise<void> {
  const kept = await pristineFolder(lab, built);
  await mkdir(dirname(kept), { recursive: true });
  await locked(`${kept}.lock`, progress.say, async () => {
    if (!existsSync(kept)) await formAndKeep(lab, built, kept, progress);
  });
  for (const node of lab.nodes) await discard(lab, node);
  await progress.step('copying the prepared cluster', async () => {
    await mkdir(labDir(lab.name), { recursive: true });
    await copy(sharedFiles, kept, labDir(lab.name));
    await Promise.all(
      lab.nodes.map(async (node) => {
        const folders = nodeFolders(lab, node);
        await mkdir(dirname(folders.disk), { recursive: true });
        await copy(
          ['containerd', 'datastore.img'],
          join(kept, 'nodes', node.name),
          dirname(folders.disk),
        );
      }),
    );
  });
  if (lab.profile === 'stock') await removeTuning(lab);
  if (lab.trace) await enableTrace(lab);
}

/** The layers a node of a restored lab stands on: what the forming wrote lies over what all labs share. */
export async function pristineLayers(
  lab: Lab,
  built: Built,
): Promise<(node: string) => readonly string[]> {
  const kept = await pristineFolder(lab, built);
  return (node) => [join(kept, 'nodes', node, 'upper'), ...built.layers];
}

async function pristineFolder(lab: Lab, built: Built): Promise<string> {
  const roles = lab.nodes.map((node) => `${node.name} ${node.role} ${node.address}`);
  const recipe = await Promise.all(
    ['form.ts', 'nodefiles.ts', 'pki.ts', 'pristine.ts'].map((file) =>
      readFile(sourceOf(file), 'utf8'),
    ),
  );
  const manifests = await contentOf(join(recipesDir, 'manifests'));
  const key = digest([...built.layers, built.images, tunedLatency, manifests, ...roles, ...recipe]);
  return join(cacheDir, 'pristine', key);
}

/** A neighbour of this module as it was written, so that compiled or not, the same recipe has the same key. */
function sourceOf(file: string): string {
  return join(recipesDir, '..', 'src', 'lab', file);
}

async function formAndKeep(
  lab: Lab,
  built: Built,
  kept: string,
  progress: Progress,
): Promise<void> {
  progress.say('Forming a cluster for the first time; it is kept for later');
  for (const node of lab.nodes) {
    await clearAway(lab, node);
    await discard(lab, node);
  }
  await makeBridge(lab);
  await form(lab, built, progress);
  await progress.step('keeping the formed cluster', async () => {
    await stopClean(lab, built.kubectl);
    const partial = `${kept}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    await copy(sharedFiles, labDir(lab.name), partial);
    for (const node of lab.nodes) {
      const { upper, disk } = nodeFolders(lab, node);
      const folder = join(partial, 'nodes', node.name);
      await mkdir(folder, { recursive: true });
      await copy(['upper', 'containerd', 'datastore.img'], dirname(upper), folder);
      await rm(disk, { force: true });
    }
    await rename(partial, kept);
    await discardOlder(dirname(kept), /^[0-9a-f]{12}$/, keptClusters);
  });
}

/**
 * Kubernetes first, so that nothing is written any more; then all power at once: a clean stop of the datastore would
 * hand leadership and roles around until the last one. The leases of the controllers go too: after a start from here
 * nobody should wait a minute for holders that are long dead.
 */
async function stopClean(lab: Lab, kubectl: string): Promise<void> {
  const [first, ...others] = controlPlanes(lab);
  if (first === undefined) return;
  await Promise.all(
    others.map((node) => inside(lab, node, 'systemctl stop snap.microk8s.daemon-kubelite')),
  );
  // Frozen, they cannot take their leases again.
  await inside(lab, first, 'pkill -STOP -f "bin/kube-(controller-manager|scheduler) "');
  await run(kubectl, [
    ...[
      '--kubeconfig',
      join(labDir(lab.name), 'kubeconfig'),
      'delete',
      'lease',
      '--namespace',
      'kube-system',
    ],
    ...['kube-controller-manager', 'kube-scheduler'],
  ]);
  // Its disk alone loses what is not synced; the host's own files need no flushing, which may take half a minute.
  await Promise.all(lab.nodes.map((node) => inside(lab, node, `sync -f ${backendDir}`)));
  await Promise.all(lab.nodes.map((node) => powerOff(lab, node)));
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
    const args = join(nodeFolders(lab, node).upper, 'var/snap/microk8s/current/args');
    await mkdir(args, { recursive: true });
    await writeFile(join(args, 'k8s-dqlite-env'), 'LIBDQLITE_TRACE=1\n');
  }
}

async function copy(names: readonly string[], from: string, to: string): Promise<void> {
  await run('cp', [
    '-a',
    '--sparse=always',
    '--reflink=auto',
    ...names.map((name) => join(from, name)),
    `${to}/`,
  ]);
}
