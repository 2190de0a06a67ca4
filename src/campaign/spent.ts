import { join } from 'node:path';
import type { FinishedTrial } from '../model/agenda.ts';
import { appendLine, readLines } from './lines.ts';

const spentFile = 'spent.jsonl';

/** A line of it. */
interface Spent {
  /** Of the budget, since the very beginning; milliseconds. */
  readonly spentMs: number;
}

/** Writes down how much of the budget of a game day is spent. */
export function addSpent(folder: string, ms: number): void {
  const line: Spent = { spentMs: Math.round(ms) };
  appendLine(join(folder, spentFile), line);
}

/**
 * How much of the budget is spent; the time between an interruption and going on is no part of it.
 * @param finished where an older Holdfast wrote nothing down, what these took
 */
export function readSpent(folder: string, finished: readonly FinishedTrial[]): number {
  const last = readLines(join(folder, spentFile)).values.at(-1) as Spent | undefined;
  if (last !== undefined) return last.spentMs;
  return finished.reduce(
    (sum, { startedAt, finishedAt }) =>
      sum + Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)),
    0,
  );
}
