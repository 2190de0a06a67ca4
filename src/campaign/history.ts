import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { claimName } from '../model/claim-name.ts';
import { durationOf } from '../model/claim-verdicts.ts';
import type { Configuration } from '../model/configuration.ts';
import type { Measured } from '../model/span.ts';
import type { ClaimOutcome } from '../model/verdict.ts';
import type { DoneTrial } from './folder.ts';
import { appendLine, readLines } from './lines.ts';

/** One trial in the history of a cluster: all that later nights are compared by. */
export interface HistoryEntry {
  readonly schema: 'holdfast.dev/history/v1';
  /** Id of the campaign or game day. */
  readonly night: string;
  /** Id of the run. */
  readonly run: string;
  readonly trial: number;
  /** ISO 8601, when it was over. */
  readonly at: string;
  readonly tookMs: number;
  readonly configuration: Configuration;
  readonly claims: readonly HistoryClaim[];
}

export interface HistoryClaim {
  readonly claim: string;
  readonly title: string;
  readonly outcome: ClaimOutcome;
  /** What it measured; absent if that is no duration. */
  readonly ms?: Measured;
}

/** The file of a cluster's history: one for each cluster, beside the runs. */
export function historyFile(reports: string, cluster: { name: string; id: string }): string {
  return join(reports, 'history', `${cluster.name}-${cluster.id.slice(0, 8)}.jsonl`);
}

/** A finished trial as an entry; without one, if it broke nothing. */
export function entryOf(night: string, done: DoneTrial): HistoryEntry {
  const { run, trial, finishedAt, startedAt, configuration, result } = done;
  const verdicts = result.trials[0]?.verdicts ?? [];
  return {
    schema: 'holdfast.dev/history/v1',
    night,
    run,
    trial,
    at: finishedAt,
    tookMs: Date.parse(finishedAt) - Date.parse(startedAt),
    configuration,
    claims: verdicts.map((verdict, index) => {
      const ms = durationOf(verdict);
      const { title, outcome } = verdict;
      return { claim: claimName(verdicts, index), title, outcome, ...(ms !== undefined && { ms }) };
    }),
  };
}

/** Appends a trial; what was appended stays, whatever happens afterwards. */
export function addToHistory(file: string, entry: HistoryEntry): void {
  mkdirSync(dirname(file), { recursive: true });
  appendLine(file, entry);
}

/** All trials of a cluster, the oldest first, each once; lines of another Holdfast or that are torn are left out. */
export function readHistory(file: string): readonly HistoryEntry[] {
  const entries = readLines(file).values.filter(isEntry);
  return [...new Map(entries.map((entry) => [entry.run, entry])).values()].sort((a, b) =>
    a.at < b.at ? -1 : 1,
  );
}

function isEntry(value: unknown): value is HistoryEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'schema' in value &&
    value.schema === 'holdfast.dev/history/v1'
  );
}
