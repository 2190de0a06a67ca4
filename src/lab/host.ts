import { existsSync } from 'node:fs';
import { mkdir, readFile, statfs, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { LabError } from './error.ts';
import { cacheDir, labsDir } from './paths.ts';
import type { Progress } from './progress.ts';
import { run, succeeds } from './shell.ts';

/** Programs the lab needs on the host, and the Debian package each is in. */
const packages: Readonly<Record<string, string>> = {
  debootstrap: 'debootstrap',
  'systemd-nspawn': 'systemd-container',
  ip: 'iproute2',
  nsenter: 'util-linux',
  sysctl: 'procps',
  'mkfs.ext4': 'e2fsprogs',
  openssl: 'openssl',
  'ssh-keygen': 'openssh-client',
  tar: 'tar',
  nft: 'nftables',
};

const GiB = 2 ** 30;
const memoryPerNodeBytes = 0.6 * GiB;
const memoryOfHostBytes = 1 * GiB;
const diskBytes = 10 * GiB;

/** Seven nodes and more use up the kernel's default of 128: kube-proxy then ends with "too many open files". */
const kernelLimits: Readonly<Record<string, number>> = {
  'fs/inotify/max_user_instances': 8192,
  'fs/inotify/max_user_watches': 1_048_576,
};

const ownCluster = `To use a cluster of your own instead, which needs neither root nor Linux here, write a cluster file
(README, "Your own cluster") and say: npm run scenario leader-loss -- --cluster my-cluster.yaml`;

/**
 * Why this machine cannot carry a lab of so many nodes, or undefined if it can.
 * One message for all that is missing, with the way to use one's own cluster.
 */
export async function unfitness(nodes: number): Promise<string | undefined> {
  const missing: string[] = [];
  if (process.platform !== 'linux') missing.push(`it needs Linux, and this is ${process.platform}`);
  else if (process.getuid?.() !== 0)
    missing.push('it needs root, for namespaces, mounts and the bridge');
  const memory = memoryOfHostBytes + nodes * memoryPerNodeBytes;
  if (totalmem() < memory) {
    missing.push(
      `${nodes} nodes need ${gib(memory)} of memory, and this machine has ${gib(totalmem())}`,
    );
  }
  if (missing.length === 0) {
    await mkdir(cacheDir, { recursive: true });
    const { bavail, bsize } = await statfs(cacheDir);
    // Once built, it needs little more.
    const needed = existsSync(`${cacheDir}/parts`) ? diskBytes / 4 : diskBytes;
    if (bavail * bsize < needed) {
      missing.push(
        `it needs ${gib(needed)} free under ${cacheDir}, and there are ${gib(bavail * bsize)}`,
      );
    }
  }
  if (missing.length === 0) return undefined;
  return `the lab cannot run on this machine: ${missing.join('; ')}.\n${ownCluster}`;
}

/** Installs what the lab needs and the host lacks, raises the kernel's limits, and makes the lab's folders. */
export async function prepareHost(progress: Progress): Promise<void> {
  const lacking: string[] = [];
  for (const [program, debian] of Object.entries(packages)) {
    if (!(await succeeds('sh', ['-c', 'command -v "$1"', 'sh', program]))) lacking.push(debian);
  }
  if (lacking.length > 0) await install(lacking, progress);
  for (const [name, least] of Object.entries(kernelLimits)) {
    const file = `/proc/sys/${name}`;
    if (Number(await readFile(file, 'utf8')) < least) await writeFile(file, String(least));
  }
  await mkdir(labsDir, { recursive: true });
}

async function install(names: readonly string[], progress: Progress): Promise<void> {
  if (!(await succeeds('sh', ['-c', 'command -v apt-get']))) {
    throw new LabError(
      `the lab needs ${names.join(', ')}, and this system has no apt-get to install them.\n${ownCluster}`,
    );
  }
  progress.say(`Installing Debian packages: ${names.join(', ')}`);
  await progress.step('apt-get install', async () => {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], { env, timeoutMs: 300_000 });
    await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...names], {
      env,
      timeoutMs: 600_000,
    });
  });
}

function gib(bytes: number): string {
  return `${(bytes / GiB).toFixed(1)} GiB`;
}
