import { realpathSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { conductTrials } from '../campaign/conduct-trials.ts';
import { campaignResult, gamedayResult, type Folding } from '../campaign/fold.ts';
import {
  addFinished,
  isCampaign,
  readCampaign,
  readDone,
  writeEnded,
  forgetEnded,
  CampaignFolderError,
  type DoneTrial,
  type Compared,
  type StoredCampaign,
} from '../campaign/folder.ts';
import {
  addToHistory,
  entryOf,
  historyFile,
  readHistory,
  type HistoryEntry,
} from '../campaign/history.ts';
import { compareSides, sidesOf } from '../campaign/radar.ts';
import type { Ended } from '../campaign/stop.ts';
import type { Agenda, PlannedTrial } from '../model/agenda.ts';
import type { CampaignResult, GamedayResult } from '../model/campaign-result.ts';
import type { Claim } from '../model/claim.ts';
import { countOf } from '../model/countof.ts';
import { campaignJunit } from '../report/campaign-junit.ts';
import { campaignPage } from '../report/campaign-page.ts';
import { gamedayPage } from '../report/gameday-page.ts';
import { pageAsMarkdown, pageAsText, type Block } from '../report/page.ts';
import { colorsFor } from '../report/terminal.ts';
import { trialsView } from '../report/trials-view.ts';
import { claims } from '../claims/table.ts';
import { readScenario } from '../read/scenario.ts';
import { sayProblem } from '../read/problem.ts';
import { CommandError, loadCluster, tables, type ScenarioText } from './context.ts';
import { untilRecovered } from './recovered.ts';
import { run, type RunOptions } from './run-once.ts';

export type TrialsResult = CampaignResult | GamedayResult;

/** Of the trials that are begun now; what they are is in the agenda. */
export type AgendaOptions = Pick<RunOptions, 'grace' | 'takeOver'>;

/** Claims whose failure ends a campaign, as nothing may be broken on top of it. */
const safety: ReadonlySet<string> = new Set(
  Object.entries(claims as Readonly<Record<string, Pick<Claim, 'failureStands'>>>)
    .filter(([, claim]) => claim.failureStands === true)
    .map(([name]) => name),
);

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

/** Goes on with a campaign or a game day, whichever a folder holds. */
export async function resumeTrials(folder: string, options: AgendaOptions): Promise<TrialsResult> {
  if (!isCampaign(folder))
    throw new CommandError(
      'usage',
      `${folder} holds no campaign and no game day; --resume needs the folder of one, which has an agenda.json`,
    );
  return conductAgenda(realpathSync(folder), options);
}

/** Does all trials of a stored agenda that are not over yet. */
export async function conductAgenda(folder: string, options: AgendaOptions): Promise<TrialsResult> {
  const { agenda, done: before } = loadCampaign(folder);
  const cluster = loadCluster(agenda.cluster.file);
  if (cluster.clusterId !== agenda.cluster.id)
    throw new CommandError(
      'refused',
      `these trials are of cluster ${agenda.cluster.id}, and ${agenda.cluster.file} is ${cluster.clusterId}`,
    );
  const file = historyFile(dirname(folder), { name: cluster.name, id: cluster.clusterId });
  const scenarios = new Map(agenda.scenarios.map((one) => [one.name, scenarioIn(one)]));
  const view = trialsView(process.stderr, process.env);
  const done = [...before];
  if (before.length > 0)
    view.say(
      `going on with ${agenda.run}: ${before.length} of ${countOf(agenda.trials.length, 'trial')} are done`,
    );
  forgetEnded(folder);
  addMissing(file, agenda, before);
  const ended = await conductTrials({
    agenda,
    done: before.map((trial) => ({ trial, result: trial.result })),
    safety,
    recovered: (atMostMs) => untilRecovered(cluster, atMostMs),
    run: (trial) =>
      run(scenarioOf(trial, scenarios), optionsOf(trial, folder, agenda, options), view.trial),
    finished: (trial) => {
      addFinished(folder, trial);
      const one = readDone(folder, trial);
      done.push(one);
      addToHistory(file, entryOf(agenda.run, one));
      // Whoever looks meanwhile, or after a kill, finds what there is.
      writeTrials(folder, fold(agenda, done, readCampaign(folder).ended));
    },
    say: ({ text, ...far }) => view.say(text, far),
    now: () => performance.now(),
  });
  view.close();
  const compared = compareWith(readHistory(file), agenda, done);
  writeEnded(folder, ended, compared);
  return finish(folder, fold(agenda, done, ended, compared));
}

/** Whoever was killed between two files has left the second one without the trial. */
function addMissing(file: string, { run }: Agenda, done: readonly DoneTrial[]): void {
  const known = new Set(readHistory(file).map((entry) => entry.run));
  for (const one of done) if (!known.has(one.run)) addToHistory(file, entryOf(run, one));
}

/** Writes the result of a campaign and shows it. */
export function finish(folder: string, result: TrialsResult): TrialsResult {
  writeTrials(folder, result);
  show(result, process.stderr, folder);
  return result;
}

/** Prints the page of a result. */
export function show(result: TrialsResult, stream: NodeJS.WriteStream, folder: string): void {
  const colors = colorsFor(stream, process.env);
  stream.write(pageAsText(pageOf(result), colors, stream.columns || 100));
  const where = relative(process.cwd(), folder) || '.';
  stream.write(`\nreport: ${where}/summary.md   exit ${result.exitCode}\n`);
  if (isOpen(result)) stream.write(`go on with: holdfast run --resume ${where}\n`);
}

/** Are there trials that could still be done? */
function isOpen(result: TrialsResult): boolean {
  const scenarios = result.kind === 'gameday' ? result.scenarios : [result];
  return scenarios.some(
    ({ outcome, asked, trials }) => outcome !== 'skipped' && trials.length < asked,
  );
}

/** The claims of each scenario against the earlier nights of a history. */
function compareWith(
  history: readonly HistoryEntry[],
  { run, scenarios }: Agenda,
  done: readonly DoneTrial[],
): Compared {
  const nights = scenarios.map(({ name }) => {
    const tonight = done.filter(({ scenario }) => scenario === name);
    return {
      scenario: name,
      ...sidesOf(
        history,
        tonight.map((one) => entryOf(run, one)),
      ),
    };
  });
  // Before there is a history, that there is none is no news.
  return compareSides(nights.filter(({ before }) => before.length > 0));
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

function pageOf(result: TrialsResult): readonly Block[] {
  return result.kind === 'gameday' ? gamedayPage(result) : campaignPage(result);
}

/** Writes the views of a result that are files. */
export function writeTrials(folder: string, result: TrialsResult): void {
  const files = {
    'result.json': `${JSON.stringify(result, null, 2)}\n`,
    'junit.xml': campaignJunit(result),
    'summary.md': pageAsMarkdown(pageOf(result)),
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, `${name}.new`), text);
    renameSync(join(folder, `${name}.new`), join(folder, name));
  }
}

/** As it was when the campaign began, whatever its file says now. */
function scenarioIn({ file, text }: Agenda['scenarios'][number]): ScenarioText {
  const read = readScenario(text, file, tables);
  if ('problems' in read) throw new CommandError('usage', read.problems.map(sayProblem).join('\n'));
  return { scenario: read.scenario, text, file };
}

function scenarioOf(
  { scenario }: PlannedTrial,
  scenarios: ReadonlyMap<string, ScenarioText>,
): ScenarioText {
  const found = scenarios.get(scenario);
  if (found === undefined) throw new Error(`no scenario "${scenario}" in the agenda`);
  return found;
}

function optionsOf(
  { seed }: PlannedTrial,
  folder: string,
  agenda: Agenda,
  options: AgendaOptions,
): RunOptions {
  return { ...options, cluster: agenda.cluster.file, seed, reports: folder };
}
