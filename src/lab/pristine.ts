import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { form } from './form.ts';
import { locked } from './lock.ts';
import { clearAway, discard, inside, nodeFolders, powerOff } from './machine.ts';
import { makeBridge } from './network.ts';
import { contentOf, digest, discardOlder } from './parts.ts';
import { cacheDir, labDir, recipesDir } from './paths.ts';
import type { Built } from './platform.ts';
import { platformOf } from './platforms.ts';
import type { Progress } from './progress.ts';
import { run } from './shell.ts';
import type { Lab } from './topology.ts';

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
  await platformOf(lab).adapt?.(lab);
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
  const shape = lab.nodes.map((node) => `${node.name} ${node.role} ${node.address}`);
  const manifests = await contentOf(join(recipesDir, lab.platform, 'manifests'));
  const key = digest([...built.layers, built.images, manifests, ...shape, ...(await recipe(lab))]);
  return join(cacheDir, 'pristine', key);
}

/** What is written in the modules that form a cluster: a change in one of them makes another cluster. */
async function recipe({ platform }: Lab): Promise<readonly string[]> {
  // As they were written, so that compiled or not, the same recipe has the same key.
  const sources = join(recipesDir, '..', 'src', 'lab');
  const own = (await readdir(join(sources, platform)))
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => join(platform, file));
  const files = ['certificates.ts', 'form.ts', 'nodefiles.ts', 'pristine.ts', ...own.sort()];
  return Promise.all(files.map((file) => readFile(join(sources, file), 'utf8')));
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

/** All power at once: a clean stop of the datastore would hand leadership and roles around until the last one. */
async function stopClean(lab: Lab, kubectl: string): Promise<void> {
  const config = join(labDir(lab.name), 'kubeconfig');
  await platformOf(lab).quieten(lab, (args) => run(kubectl, ['--kubeconfig', config, ...args]));
  // Its disk alone loses what is not synced; the host's own files need no flushing, which may take half a minute.
  await Promise.all(lab.nodes.map((node) => inside(lab, node, `sync -f ${lab.datastoreDir}`)));
  await Promise.all(lab.nodes.map((node) => powerOff(lab, node)));
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
