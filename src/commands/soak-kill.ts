import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { leftovers } from '../acts/leftovers.ts';
import type { Looked } from '../acts/fingerprint-script.ts';
import { takeFingerprint } from '../acts/fingerprint.ts';
import type { World } from '../acts/world.ts';
import { clusterFile } from '../lab/clusterfile.ts';
import { cutOff, rejoin } from '../lab/network.ts';
import type { Lab } from '../lab/topology.ts';
import { fingerprintDifferences, type Fingerprint } from '../model/fingerprint.ts';
import type { FaultEvent } from '../model/timeline.ts';
import { lifetimeMs } from '../run/lifetime.ts';
import { readStoredRun } from '../run/stored.ts';
import { graceMs, type Attempt } from './soak-plan.ts';

/** What a soak reaches its lab by, and how the lab was at its begin. */
export interface Soaked {
  readonly lab: Lab;
  readonly world: World;
  readonly nodes: readonly string[];
  readonly looked: Looked;
  readonly before: Fingerprint;
}

/** What became of one kill; a line of the soak's file. */
export interface Killed extends Omit<Attempt, 'scenario'> {
  readonly at: string;
  /** *none*: the run ended before it could be killed. */
  readonly outcome: 'back' | 'not back' | 'none';
  /** The states of the fault when its run was killed. */
  readonly states: readonly string[];
  readonly undoBy?: string;
  /** From the kill until the nodes may have waited. */
  readonly deadlineMs: number;
  /** From the kill until all nodes were as before; absent if they were not in time. */
  readonly backMs?: number;
  /** What was not as before when the time was up. */
  readonly differences: readonly string[];
  /** What `heal --all` left, or how it ended if not well. */
  readonly left: readonly string[];
}

const program = resolve(import.meta.dirname, '..', '..', 'bin', 'holdfast.js');
/** After the deadline, where a fault does not say that it takes longer: services start again. */
const settleMs = 30_000;
const startTimeoutMs = 60_000;
const healTimeoutMs = 180_000;
const pollMs = 10;
const comparePauseMs = 1000;
/** A cut lasts so long after the kill, at the most: no word of the end of the harness comes to the nodes meanwhile. */
const cutAfterMs = 20_000;

/** Kills one run of a fault at its instant, waits, and compares. */
export async function killOne(attempt: Attempt, soaked: Soaked): Promise<Killed> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-soak-'));
  try {
    const run = start(attempt, folder, soaked.lab);
    const events = (): readonly FaultEvent[] => faultEvents(folder);
    const hit = (await untilKill(attempt, run, events)) && (await strike(attempt, run, soaked.lab));
    const killed = performance.now();
    const code = await run.ended;
    const seen = events();
    const intent = seen.find((event) => event.intent !== undefined)?.intent;
    const deadlineMs = hit ? waitOf(attempt, seen) : 0;
    const { scenario, ...planned } = attempt;
    const known = {
      ...planned,
      at: new Date().toISOString(),
      states: seen.map(({ state }) => state),
      ...(intent && { undoBy: intent.undoBy }),
      deadlineMs,
    };
    if (!hit) {
      const because = `exit ${code ?? 'none'} of ${JSON.stringify(scenario)}: ${run.said().slice(-600)}`;
      return { ...known, outcome: 'none', differences: [because], left: await healed(soaked) };
    }
    if (attempt.cutBeforeMs !== undefined) await delay(Math.min(deadlineMs, cutAfterMs));
    await rejoin(soaked.lab);
    const byHand = intent?.undoBy === 'journal' ? await healed(soaked) : [];
    const longest = Math.max(settleMs, intent?.goneWithinMs ?? 0);
    const differences = await untilBack(soaked, killed + deadlineMs + longest);
    const backMs = Math.round(performance.now() - killed);
    const left = [...byHand, ...(await healed(soaked))];
    const back = { outcome: 'back', backMs } as const;
    return {
      ...known,
      ...(differences.length === 0 ? back : { outcome: 'not back' }),
      differences,
      left,
    };
  } finally {
    await rejoin(soaked.lab);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `heal --all` leaves, or how it ended. */
export async function healed({ lab, nodes, world }: Soaked): Promise<readonly string[]> {
  const args = ['heal', '--all', '--take-over', '--cluster', clusterFile(lab.name)];
  const heal = launch(args);
  const timer = setTimeout(() => heal.kill(), healTimeoutMs);
  const code = await heal.ended;
  clearTimeout(timer);
  if (code !== 0) return [`heal --all: exit ${code ?? 'none'}: ${heal.said().slice(-600)}`];
  return leftovers(nodes, world);
}

interface Launched {
  /** Exit code; undefined if a signal ended it. */
  readonly ended: Promise<number | undefined>;
  readonly over: () => boolean;
  readonly kill: () => void;
  /** All that it printed. */
  readonly said: () => string;
}

function start({ scenario, seed }: Attempt, folder: string, lab: Lab): Launched {
  const file = join(folder, 'soak.yaml');
  writeFileSync(file, scenario);
  const where = ['--cluster', clusterFile(lab.name), '--reports', folder];
  return launch(['run', file, ...where, '--seed', `${seed}`, '--grace', `${graceMs}ms`]);
}

function launch(args: readonly string[]): Launched {
  const child = spawn(process.execPath, ['--max-semi-space-size=2', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | undefined>((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done(code ?? undefined));
  });
  return {
    ended,
    over: () => child.exitCode !== null || child.signalCode !== null,
    kill: () => void child.kill('SIGKILL'),
    said: () => said,
  };
}

/** Waits until what the kill counts from. @returns whether the run was still there then */
async function untilKill(
  { after }: Attempt,
  run: Launched,
  events: () => readonly FaultEvent[],
): Promise<boolean> {
  const end = performance.now() + startTimeoutMs;
  while (after === 'journaled' && events().length === 0) {
    if (run.over()) return false;
    if (performance.now() > end) {
      run.kill();
      return false;
    }
    await delay(pollMs);
  }
  return true;
}

/** Cuts the network, if that is planned, and kills the run at its instant. @returns whether it was still there */
async function strike({ killMs, cutBeforeMs }: Attempt, run: Launched, lab: Lab): Promise<boolean> {
  await delay(killMs - (cutBeforeMs ?? 0));
  if (cutBeforeMs !== undefined) {
    await cutOff(lab);
    await delay(cutBeforeMs);
  }
  if (run.over()) return false;
  run.kill();
  return true;
}

/** How long after the kill the nodes may still wait before they act by themselves; nobody waits for a person. */
function waitOf({ holdMs }: Attempt, events: readonly FaultEvent[]): number {
  const intent = events.find((event) => event.intent !== undefined)?.intent;
  const isGone = events.some(({ state }) => state === 'gone');
  if (intent === undefined || intent.undoBy === 'journal' || isGone) return 0;
  const later = [
    { kind: 'hold', id: 'hold', forMs: holdMs },
    { kind: 'heal', id: 'heal', step: 'all' },
  ] as const;
  return lifetimeMs(intent, later, '', true, graceMs);
}

/**
 * Looks until all nodes are as before and nothing on them waits to act, in two looks in a row, as a command that was on
 * its way may come late; or until the time is up. @returns what differs then
 */
async function untilBack(
  { before, looked, world, nodes }: Soaked,
  end: number,
): Promise<readonly string[]> {
  for (let seenBack = 0; ;) {
    const now = await takeFingerprint(nodes, looked, world);
    const found = [
      ...now.problems,
      ...fingerprintDifferences(before, now.fingerprint),
      ...(await leftovers(nodes, world)),
    ];
    seenBack = found.length === 0 ? seenBack + 1 : 0;
    if (seenBack === 2 || performance.now() > end) return found;
    await delay(comparePauseMs);
  }
}

function faultEvents(folder: string): readonly FaultEvent[] {
  const latest = join(folder, 'latest');
  if (!existsSync(join(latest, 'timeline.jsonl'))) return [];
  return readStoredRun(latest).events.filter((event) => event.type === 'fault');
}
