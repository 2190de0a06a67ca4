import { join, relative } from 'node:path';
import { campaignResult, gamedayResult, type Folding } from '../campaign/fold.ts';
import {
  CampaignFolderError,
  readCampaign,
  readDone,
  writeAgenda,
  writeEnded,
  type Compared,
  type DoneTrial,
  type StoredCampaign,
} from '../campaign/folder.ts';
import type { Ended } from '../campaign/stop.ts';
import { writeWhole } from '../campaign/whole-file.ts';
import type { Agenda } from '../model/agenda.ts';
import type { CampaignResult, GamedayResult } from '../model/campaign-result.ts';
import type { Trend } from '../model/trend.ts';
import { campaignJunit } from '../report/campaign-junit.ts';
import { campaignPage } from '../report/campaign-page.ts';
import { gamedayPage } from '../report/gameday-page.ts';
import { metricsOf } from '../report/metrics.ts';
import { pageAsMarkdown, pageAsText, type Block } from '../report/page.ts';
import { scenariosIn, type TrialsBeside } from '../report/scenario-told.ts';
import { colorsFor } from '../report/terminal.ts';
import { writeTrialsAllure } from '../report/trials-allure.ts';
import { trialsHtml } from '../report/trials-html.ts';
import { readScenario } from '../read/scenario.ts';
import { CommandError, tables } from './context.ts';

export type TrialsResult = CampaignResult | GamedayResult;

/** A campaign that is stored in a folder. @throws CommandError if there is none */
export function loadCampaign(folder: string): StoredCampaign & { done: readonly DoneTrial[] } {
  try {
    const stored = readCampaign(folder);
    return { ...stored, done: stored.finished.map((trial) => readDone(folder, trial)) };
  } catch (error) {
    if (error instanceof CampaignFolderError) throw new CommandError('usage', error.message);
    throw error;
  }
}

/** Writes the result of a campaign that is over, with the Allure results, and shows it. */
export async function finish(
  folder: string,
  result: TrialsResult,
  beside: TrialsBeside,
): Promise<TrialsResult> {
  writeTrials(folder, result, beside);
  await writeTrialsAllure(folder, result);
  show(result, process.stderr, folder);
  return result;
}

/** Leaves the result of trials that could not begin, in place of that of earlier ones. @param agenda as far as it is known */
export function notBegun(
  folder: string,
  agenda: Agenda,
  { outcome, message }: CommandError,
): Promise<TrialsResult> {
  const ended = { stopped: { outcome, reason: message } };
  writeAgenda(folder, agenda);
  writeEnded(folder, ended, new Map());
  return finish(folder, fold(agenda, [], ended), besideOf(agenda));
}

/** Prints the page of a result. */
export function show(result: TrialsResult, stream: NodeJS.WriteStream, folder: string): void {
  const colors = colorsFor(stream, process.env);
  stream.write(pageAsText(pageOf(result), colors, stream.columns || 100));
  const where = relative(process.cwd(), folder) || '.';
  stream.write(`\nreport: ${where}/report.html   exit ${result.exitCode}\n`);
  if (isOpen(result)) stream.write(`go on with: holdfast run --resume ${where}\n`);
}

/** Are there trials that could still be done? */
function isOpen(result: TrialsResult): boolean {
  return scenariosIn(result).some(
    ({ outcome, asked, trials }) => outcome !== 'skipped' && trials.length < asked,
  );
}

/** The result of what has been done of an agenda. */
export function fold(
  agenda: Agenda,
  done: readonly DoneTrial[],
  ended: Ended,
  compared: Compared = new Map(),
): TrialsResult {
  const folding: Folding = {
    agenda,
    done,
    ended,
    finishedAt: done.at(-1)?.finishedAt ?? agenda.startedAt,
    compared,
  };
  return agenda.kind === 'gameday' ? gamedayResult(folding) : campaignResult(folding);
}

/** What a page tells beside the result: the scenarios in words, as they were when it began, and what the nights show. */
export function besideOf(agenda: Agenda, trends: readonly Trend[] = []): TrialsBeside {
  const words = agenda.scenarios.flatMap(({ name, text, file }) => {
    const read = readScenario(text, file, tables);
    // One that an older Holdfast knew is told by its name.
    return 'problems' in read ? [] : [[name, read.scenario] as const];
  });
  return { words: new Map(words), trends };
}

function pageOf(result: TrialsResult): readonly Block[] {
  return result.kind === 'gameday' ? gamedayPage(result) : campaignPage(result);
}

/** Writes the views of a result that are files. */
export function writeTrials(folder: string, result: TrialsResult, beside: TrialsBeside): void {
  const files = {
    'result.json': `${JSON.stringify(result, null, 2)}\n`,
    'junit.xml': campaignJunit(result),
    'metrics.prom': metricsOf(result),
    'summary.md': pageAsMarkdown(pageOf(result)),
    'report.html': trialsHtml(result, beside),
  };
  for (const [name, text] of Object.entries(files)) writeWhole(join(folder, name), text);
}
