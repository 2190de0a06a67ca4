import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build, upgradeLayer } from './build.ts';
import { usage } from './cgroup.ts';
import { writeClusterFile } from './clusterfile.ts';
import { LabError } from './error.ts';
import { prepareHost, unfitness } from './host.ts';
import { locked } from './lock.ts';
import { clearAway, discard, hasPower, powerOn } from './machine.ts';
import { monitorLayers, startMonitor } from './monitoring/monitor.ts';
import { makeBridge, removeBridge } from './network.ts';
import { labDir, labsDir } from './paths.ts';
import { platformOf, platforms } from './platforms.ts';
import { pristineLayers, restorePristine } from './pristine.ts';
import type { Progress } from './progress.ts';
import {
  hostNames,
  kubernetesNodes,
  layOut,
  machinesOf,
  type Lab,
  type LabNode,
  type Profile,
  type Shape,
} from './topology.ts';
import { clusterId, untilServing } from './wait.ts';

/** What a person asks of `lab up`. */
export interface LabWish extends Shape {
  readonly name: string;
}

export const defaultWish: LabWish = {
  name: 'lab',
  platform: 'microk8s',
  ...platforms.microk8s.size,
  profile: 'tuned',
};

/** How a lab's nodes are, for `lab status`. */
export interface NodeStatus {
  readonly node: LabNode;
  readonly power: boolean;
  readonly rssBytes: number;
}

/**
 * Brings a lab up, or does nothing if it is up as wished: builds what is not built, restores the prepared cluster, and
 * waits until it serves. Safe to interrupt and to start again.
 * @throws LabError if this machine cannot carry it, or if a lab of that name but of another make is up
 */
export async function up(wish: LabWish, progress: Progress): Promise<Lab> {
  const { places } = platformOf(wish);
  const because = await unfitness(machinesOf(layOut(wish.name, 0, wish, places)).length);
  if (because !== undefined) throw new UnfitError(because);
  await prepareHost(progress);
  return locked(labLock(wish.name), progress.say, async () => {
    const present = await find(wish.name);
    if (present !== undefined && (await isWhole(present))) {
      if (await serves(present, progress)) {
        const lab = agreesWith(present, wish);
        // What it says may be of another version or another place of this program.
        await writeClusterFile(lab, await allStoredLayers(lab), await clusterId(lab));
        return lab;
      }
    }
    // Half up, or left by a host that lost its processes: nothing of it can be trusted.
    if (present !== undefined) await takeDown(present);
    const slot = present?.slot ?? (await freeSlot());
    const lab = layOut(wish.name, slot, wish, places);
    await store(lab);
    await startPristine(lab, progress);
    return lab;
  });
}

/** Whoever brings a lab up or down, or makes it anew, holds this file. */
export function labLock(name: string): string {
  return join(labsDir, `${name}.lock`);
}

/** What a lab may be made other by, when it is made pristine again. */
export interface ResetWish {
  readonly profile?: Profile;
  readonly trace?: boolean;
  readonly upgraded?: boolean;
}

/** Makes a lab pristine again: all its nodes lose their power and start from the prepared cluster. */
export async function reset(name: string, progress: Progress, wish: ResetWish = {}): Promise<Lab> {
  const present = await get(name);
  const profile = wish.profile ?? present.profile;
  const { profiles, upgrade } = platformOf(present);
  if (!profiles.includes(profile)) {
    throw new LabError(
      `${present.platform} has no profile "${profile}"; it has ${profiles.join(', ')}`,
    );
  }
  if (wish.upgraded === true && upgrade === undefined)
    throw new LabError(`${present.platform} has nothing newer in the lab to upgrade to`);
  const lab: Lab = {
    ...present,
    profile,
    trace: wish.trace ?? false,
    upgraded: wish.upgraded ?? false,
  };
  return locked(labLock(name), progress.say, async () => {
    await Promise.all(machinesOf(lab).map((node) => clearAway(lab, node)));
    await store(lab);
    await startPristine(lab, progress);
    return lab;
  });
}

/** Removes all of a lab: processes, mounts, groups, network, files. What was built stays in the cache. */
export async function down(name: string, progress: Progress): Promise<void> {
  const lab = await get(name);
  await locked(labLock(name), progress.say, () =>
    progress.step('taking the lab down', async () => {
      await takeDown(lab);
      await rm(labDir(name), { recursive: true, force: true });
    }),
  );
}

export async function status(name: string): Promise<readonly NodeStatus[]> {
  const lab = await get(name);
  return Promise.all(
    machinesOf(lab).map(async (node) => {
      const power = await hasPower(lab, node);
      const rssBytes = power ? (await usage(hostNames(lab, node).cgroup)).rssBytes : 0;
      return { node, power, rssBytes };
    }),
  );
}

/** Memory of all nodes now, and their share of this machine's processors over some time. */
export async function usageOver(
  name: string,
  forMs: number,
): Promise<{ rssBytes: number; cpuShare: number }> {
  const lab = await get(name);
  const look = (): Promise<{ rssBytes: number; cpuMs: number }[]> =>
    Promise.all(lab.nodes.map((node) => usage(hostNames(lab, node).cgroup)));
  const before = await look();
  const since = performance.now();
  await delay(forMs);
  const after = await look();
  const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);
  const cpuMs = sum(after.map(({ cpuMs }) => cpuMs)) - sum(before.map(({ cpuMs }) => cpuMs));
  return {
    rssBytes: sum(after.map(({ rssBytes }) => rssBytes)),
    cpuShare: cpuMs / (performance.now() - since) / availableParallelism(),
  };
}

/** The lab of that name. @throws LabError if there is none */
export async function get(name: string): Promise<Lab> {
  const lab = await find(name);
  if (lab !== undefined) return lab;
  const others = (await all()).map((one) => one.name).join(', ');
  throw new LabError(
    `there is no lab "${name}" on this machine (${others === '' ? 'there is none at all' : `there are: ${others}`}); bring it up: holdfast lab up --name ${name}`,
  );
}

export function nodeOf(lab: Lab, name: string): LabNode {
  const node = machinesOf(lab).find((one) => one.name === name);
  if (node !== undefined) return node;
  throw new LabError(
    `lab "${lab.name}" has no node "${name}"; it has ${machinesOf(lab)
      .map((one) => one.name)
      .join(', ')}`,
  );
}

/** A kubelet renews its Lease every ten seconds; one that is older than this has stopped. */
const leaseMs = 40_000;
/** A lab that is up and whole serves at once, or within the time of a restart of its services. */
const wholeTimeoutMs = 30_000;

/** This machine cannot carry a lab: the command ends with "unreachable" rather than as a defect. */
export class UnfitError extends LabError {}

async function startPristine(lab: Lab, progress: Progress): Promise<void> {
  const built = await build(lab, progress);
  await restorePristine(lab, built, progress);
  const { monitor } = lab;
  const above = monitor === undefined ? [] : await monitorLayers(built, progress);
  const newer = lab.upgraded ? [await upgradeLayer(lab, progress)] : [];
  const ofNodes = await pristineLayers(lab, built);
  const layers = (name: string): readonly string[] =>
    name === monitor?.name ? above : [...newer, ...ofNodes(name)];
  const since = Date.now();
  await progress.step('all nodes boot and serve', async () => {
    await makeBridge(lab);
    await storeLayers(lab, layers);
    await Promise.all(lab.nodes.map((node) => powerOn(lab, node, layers(node.name))));
    await untilServing(lab, since);
  });
  if (monitor !== undefined)
    await progress.step('Prometheus and Alertmanager start', () =>
      startMonitor(lab, monitor, above),
    );
  await writeClusterFile(lab, layers, await clusterId(lab));
}

async function takeDown(lab: Lab): Promise<void> {
  await Promise.all(
    machinesOf(lab).map(async (node) => {
      await clearAway(lab, node);
      await discard(lab, node);
    }),
  );
  await removeBridge(lab);
}

/** All nodes have power and the cluster file is written, which is the last but the waiting. */
async function isWhole(lab: Lab): Promise<boolean> {
  const powered = await Promise.all(machinesOf(lab).map((node) => hasPower(lab, node)));
  return powered.every(Boolean) && existsSync(join(labDir(lab.name), 'cluster.yaml'));
}

async function serves(lab: Lab, progress: Progress): Promise<boolean> {
  try {
    await untilServing(lab, Date.now() - leaseMs, wholeTimeoutMs);
    return true;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    progress.say(`lab "${lab.name}" is up but does not serve (${error.message}); starting it anew`);
    return false;
  }
}

function agreesWith(lab: Lab, wish: LabWish): Lab {
  const controlPlanes = lab.nodes.filter((node) => node.role === 'control-plane').length;
  const workers = kubernetesNodes(lab).length - controlPlanes;
  const monitoring = lab.monitor !== undefined && ({ monitoring: true } as const);
  const has = sayShape({ ...lab, controlPlanes, workers, ...monitoring });
  const wanted = sayShape(wish);
  if (has === wanted) return lab;
  throw new LabError(
    `lab "${lab.name}" is up with ${has}, and ${wanted} was asked for; ` +
      `take it down first (holdfast lab down --name ${lab.name}) or use another --name`,
  );
}

function sayShape({ platform, controlPlanes, workers, profile, etcd, monitoring }: Shape): string {
  const places = etcd === undefined ? '' : `, etcd ${etcd}`;
  return `${platform}, ${controlPlanes} control planes, ${workers} workers, profile ${profile}${places}${monitoring ? ', monitoring' : ''}`;
}

/** What a node stands on is written down when it first boots: what would be built today may be something else. */
async function storeLayers(lab: Lab, layers: (node: string) => readonly string[]): Promise<void> {
  const all = Object.fromEntries(machinesOf(lab).map(({ name }) => [name, layers(name)]));
  await writeFile(layersFile(lab), JSON.stringify(all, null, 2));
}

/** The layers that a node of a lab stands on. @throws LabError if it has never booted */
export async function storedLayers(lab: Lab, { name }: LabNode): Promise<readonly string[]> {
  return (await allStoredLayers(lab))(name);
}

async function allStoredLayers(lab: Lab): Promise<(node: string) => readonly string[]> {
  const text = await readFile(layersFile(lab), 'utf8').catch(() => '{}');
  const all = JSON.parse(text) as Readonly<Record<string, readonly string[]>>;
  return (node) => {
    const layers = all[node];
    if (layers !== undefined) return layers;
    throw new LabError(
      `lab "${lab.name}" has never booted; bring it up: holdfast lab up --name ${lab.name}`,
    );
  };
}

function layersFile(lab: Lab): string {
  return join(labDir(lab.name), 'layers.json');
}

async function store(lab: Lab): Promise<void> {
  await mkdir(labDir(lab.name), { recursive: true });
  await writeFile(join(labDir(lab.name), 'lab.json'), JSON.stringify(lab, null, 2));
}

/** The lab of that name, if there is one; it may be half up. */
export async function find(name: string): Promise<Lab | undefined> {
  const file = join(labDir(name), 'lab.json');
  if (!existsSync(file)) return undefined;
  // A lab that was made before there was a choice says nothing of its platform.
  const before = { platform: 'microk8s', ...platforms.microk8s.places };
  return { ...before, ...(JSON.parse(await readFile(file, 'utf8')) as Lab) };
}

/** All labs of this machine. */
export async function all(): Promise<readonly Lab[]> {
  const names = existsSync(labsDir) ? await readdir(labsDir) : [];
  const labs = await Promise.all(names.map(find));
  return labs.filter((lab) => lab !== undefined);
}

async function freeSlot(): Promise<number> {
  const taken = new Set((await all()).map((lab) => lab.slot));
  for (let slot = 0; slot < 100; slot++) if (!taken.has(slot)) return slot;
  throw new LabError(
    'there are a hundred labs on this machine; take one down: holdfast lab down --name NAME',
  );
}
