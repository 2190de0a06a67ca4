/** A lab of the trust suite's own, and runs on it as a person makes them. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { clusterFile } from '../../../lab/clusterfile.ts';
import { defaultWish, down, reset, up, type ResetWish } from '../../../lab/lab.ts';
import { progressOn } from '../../../lab/progress.ts';
import type { Lab } from '../../../lab/topology.ts';
import { startHoldfast, type Running } from '../../holdfast.ts';

/** Not the lab that a person works with. */
const name = 'trust';

/** Those that have not ended. */
const underWay = new Set<Running>();

/** Brings the lab up, pristine, and takes it down again whatever happens, after all that was started on it has ended. */
export async function withLab<T>(wish: ResetWish, work: (lab: Lab) => Promise<T>): Promise<T> {
  const progress = progressOn(process.stderr);
  await up({ ...defaultWish, name }, progress);
  try {
    return await work(await reset(name, progress, wish));
  } finally {
    await Promise.all([...underWay].map(interrupted));
    await down(name, progress);
  }
}

async function interrupted({ child, ended }: Running): Promise<void> {
  // One that was stopped hears nothing.
  child.kill('SIGCONT');
  child.kill('SIGINT');
  await ended;
}

/** A run that has been started. */
export interface Run extends Running {
  /** Its folder; there once the run has said its first word. */
  readonly folder: () => string;
}

/** The folder for the runs of a part of the suite, empty. */
export function reportsOf(part: string): string {
  const folder = resolve('reports', 'trust', part);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Starts a scenario of this folder on the lab.
 * @param reports each run has one for itself
 */
export function startRun(scenario: string, lab: Lab, reports: string): Run {
  const file = new URL(`${scenario}.yaml`, import.meta.url).pathname;
  const running = startHoldfast([
    ...['run', file, '--cluster', clusterFile(lab.name), '--reports', reports],
  ]);
  underWay.add(running);
  void running.ended.then(() => underWay.delete(running));
  const folder = (): string => {
    const [run] = readdirSync(reports).filter((one) => one !== 'latest');
    if (run === undefined) throw new Error(`${reports} holds no run`);
    return join(reports, run);
  };
  return { ...running, folder };
}
