import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inside, mountNode, nodeFolders, powerOn, unmountNode } from './machine.ts';
import { writeNodeFiles } from './nodefiles.ts';
import { labDir } from './paths.ts';
import type { Built, LabPlatform } from './platform.ts';
import { platformOf } from './platforms.ts';
import type { Progress } from './progress.ts';
import { run } from './shell.ts';
import { kubernetesNodes, type Lab, type LabNode } from './topology.ts';
import { untilAnswered } from './until.ts';
import { untilServing } from './wait.ts';

const bootTimeoutMs = 60_000;

/** Forms a cluster of new nodes: first boot, images, the datastore, then Kubernetes. Ends when all serve. */
export async function form(lab: Lab, built: Built, progress: Progress): Promise<void> {
  const platform = platformOf(lab);
  await progress.step('certificates and files of the nodes', () =>
    writeAllFiles(lab, platform, built),
  );
  await progress.step('first boot', async () => {
    for (const node of lab.nodes) await powerOn(lab, node, built.layers);
    await Promise.all(lab.nodes.map((node) => untilBooted(lab, node)));
  });
  await Promise.all([
    progress.step('importing images', () =>
      Promise.all(
        kubernetesNodes(lab).map((node) => importImages(lab, platform, node, built.images)),
      ),
    ),
    platform.formDatastore(lab, progress),
  ]);
  await progress.step('Kubernetes starts', async () => {
    await platform.formKubernetes(lab, built, progress);
    await untilServing(lab, 0);
  });
}

async function writeAllFiles(lab: Lab, platform: LabPlatform, built: Built): Promise<void> {
  const folder = labDir(lab.name);
  const pki = join(folder, 'pki');
  const key = join(folder, 'id_ed25519');
  for (const old of [pki, key, `${key}.pub`]) await rm(old, { recursive: true, force: true });
  await mkdir(pki, { recursive: true, mode: 0o700 });
  const comment = `holdfast-lab-${lab.name}`;
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', key]);
  await platform.writeShared(lab);
  const publicKey = await readFile(`${key}.pub`, 'utf8');
  await Promise.all(
    lab.nodes.map(async (node) => {
      await mountNode(lab, node, built.layers);
      await writeNodeFiles(lab, node, publicKey);
      await platform.writeNode(lab, node);
      await unmountNode(lab, node);
    }),
  );
}

/** Booted means that systemd takes orders. */
async function untilBooted(lab: Lab, node: LabNode): Promise<void> {
  await untilAnswered(
    async () => {
      // Its first process may not be there yet, or may not yet have its namespaces.
      const state = await inside(lab, node, 'systemctl is-active multi-user.target || true');
      return state === 'active' ? undefined : state;
    },
    bootTimeoutMs,
    (state) =>
      `${node.name} has not booted within ${bootTimeoutMs / 1000} s: ${state}; see ${nodeFolders(lab, node).console}`,
  );
}

/** What has been unpacked is kept once: the archives' own layers would double what each lab copies. */
async function importImages(
  lab: Lab,
  { containerd: { unit, socket } }: LabPlatform,
  node: LabNode,
  images: string,
): Promise<void> {
  await inside(lab, node, `systemctl enable --quiet ${unit} && systemctl start ${unit}`);
  const ctr = `ctr -a ${socket} -n k8s.io`;
  for (const file of await readdir(images)) {
    await inside(lab, node, `${ctr} images import --discard-unpacked-layers -`, {
      inputFile: join(images, file),
    });
  }
  await inside(lab, node, `${ctr} content prune references`);
}
