import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Built } from './build.ts';
import { LabError } from './error.ts';
import { inside, mountNode, nodeFolders, powerOn, unmountNode } from './machine.ts';
import { writeNodeFiles } from './nodefiles.ts';
import { labDir, recipesDir } from './paths.ts';
import { kubeconfig, makePki } from './pki.ts';
import type { Progress } from './progress.ts';
import { run } from './shell.ts';
import { apiServer, controlPlanes, type Lab, type LabNode } from './topology.ts';
import { askMembers, untilServing } from './wait.ts';

const bootTimeoutMs = 60_000;
const memberTimeoutMs = 60_000;
const pollMs = 200;

/**
 * Forms a cluster of new nodes: first boot, images, members one after another so that their roles are settled at once,
 * then Kubernetes and CoreDNS. Ends when all serve.
 */
export async function form(lab: Lab, built: Built, progress: Progress): Promise<void> {
  await progress.step('certificates and files of the nodes', () => writeAllFiles(lab, built));
  await progress.step('first boot', async () => {
    for (const node of lab.nodes) await powerOn(lab, node, built.layers);
    await Promise.all(lab.nodes.map((node) => untilBooted(lab, node)));
  });
  const imported = progress.step('importing images', () =>
    Promise.all(lab.nodes.map((node) => importImages(lab, node, built.images))),
  );
  await progress.step('datastore members join', () => joinMembers(lab));
  await imported;
  await progress.step('Kubernetes starts', async () => {
    const workers = lab.nodes.filter((node) => node.role === 'worker');
    await Promise.all(workers.map((node) => start(lab, node, ['apiserver-proxy', 'kubelite'])));
    await applyManifests(lab, built);
    await untilServing(lab, 0);
  });
}

async function writeAllFiles(lab: Lab, built: Built): Promise<void> {
  const folder = labDir(lab.name);
  const pki = join(folder, 'pki');
  await rm(join(folder, 'id_ed25519'), { force: true });
  await rm(join(folder, 'id_ed25519.pub'), { force: true });
  await mkdir(folder, { recursive: true });
  await run('ssh-keygen', [
    '-q',
    '-t',
    'ed25519',
    '-N',
    '',
    '-C',
    `holdfast-lab-${lab.name}`,
    '-f',
    join(folder, 'id_ed25519'),
  ]);
  await makePki(lab, pki);
  const publicKey = await readFile(join(folder, 'id_ed25519.pub'), 'utf8');
  const [first] = controlPlanes(lab);
  if (first === undefined) throw new LabError('a lab needs at least one control plane');
  await writeFile(join(folder, 'kubeconfig'), await kubeconfig(pki, 'admin', apiServer(first)), {
    mode: 0o600,
  });
  await Promise.all(
    lab.nodes.map(async (node) => {
      await mountNode(lab, node, built.layers);
      await writeNodeFiles(lab, node, pki, publicKey);
      await unmountNode(lab, node);
    }),
  );
}

/** Booted means that systemd takes orders. */
async function untilBooted(lab: Lab, node: LabNode): Promise<void> {
  const deadline = performance.now() + bootTimeoutMs;
  let state = '';
  do {
    state = await bootState(lab, node);
    if (state === 'active') return;
    await delay(pollMs);
  } while (performance.now() < deadline);
  throw new LabError(
    `${node.name} has not booted within ${bootTimeoutMs / 1000} s: ${state}; see ${nodeFolders(lab, node).console}`,
  );
}

async function bootState(lab: Lab, node: LabNode): Promise<string> {
  try {
    return await inside(lab, node, 'systemctl is-active multi-user.target || true');
  } catch (error) {
    // Its first process may not be there yet, or may not yet have its namespaces.
    return error instanceof Error ? error.message : String(error);
  }
}

async function importImages(lab: Lab, node: LabNode, images: string): Promise<void> {
  const socket = '/var/snap/microk8s/common/run/containerd.sock';
  await start(lab, node, ['containerd']);
  const target = join(nodeFolders(lab, node).root, 'var/tmp/images');
  await run('cp', ['-r', images, target]);
  const files = (await readdir(images)).map((file) => `/var/tmp/images/${file}`);
  await inside(
    lab,
    node,
    files.map((file) => `ctr -a ${socket} -n k8s.io images import ${file}`).join(' && '),
  );
  await inside(lab, node, 'rm -rf /var/tmp/images');
}

/** One after another: members that join together may wait half a minute for their roles. */
async function joinMembers(lab: Lab): Promise<void> {
  let members = 0;
  for (const node of controlPlanes(lab)) {
    await start(lab, node, ['k8s-dqlite']);
    members++;
    await untilMembers(lab, node, members);
    // From here on its API server starts while the next member joins.
    await start(lab, node, ['kubelite']);
  }
}

/** Asked of the first member: a second one is a stand-by at first, and those know no leader to ask. */
async function untilMembers(lab: Lab, node: LabNode, count: number): Promise<void> {
  const [first] = controlPlanes(lab);
  if (first === undefined) throw new LabError('a lab needs at least one control plane');
  const deadline = performance.now() + memberTimeoutMs;
  let last = '';
  while (performance.now() < deadline) {
    last = await inside(lab, first, `${askMembers([first])} 2>&1 || true`);
    if (last.split('"Address"').length - 1 === count && last.includes(`${node.address}:`)) return;
    await delay(pollMs);
  }
  throw new LabError(
    `${node.name} is not a member of the datastore within ${memberTimeoutMs / 1000} s; it says: ${last}`,
  );
}

/** Starts services now and at each boot. */
async function start(lab: Lab, node: LabNode, services: readonly string[]): Promise<void> {
  const units = services.map((name) => `snap.microk8s.daemon-${name}.service`).join(' ');
  await inside(
    lab,
    node,
    `systemctl enable --quiet ${units} && systemctl start --no-block ${units}`,
  );
  if (services.includes('containerd'))
    await inside(lab, node, 'systemctl start snap.microk8s.daemon-containerd.service');
}

async function applyManifests(lab: Lab, built: Built): Promise<void> {
  const config = join(labDir(lab.name), 'kubeconfig');
  const deadline = performance.now() + memberTimeoutMs;
  for (;;) {
    try {
      await run(built.kubectl, [
        '--kubeconfig',
        config,
        'apply',
        '-f',
        join(recipesDir, 'manifests'),
      ]);
      return;
    } catch (error) {
      // The API server is still starting; what it says last is what a person needs to know.
      if (performance.now() > deadline) throw error;
      await delay(pollMs);
    }
  }
}
