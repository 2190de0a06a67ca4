import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { clusterFile } from '../lab/clusterfile.ts';
import { defaultWish, down, usageOver, reset, up } from '../lab/lab.ts';
import { progressOn } from '../lab/progress.ts';
import type { Result } from '../model/result.ts';
import { readStoredRun } from '../run/stored.ts';

const starts = 7;
const idleS = 30;
const warmUpS = 30;
const program = resolve(import.meta.dirname, '..', '..', 'bin', 'holdfast.js');

/** `holdfast bench`: what the lab and the harness cost on this machine. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('measure the lab and the harness on this machine; takes about four minutes')
    .action(async () => {
      const progress = progressOn(process.stderr);
      const { name } = defaultWish;
      // The prepared cluster must be there before the time is taken.
      await up(defaultWish, progress);
      await reset(name, progress);
      await down(name, progress);
      print(
        'lab up from the prepared cluster, until it serves',
        'at most 20 s',
        `${await seconds(() => up(defaultWish, progress))} s`,
      );
      print(
        'lab reset, until it serves',
        'at most 20 s',
        `${await seconds(() => reset(name, progress))} s`,
      );
      await delay(warmUpS * 1000);
      const { rssBytes, cpuShare } = await usageOver(name, idleS * 1000);
      print(
        'memory of the nodes, idle',
        'at most 2.30 GiB',
        `${(rssBytes / 2 ** 30).toFixed(2)} GiB`,
      );
      const ofTwo = (cpuShare * availableParallelism() * 100) / 2;
      print(
        `processor of the nodes, idle for ${idleS} s`,
        'at most 15 % of two cores',
        `${ofTwo.toFixed(1)} %`,
      );
      print('start to first line, median of 7', 'at most 1000 ms', `${await firstLine()} ms`);
      await oneRun(name);
    });
}

/** One run of leader-loss, watched from outside. */
async function oneRun(lab: string): Promise<void> {
  const reports = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const args = ['run', 'leader-loss', '--cluster', clusterFile(lab), '--reports', reports];
  const child = spawn(process.execPath, ['--max-semi-space-size=2', program, ...args], {
    stdio: 'ignore',
  });
  let peakKiB = 0;
  const watch = setInterval(() => {
    // The kernel keeps the high-water mark; the process takes it along when it ends.
    peakKiB = Math.max(peakKiB, highWater(child.pid));
  }, 200);
  const since = performance.now();
  await once(child, 'exit');
  clearInterval(watch);
  const tookMs = performance.now() - since;
  const [run = ''] = readdirSync(reports).filter((one) => one !== 'latest');
  const result = JSON.parse(readFileSync(join(reports, run, 'result.json'), 'utf8')) as Result;
  const own = ownWaitsMs(join(reports, run));
  print('leader-loss', 'pass', result.outcome);
  print(
    'its time beyond phase, waits and recovery',
    'at most 30.0 s',
    `${((tookMs - own) / 1000).toFixed(1)} s of ${(tookMs / 1000).toFixed(1)} s`,
  );
  print(
    'memory of the harness, high-water mark',
    'at most 150 MB',
    `${((peakKiB * 1024) / 1e6).toFixed(0)} MB`,
  );
  print(
    'processor of the harness, sampling',
    'at most 20 % of a core',
    `${result.harness?.cpuPercent ?? 0} %`,
  );
  print('slots missed', '', `${result.harness?.missedSlots ?? 0} of ${result.harness?.slots ?? 0}`);
}

/** What a run of a scenario waits by its own will: the random phase, its steps from fault to healing, and recovery. */
function ownWaitsMs(folder: string): number {
  const { plan, events } = readStoredRun(folder);
  const faults = events.filter((event) => event.type === 'fault');
  const at = (state: string): number => faults.find((event) => event.state === state)?.at ?? 0;
  const phases = events.filter((event) => event.type === 'phase');
  const settle = phases.findIndex(({ phase }) => phase === 'settle');
  const recovery = (phases[settle + 1]?.at ?? 0) - (phases[settle]?.at ?? 0);
  return plan.phaseMs + (at('undone') - at('bit')) + recovery;
}

function highWater(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  } catch {
    // It has ended since.
    return 0;
  }
}

async function firstLine(): Promise<number> {
  const all: number[] = [];
  for (let i = 0; i < starts; i++) {
    const since = performance.now();
    const child = spawn(process.execPath, [program, 'run'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    all.push(performance.now() - since);
    await once(child, 'exit');
  }
  return Math.round(all.sort((a, b) => a - b)[Math.floor(starts / 2)] ?? 0);
}

async function seconds(work: () => Promise<unknown>): Promise<string> {
  const since = performance.now();
  await work();
  return ((performance.now() - since) / 1000).toFixed(1);
}

function print(what: string, wanted: string, is: string): void {
  console.log(`${what.padEnd(52)} ${is.padStart(18)}   ${wanted}`);
}
