import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Result } from '../model/result.ts';
import { phaseOf } from '../plan/plan.ts';

/** The compiled program, as its users run it. */
const program = resolve(import.meta.dirname, '..', '..', 'bin', 'holdfast.js');

/** What came of running the program. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program at work; `ended` never rejects. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  /** Resolves when it has printed such a text on standard error; rejects if it ends before. */
  readonly says: (text: string) => Promise<void>;
}

/** A run of this seed has its first step at once: one of another waits for up to half a minute in its steady state. */
export const soonSeed = Array.from({ length: 1000 }, (_, seed) => seed).find(
  (seed) => phaseOf(seed) < 500,
)!;

/** Starts the program with some arguments. */
export function startHoldfast(args: readonly string[]): Running {
  const child = spawn(process.execPath, ['--max-semi-space-size=2', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<Ran>((done) => {
    child.on('close', (code) => done({ code, stdout, stderr }));
  });
  const says = (text: string): Promise<void> =>
    new Promise((done, fail) => {
      const look = (): void => {
        if (!stderr.includes(text)) return;
        child.stderr.off('data', look);
        done();
      };
      child.stderr.on('data', look);
      look();
      void ended.then(() => fail(new Error(`it ended and never said "${text}":\n${stderr}`)));
    });
  return { child, ended, says };
}

/** Runs the program to its end. */
export function holdfast(...args: readonly string[]): Promise<Ran> {
  return startHoldfast(args).ended;
}

/** A new folder for reports. */
export function newReports(): string {
  return mkdtempSync(join(tmpdir(), 'holdfast-test-'));
}

/** The result of the only run in a folder of reports. */
export function resultIn(reports: string): Result {
  const [run] = readdirSync(reports).filter((name) => name !== 'latest');
  const file = join(reports, run ?? '', 'result.json');
  if (!existsSync(file)) throw new Error(`no result in ${reports}`);
  return JSON.parse(readFileSync(file, 'utf8')) as Result;
}
