import { randomInt } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import { setTimeout as delay } from 'node:timers/promises';
import { takeFingerprint } from '../acts/fingerprint.ts';
import { surveyedWorld } from '../acts/surveyed-world.ts';
import { messageOf, type World } from '../acts/world.ts';
import { clusterFile } from '../lab/clusterfile.ts';
import { defaultWish, find, reset, up } from '../lab/lab.ts';
import { rejoin } from '../lab/network.ts';
import { progressOn } from '../lab/progress.ts';
import type { Lab } from '../lab/topology.ts';
import { openLinks } from '../links/open.ts';
import { resurvey, survey } from '../links/survey.ts';
import type { ClusterFile } from '../model/clusterfile.ts';
import { fingerprintDifferences } from '../model/fingerprint.ts';
import { unitsOf, type Snapshot } from '../model/snapshot.ts';
import { startClock } from '../run/clock.ts';
import { illness } from '../run/illness.ts';
import { loadCluster, tables } from './context.ts';
import { seedOption, wholeNumber } from './options.ts';
import { healed, killOne, type Killed, type Soaked } from './soak-kill.ts';
import { planAttempt } from './soak-plan.ts';

interface SoakOptions {
  readonly kills: number;
  readonly name: string;
  readonly seed?: number;
  readonly file?: string;
  readonly fault?: readonly string[];
}

const wellTimeoutMs = 120_000;
/** Attempts whose run ended before it could be killed count for nothing, and are bounded. */
const attemptsAKill = 3;

/**
 * `holdfast soak`: kills Holdfast at random instants and looks whether the lab is as it was. It knows labs by their
 * names and can be given no other cluster.
 */
export function soakCommand(): Command {
  return new Command('soak')
    .description(
      'kill Holdfast at random instants of every fault, on a lab, and see that every node comes back without a hand',
    )
    .option(
      '--kills <n>',
      'how many in all; the same command goes on where it was',
      wholeNumber,
      20,
    )
    .option('--name <name>', 'which lab', defaultWish.name)
    .option('--file <file>', 'one line a kill; default reports/soak-<name>.jsonl')
    .addOption(
      new Option('--fault <name...>', 'these faults alone').choices(Object.keys(tables.faults)),
    )
    .addOption(seedOption())
    .action(async (options: SoakOptions) => {
      const killed = await soak(options);
      summarise(killed);
      if (killed.some(isBad)) process.exitCode = 1;
    });
}

async function soak(options: SoakOptions): Promise<readonly Killed[]> {
  const file = options.file ?? join('reports', `soak-${options.name}.jsonl`);
  mkdirSync(dirname(file), { recursive: true });
  const killed = readKilled(file);
  const seed = options.seed ?? seedOf(file) ?? randomInt(2 ** 32);
  if (!existsSync(file)) appendFileSync(file, `${JSON.stringify({ seed })}\n`);
  console.error(`seed ${seed}, ${killed.filter(isKill).length} of ${options.kills} done, ${file}`);
  // One that there is already stays as it is, whatever its platform.
  const lab =
    (await find(options.name)) ??
    (await up({ ...defaultWish, name: options.name }, progressOn(process.stderr)));
  const faults = Object.fromEntries(
    Object.entries(tables.faults).filter(([name]) => options.fault?.includes(name) ?? true),
  );
  await rejoin(lab);
  let soaked = await open(lab);
  try {
    for (let number = killed.length; ; number++) {
      const done = killed.filter(isKill).length;
      if (done >= options.kills || number >= options.kills * attemptsAKill) return killed;
      const one = await killOne(planAttempt(seed, number, faults), soaked);
      killed.push(one);
      appendFileSync(file, `${JSON.stringify(one)}\n`);
      say(one);
      if (!(await isAsBefore(soaked))) {
        soaked.world.links.close();
        soaked = await open(await reset(lab.name, progressOn(process.stderr)));
      }
    }
  } finally {
    soaked.world.links.close();
  }
}

/** Opens a lab, begins with nothing of ours on it, and takes its fingerprint. */
async function open(lab: Lab): Promise<Soaked> {
  const cluster = loadCluster(clusterFile(lab.name));
  const { access, snapshot } = await survey(cluster);
  const world = surveyedWorld(cluster, snapshot, openLinks(access), startClock().now);
  const nodes = cluster.nodes.map(({ name }) => name);
  const units = unitsOf(snapshot);
  const looked = { units, folder: snapshot.datastore.folder };
  const bare = { lab, world, nodes, looked };
  const left = await healed({ ...bare, before: {} });
  if (left.length > 0) throw new Error(`the lab is not clean: ${left.join('; ')}`);
  await untilWell(cluster, world);
  const { fingerprint: before, problems } = await takeFingerprint(nodes, looked, world);
  if (problems.length > 0) throw new Error(problems.join('; '));
  return { ...bare, before };
}

/** Waits until the cluster is well again. @returns whether nothing of what was killed is left to be seen */
async function isAsBefore({ lab, world, nodes, looked, before }: Soaked): Promise<boolean> {
  try {
    await untilWell(loadCluster(clusterFile(lab.name)), world);
  } catch (error) {
    console.error(`the lab is not well: ${messageOf(error)}`);
    return false;
  }
  const { fingerprint, problems } = await takeFingerprint(nodes, looked, world);
  const found = [...problems, ...fingerprintDifferences(before, fingerprint)];
  for (const line of found) console.error(`  after heal --all: ${line}`);
  return found.length === 0;
}

async function untilWell(cluster: ClusterFile, { links, now }: World): Promise<void> {
  const end = now() + wellTimeoutMs;
  for (;;) {
    const found = await resurvey(cluster, links).catch(messageOf);
    const because = typeof found === 'string' ? found : sickness(found);
    if (because === undefined) return;
    if (now() > end) throw new Error(because);
    await delay(1000);
  }
}

function sickness(snapshot: Snapshot): string | undefined {
  const cordoned = snapshot.nodes.filter(({ schedulable }) => !schedulable);
  return illness(snapshot) ?? (cordoned.length > 0 ? 'a node is cordoned' : undefined);
}

function isKill({ outcome }: Killed): boolean {
  return outcome !== 'none';
}

function isBad({ outcome, left }: Killed): boolean {
  return outcome === 'not back' || left.length > 0;
}

function say(one: Killed): void {
  const { number, fault, after, killMs, cutBeforeMs, states, outcome, backMs, deadlineMs } = one;
  const cut = cutBeforeMs === undefined ? '' : `, network cut ${cutBeforeMs} ms before`;
  const back = backMs === undefined ? '' : ` after ${(backMs / 1000).toFixed(1)} s`;
  console.error(
    `#${number} ${fault}: killed ${killMs} ms after ${after}${cut}, ${states.at(-1) ?? 'nothing done'}; ` +
      `deadline ${(deadlineMs / 1000).toFixed(1)} s: ${outcome}${back}`,
  );
  for (const line of one.differences) console.error(`  ${line}`);
  for (const line of one.left) console.error(`  left: ${line}`);
}

/** A table with a line for each fault, and one for all. */
function summarise(killed: readonly Killed[]): void {
  const kills = killed.filter(isKill);
  const count = (some: readonly Killed[], is: (one: Killed) => boolean): number =>
    some.filter(is).length;
  for (const fault of Object.keys(tables.faults)) {
    const of = kills.filter((one) => one.fault === fault);
    const standing = count(
      of,
      ({ states }) => states.includes('fired') && !states.includes('gone'),
    );
    const worst = Math.max(0, ...of.map(({ backMs = 0, deadlineMs }) => backMs - deadlineMs));
    console.log(
      `${fault.padEnd(16)} ${count(of, ({ outcome }) => outcome === 'back')} of ${of.length} back, ${standing} killed while it stood, at the latest ${(worst / 1000).toFixed(1)} s after the deadline`,
    );
  }
  const cut = count(kills, ({ cutBeforeMs }) => cutBeforeMs !== undefined);
  const clean = count(kills, ({ left }) => left.length === 0);
  console.log(
    `${count(kills, ({ outcome }) => outcome === 'back')} of ${kills.length} clusters back without a hand, ${cut} of them with the network cut; ` +
      `heal --all left nothing after ${clean} of ${kills.length}; ${killed.length - kills.length} runs ended before they could be killed`,
  );
}

function readKilled(file: string): Killed[] {
  return linesOf(file)
    .slice(1)
    .map((line) => JSON.parse(line) as Killed);
}

function seedOf(file: string): number | undefined {
  const [first] = linesOf(file);
  return first === undefined ? undefined : (JSON.parse(first) as { seed: number }).seed;
}

function linesOf(file: string): readonly string[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text.split('\n').filter((line) => line !== '');
}
