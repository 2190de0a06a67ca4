import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from './error.ts';

const root = '/sys/fs/cgroup';
const controllers = ['blkio', 'cpu', 'cpuacct', 'cpuset', 'devices', 'freezer', 'memory', 'pids'];
// systemd tracks its units in these two. Without a group of its own in them, each node's would tidy away the others'.
const trackers = ['systemd', 'unified'];
const killAttempts = 100;
const killPauseMs = 20;

/** Does the host have the unified hierarchy alone? (That path is written by the book and has not been run.) */
export function isV2(): boolean {
  return existsSync(join(root, 'cgroup.controllers'));
}

/** A node's own folder in each hierarchy. */
function folders(group: string): readonly string[] {
  if (isV2()) return [join(root, group)];
  return [...controllers, ...trackers]
    .filter((hierarchy) => existsSync(join(root, hierarchy)))
    .map((hierarchy) => join(root, hierarchy, group));
}

/** Makes a node's groups and returns the files to which a process writes its pid to be in them. */
export async function makeGroups(group: string): Promise<readonly string[]> {
  const made = folders(group);
  for (const folder of made) {
    await mkdir(folder, { recursive: true });
    // A new cpuset has no processors and no memory: nothing may enter it until it has.
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      const own = join(folder, file);
      if (!isV2() && existsSync(own))
        await writeFile(own, await readFile(join(folder, '..', file)));
    }
  }
  return made.map((folder) => join(folder, 'cgroup.procs'));
}

/**
 * Lets the processes of a node write only so often a second to a disk; a group made anew has no limit.
 * @param device its number, as major:minor
 */
export async function limitWrites(group: string, device: string, iops: number): Promise<void> {
  if (isV2()) {
    await writeFile(join(root, 'cgroup.subtree_control'), '+io');
    await writeFile(join(root, group, 'io.max'), `${device} wiops=${iops}`);
    return;
  }
  const file = join(root, 'blkio', group, 'blkio.throttle.write_iops_device');
  await writeFile(file, `${device} ${iops}`);
}

/**
 * Ends whatever still runs in a node's groups by SIGKILL and removes them, the deepest first.
 * @throws LabError if something does not end within two seconds
 */
export async function removeGroups(group: string): Promise<void> {
  for (const folder of folders(group)) {
    if (!existsSync(folder)) continue;
    const tree = await below(folder);
    await endAll(tree);
    for (const one of tree) await rmdir(one).catch(ignoreMissing);
  }
}

/** Resident memory of all in a node's group, bytes, and processor time used so far, milliseconds. */
export async function usage(group: string): Promise<{ rssBytes: number; cpuMs: number }> {
  if (isV2()) {
    const folder = join(root, group);
    return {
      rssBytes: field(await readFile(join(folder, 'memory.stat'), 'utf8'), 'anon'),
      cpuMs: field(await readFile(join(folder, 'cpu.stat'), 'utf8'), 'usage_usec') / 1000,
    };
  }
  const memory = await readFile(join(root, 'memory', group, 'memory.stat'), 'utf8');
  const cpu = await readFile(join(root, 'cpuacct', group, 'cpuacct.usage'), 'utf8');
  return { rssBytes: field(memory, 'total_rss'), cpuMs: Number(cpu) / 1e6 };
}

function field(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}

/** A folder and all below it, the deepest first. */
async function below(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const inner = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map((entry) => below(join(folder, entry.name))),
  );
  return [...inner.flat(), folder];
}

async function endAll(tree: readonly string[]): Promise<void> {
  for (let attempt = 0; attempt < killAttempts; attempt++) {
    const pids = (
      await Promise.all(
        tree.map((one) => readFile(join(one, 'cgroup.procs'), 'utf8').catch(() => '')),
      )
    )
      .join('\n')
      .split('\n')
      .filter((pid) => pid !== '' && pid !== '0');
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It ended between the reading and the killing: that is what is wanted.
      }
    }
    await delay(killPauseMs);
  }
  throw new LabError(
    `processes in ${tree.at(-1) ?? ''} do not end by SIGKILL; see \`cat ${tree.at(-1) ?? ''}/cgroup.procs\``,
  );
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
