import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Agenda, FinishedTrial } from '../model/agenda.ts';
import { countOf } from '../model/countof.ts';
import type { Configuration } from '../model/configuration.ts';
import type { Plan } from '../model/plan.ts';
import type { Result } from '../model/result.ts';
import type { ClaimComparison } from '../model/statistics.ts';
import type { Trend } from '../model/trend.ts';
import { configurationOf } from './configuration.ts';
import type { Ended } from './stop.ts';
import { appendLine, readLines } from './lines.ts';
import { writeWhole } from './whole-file.ts';

/** A folder that holds no campaign, or one that cannot be gone on with. */
export class CampaignFolderError extends Error {
  override readonly name = 'CampaignFolderError';
}

const agendaFile = 'agenda.json';
const trialsFile = 'trials.jsonl';
const endedFile = 'ended.json';

/** A campaign on disk: what it is to do, and which of its trials are over. */
export interface StoredCampaign {
  readonly agenda: Agenda;
  readonly finished: readonly FinishedTrial[];
  /** Why it ended before its last trial; nothing if it did not. */
  readonly ended: Ended;
  readonly compared: Compared;
  /** The nights up to this one; empty where there was no history. */
  readonly trends: readonly Trend[];
}

/** A finished trial with what came of it. */
export interface DoneTrial extends FinishedTrial {
  readonly result: Result;
  readonly configuration: Configuration;
  /** Names of the cluster's nodes. */
  readonly nodes: readonly string[];
}

/** Writes down what a campaign will do, before it does anything. */
export function writeAgenda(folder: string, agenda: Agenda): void {
  mkdirSync(folder, { recursive: true });
  writeWhole(join(folder, agendaFile), `${JSON.stringify(agenda, null, 2)}\n`);
}

/** Claims of each scenario against earlier nights. */
export type Compared = ReadonlyMap<string, readonly ClaimComparison[]>;

/**
 * Writes down why a campaign ended, or that it came to its end, and what the history said then: the same result and the
 * same page can be made of its folder where there is no history.
 */
export function writeEnded(
  folder: string,
  ended: Ended,
  compared: Compared,
  trends: readonly Trend[] = [],
): void {
  const stored: StoredEnd = { ended, compared: [...compared], trends };
  writeWhole(join(folder, endedFile), `${JSON.stringify(stored, null, 2)}\n`);
}

interface StoredEnd {
  readonly ended: Ended;
  readonly compared: readonly (readonly [string, readonly ClaimComparison[]])[];
  readonly trends?: readonly Trend[];
}

/** Takes that back, as it is gone on with. */
export function forgetEnded(folder: string): void {
  rmSync(join(folder, endedFile), { force: true });
}

/** Writes down that a trial is over; what came of it must be in its folder already. */
export function addFinished(folder: string, trial: FinishedTrial): void {
  appendLine(join(folder, trialsFile), trial);
}

/** Is it the folder of a campaign or of a game day, and not of a single run? */
export function isCampaign(folder: string): boolean {
  return existsSync(join(folder, agendaFile));
}

/** @throws CampaignFolderError if there is no campaign */
export function readCampaign(folder: string): StoredCampaign {
  const agenda = readJson(join(folder, agendaFile)) as Agenda;
  if ((agenda.schema as string) !== 'holdfast.dev/agenda/v1')
    throw new CampaignFolderError(
      `${join(folder, agendaFile)} is of ${JSON.stringify(agenda.schema)}, and this Holdfast knows holdfast.dev/agenda/v1`,
    );
  const finished = readLines(join(folder, trialsFile)).values as readonly FinishedTrial[];
  // A trial counts once, whatever became of the process that wrote it down.
  const byNumber = new Map(finished.map((trial) => [trial.number, trial]));
  const inOrder = [...byNumber.values()].sort((a, b) => a.number - b.number);
  return { agenda, finished: inOrder, ...endIn(folder, agenda, inOrder.length) };
}

/** One that is under way, or was killed, has no end. */
function endIn(
  folder: string,
  { trials }: Agenda,
  done: number,
): Pick<StoredCampaign, 'ended' | 'compared' | 'trends'> {
  const file = join(folder, endedFile);
  if (existsSync(file)) {
    const { ended, compared, trends = [] } = readJson(file) as StoredEnd;
    return { ended, compared: new Map(compared), trends };
  }
  const reason = `${done} of ${countOf(trials.length, 'trial')} are done: it is under way, or was killed and can be gone on with`;
  const ended: Ended = done < trials.length ? { stopped: { outcome: 'unknown', reason } } : {};
  return { ended, compared: new Map(), trends: [] };
}

/** Reads what came of a finished trial. @throws CampaignFolderError if its run is not there */
export function readDone(folder: string, trial: FinishedTrial): DoneTrial {
  const run = join(folder, trial.run);
  const plan = readJson(join(run, 'run.json')) as Plan;
  return {
    ...trial,
    result: readJson(join(run, 'result.json')) as Result,
    configuration: configurationOf(plan),
    nodes: plan.snapshot.nodes.map(({ name }) => name),
  };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const because = cause instanceof Error ? cause.message : String(cause);
    throw new CampaignFolderError(`${file} cannot be read: ${because}`, { cause });
  }
}
