import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isV2, limitWrites, makeGroups, removeGroups } from './cgroup.ts';
import { LabError } from './error.ts';
import { plugIn, silence, unplug } from './network.ts';
import { labDir, program } from './paths.ts';
import { run, succeeds, type ShellOptions } from './shell.ts';
import { hostNames, type Lab, type LabNode } from './topology.ts';

/** Where a virtual Pi's parts lie on the host. */
export interface NodeFolders {
  /** All that the node wrote over the shared root. */
  readonly upper: string;
  readonly work: string;
  /** Where the node's root is mounted while it has power. */
  readonly root: string;
  /** containerd cannot keep its layers on an overlay, so they have a folder of the host's own. */
  readonly containerd: string;
  /** The file system of the datastore: a file of its own, so that a power cut loses what was not synced. */
  readonly disk: string;
  readonly datastore: string;
  readonly console: string;
  /** Says which delayed switching-on counts, see power.ts. */
  readonly revert: string;
}

export function nodeFolders(lab: Lab, node: LabNode): NodeFolders {
  const folder = join(labDir(lab.name), 'nodes', node.name);
  return {
    upper: join(folder, 'upper'),
    work: join(folder, 'work'),
    root: join(folder, 'root'),
    containerd: join(folder, 'containerd'),
    disk: join(folder, 'datastore.img'),
    datastore: join(folder, 'datastore'),
    console: join(folder, 'console.log'),
    revert: join(folder, 'revert'),
  };
}

const diskMiB = 512;
const startTimeoutMs = 10_000;
/** Of the profile `sdcard`: a synced write then takes about 20 ms, as on a card that is slow and not yet broken. */
const cardWritesPerSecond = 50;
const endTimeoutMs = 5000;

/** Mounts a node's root and its datastore's file system; the lowest layers are shared by all nodes. */
export async function mountNode(lab: Lab, node: LabNode, layers: readonly string[]): Promise<void> {
  await unmountNode(lab, node);
  const { upper, work, root, containerd, disk, datastore } = nodeFolders(lab, node);
  for (const folder of [upper, work, root, containerd, datastore]) {
    await mkdir(folder, { recursive: true });
  }
  if (!existsSync(disk)) {
    await run('truncate', ['-s', `${diskMiB}M`, disk]);
    await run('mkfs.ext4', ['-q', '-m', '0', disk]);
  }
  const options = `lowerdir=${layers.join(':')},upperdir=${upper},workdir=${work}`;
  await run('mount', ['-t', 'overlay', 'overlay', '-o', options, root]);
  await run('mount', ['-o', 'loop', disk, datastore]);
}

/** Lets go of a node's file systems, however often they were mounted and whoever still holds them. */
export async function unmountNode(lab: Lab, node: LabNode): Promise<void> {
  const { root, datastore } = nodeFolders(lab, node);
  for (const place of [datastore, root]) {
    for (let i = 0; i < 8 && (await succeeds('mountpoint', ['-q', place])); i++) {
      if (!(await succeeds('umount', ['-R', place]))) await run('umount', ['-R', '-l', place]);
    }
  }
}

/**
 * Gives a node power: systemd starts in namespaces and groups of its own. Returns when it has been started, not when
 * it is up. The node lives on when this process ends, and when it reboots itself it is switched off and on, as the
 * firmware of a computer would, so that nothing of its network or its groups outlives the boot.
 * @throws LabError if it does not start
 */
export async function powerOn(lab: Lab, node: LabNode, layers: readonly string[]): Promise<void> {
  if ((await nspawnPid(lab, node)) !== undefined) return;
  const names = hostNames(lab, node);
  const folders = nodeFolders(lab, node);
  await removeGroups(names.cgroup);
  await mountNode(lab, node, layers);
  await plugIn(lab, node);
  const groups = await makeGroups(names.cgroup);
  if (lab.profile === 'sdcard')
    await limitWrites(names.cgroup, await deviceOf(folders.datastore), cardWritesPerSecond);
  const args = [
    '--quiet',
    '--boot',
    '--register=no',
    '--keep-unit',
    `--network-namespace-path=/run/netns/${names.namespace}`,
    `--directory=${folders.root}`,
    `--machine=${names.machine}`,
    `--hostname=${node.name}`,
    `--uuid=${machineId(lab, node)}`,
    '--resolv-conf=off',
    '--capability=all',
    '--system-call-filter=add_key',
    '--system-call-filter=keyctl',
    '--system-call-filter=bpf',
    '--bind=/dev/kmsg',
    `--bind=${folders.containerd}:${lab.containerdDir}`,
    `--bind=${folders.datastore}:${lab.datastoreDir}`,
  ];
  const log = await open(folders.console, 'a');
  try {
    const again = [process.execPath, program, 'lab', 'power', 'on', node.name, '--name', lab.name];
    const words = [String(again.length), ...again, String(groups.length), ...groups, ...args];
    const child = spawn('sh', ['-c', bootScript, 'sh', ...words], {
      detached: true,
      // It outlives the folder it was started in, and must be able to switch the node on again.
      cwd: '/',
      stdio: ['ignore', log.fd, log.fd],
      // kubelet and kube-proxy write kernel settings; with cgroup v2 the node manages its own subtree.
      env: {
        ...process.env,
        SYSTEMD_NSPAWN_API_VFS_WRITABLE: '1',
        ...(isV2() && { SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' }),
      },
    });
    child.unref();
  } finally {
    await log.close();
  }
  await untilStarted(lab, node);
}

/** nspawn's exit status when the machine in it asked for a reboot. */
const rebooted = 133;

/**
 * Runs nspawn inside of the node's groups, so that nothing of the node is ever outside of them, and waits outside of
 * them. A node is as urgent as any machine, however patient its caller is. Arguments: how many words switch the node on
 * again, those words, how many groups, those, the arguments of nspawn.
 */
const bootScript = `
renice -n 0 -p $$ >/dev/null
n=$1; shift
again=
while [ $n -gt 0 ]; do again="$again '$1'"; shift; n=$((n-1)); done
(
  read -r self rest </proc/self/stat
  n=$1; shift
  while [ $n -gt 0 ]; do echo "$self" >"$1"; shift; n=$((n-1)); done
  exec systemd-nspawn "$@"
)
[ $? -ne ${rebooted} ] || eval "exec $again"
`;

/**
 * Takes a node's power: first it falls silent, then all of it is gone at once, and its datastore's disk keeps what was
 * synced and nothing else.
 */
export async function powerOff(lab: Lab, node: LabNode): Promise<void> {
  const { disk } = nodeFolders(lab, node);
  await silence(lab, node);
  const init = await initPid(lab, node);
  if (init !== undefined) {
    process.kill(init, 'SIGKILL');
    // What the node wrote and did not sync is still in the host's memory: the file as it is now is the disk after the cut.
    await run('cp', ['--sparse=always', disk, `${disk}.cut`]);
    await untilGone(lab, node);
    await unmountNode(lab, node);
    await rename(`${disk}.cut`, disk);
  }
  await clearAway(lab, node);
}

/** Removes whatever a node has on the host: processes, mounts, groups, network. Its files stay. */
export async function clearAway(lab: Lab, node: LabNode): Promise<void> {
  await removeGroups(hostNames(lab, node).cgroup);
  await untilGone(lab, node);
  await unmountNode(lab, node);
  await unplug(lab, node);
}

/** Is it running? */
export async function hasPower(lab: Lab, node: LabNode): Promise<boolean> {
  return (await initPid(lab, node)) !== undefined;
}

/** Runs a command on a node from the host, without SSH: the lab's own back door, which Holdfast never uses. */
export async function inside(
  lab: Lab,
  node: LabNode,
  command: string,
  options: ShellOptions = {},
): Promise<string> {
  const init = await initPid(lab, node);
  if (init === undefined) throw new LabError(`${node.name} of lab "${lab.name}" has no power`);
  const enter = ['--target', String(init), '--all', '--', '/bin/sh', '-c', command];
  return run('nsenter', enter, { timeoutMs: 60_000, ...options });
}

/** Removes a node's files. Its power must be off. */
export async function discard(lab: Lab, node: LabNode): Promise<void> {
  const folders = nodeFolders(lab, node);
  for (const one of Object.values(folders) as string[])
    await rm(one, { recursive: true, force: true });
}

/** The first process of a node, as the host numbers it. */
export async function initPid(lab: Lab, node: LabNode): Promise<number | undefined> {
  const nspawn = await nspawnPid(lab, node);
  if (nspawn === undefined) return undefined;
  const children = await readFile(`/proc/${nspawn}/task/${nspawn}/children`, 'utf8').catch(
    () => '',
  );
  const first = Number(children.trim().split(' ')[0]);
  return first > 0 ? first : undefined;
}

/** Found by its arguments rather than by a file with its number, which would outlive it. */
async function nspawnPid(lab: Lab, node: LabNode): Promise<number | undefined> {
  const wanted = `--machine=${hostNames(lab, node).machine}`;
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (args[0]?.endsWith('systemd-nspawn') === true && args.includes(wanted)) return Number(pid);
  }
  return undefined;
}

async function untilStarted(lab: Lab, node: LabNode): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  while ((await initPid(lab, node)) === undefined) {
    if (performance.now() > deadline) {
      throw new LabError(
        `${hostNames(lab, node).machine} does not start within ${startTimeoutMs / 1000} s; see ${nodeFolders(lab, node).console}`,
      );
    }
    await delay(20);
  }
}

/** The number of the disk that is mounted there. */
async function deviceOf(mountPoint: string): Promise<string> {
  const columns = ['--noheadings', '--output', 'MAJ:MIN', '--mountpoint', mountPoint];
  return (await run('findmnt', columns)).trim();
}

async function untilGone(lab: Lab, node: LabNode): Promise<void> {
  const deadline = performance.now() + endTimeoutMs;
  while ((await nspawnPid(lab, node)) !== undefined) {
    if (performance.now() > deadline) {
      throw new LabError(
        `${hostNames(lab, node).machine} does not end within ${endTimeoutMs / 1000} s after SIGKILL`,
      );
    }
    await delay(20);
  }
}

/** One for each node of each lab: without it all nodes get the same machine-id. */
function machineId(lab: Lab, node: LabNode): string {
  const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');
  return `486f6c64-6661-4000-8000-${hex(lab.slot, 4)}${hex(node.index, 8)}`;
}
