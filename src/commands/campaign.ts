import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { conductTrials } from '../campaign/conduct-trials.ts';
import {
  addFinished,
  isCampaign,
  readCampaign,
  readDone,
  writeEnded,
  forgetEnded,
  type DoneTrial,
  type Compared,
} from '../campaign/folder.ts';
import {
  addToHistory,
  entryOf,
  historyFile,
  readHistory,
  type HistoryEntry,
} from '../campaign/history.ts';
import { compareSides, sidesOf } from '../campaign/radar.ts';
import { addSpent, readSpent } from '../campaign/spent.ts';
import type { Ended } from '../campaign/stop.ts';
import { trendsUpTo } from '../campaign/trend.ts';
import type { Agenda, PlannedTrial } from '../model/agenda.ts';
import type { Claim } from '../model/claim.ts';
import type { ClusterFile } from '../model/clusterfile.ts';
import { countOf } from '../model/countof.ts';
import { formatMinutes } from '../model/minutes.ts';
import { trialsView } from '../report/trials-view.ts';
import { claims } from '../claims/table.ts';
import { readScenario } from '../read/scenario.ts';
import { sayProblem } from '../read/problem.ts';
import { CommandError, loadCluster, tables, type ScenarioText } from './context.ts';
import { whileLocked } from './lock.ts';
import { untilRecovered } from './recovered.ts';
import { run, type RunOptions } from './run-once.ts';
import { takeSignals } from './signals.ts';
import {
  besideOf,
  finish,
  fold,
  loadCampaign,
  writeTrials,
  type TrialsResult,
} from './stored-campaign.ts';

/** Of the trials that are begun now; what they are is in the agenda. A `cluster` must be that of the agenda. */
export type AgendaOptions = Pick<RunOptions, 'grace' | 'takeOver' | 'cluster'>;

/** Claims whose failure ends a campaign, as nothing may be broken on top of it. */
const safety: ReadonlySet<string> = new Set(
  Object.entries(claims as Readonly<Record<string, Pick<Claim, 'failureStands'>>>)
    .filter(([, claim]) => claim.failureStands === true)
    .map(([name]) => name),
);

/** Goes on with a campaign or a game day, whichever a folder holds. */
export async function resumeTrials(folder: string, options: AgendaOptions): Promise<TrialsResult> {
  if (!isCampaign(folder))
    throw new CommandError(
      'usage',
      `${folder} holds no campaign and no game day; --resume needs the folder of one, which has an agenda.json`,
    );
  return conductAgenda(realpathSync(folder), options);
}

/**
 * Does all trials of a stored agenda that are not over yet. The cluster is locked until the last one is over: between two
 * of them nobody else may break it.
 * @throws CommandError locked, or what else keeps it from beginning: then its folder is as it was
 */
export async function conductAgenda(folder: string, options: AgendaOptions): Promise<TrialsResult> {
  const { agenda: stored, done: before } = loadCampaign(folder);
  const { cluster, agenda } = onItsCluster(stored, options.cluster);
  const file = historyFile(dirname(folder), { name: cluster.name, id: cluster.clusterId });
  const beside = besideOf(agenda);
  const done = [...before];
  addMissing(file, agenda, before);
  const finished = (one: DoneTrial): void => {
    done.push(one);
    addToHistory(file, entryOf(agenda.run, one));
    // Whoever looks meanwhile, or after a kill, finds what there is.
    writeTrials(folder, fold(agenda, done, readCampaign(folder).ended), beside);
  };
  const isOver = done.length === agenda.trials.length;
  const ended = isOver
    ? {}
    : await conductLeft({ folder, agenda, cluster, before, options, finished });
  const history = readHistory(file);
  const compared = compareWith(history, agenda, done);
  const trends = trendsUpTo(history, agenda.run);
  writeEnded(folder, ended, compared, trends);
  return finish(folder, fold(agenda, done, ended, compared), { ...beside, trends });
}

interface LeftTrials {
  readonly folder: string;
  readonly agenda: Agenda;
  readonly cluster: ClusterFile;
  /** Those that are over. */
  readonly before: readonly DoneTrial[];
  readonly options: AgendaOptions;
  /** Called when one more is over and counts. */
  readonly finished: (trial: DoneTrial) => void;
}

/** @returns why it ended before its last trial; nothing if it did not */
async function conductLeft({
  folder,
  agenda,
  cluster,
  before,
  options,
  finished,
}: LeftTrials): Promise<Ended> {
  const scenarios = new Map(agenda.scenarios.map((one) => [one.name, scenarioIn(one)]));
  // A trial at work takes the signal, too, and heals; between two of them there is only the lock to let go of.
  const interruption = takeSignals(() => undefined);
  const conduct = async (takenOver: readonly string[]): Promise<Ended> => {
    const view = trialsView(process.stderr, process.env);
    const spentMs = readSpent(folder, before);
    for (const lock of takenOver) view.say(`took over ${lock}`);
    if (before.length > 0)
      view.say(
        `going on with ${agenda.run}: ${before.length} of ${countOf(agenda.trials.length, 'trial')} are done${saySpent(agenda, spentMs)}`,
      );
    forgetEnded(folder);
    const ended = await conductTrials({
      agenda,
      done: before.map((trial) => ({ trial, result: trial.result })),
      safety,
      recovered: (atMostMs) => untilRecovered(cluster, atMostMs, interruption.aborted),
      interrupted: interruption.signal,
      run: (trial) =>
        run(scenarioOf(trial, scenarios), optionsOf(trial, folder, agenda, options), view.trial),
      finished: (trial) => {
        addFinished(folder, trial);
        finished(readDone(folder, trial));
      },
      spentMs,
      spent: (ms) => addSpent(folder, ms),
      say: ({ text, ...far }) => view.say(text, far),
      now: () => performance.now(),
    });
    view.close();
    return ended;
  };
  try {
    return await whileLocked(cluster, agenda.run, options.takeOver === true, conduct);
  } finally {
    interruption.close();
  }
}

/**
 * The cluster of an agenda, by the file that is asked for or else the one it was begun with: the same cluster may be told
 * of by another file, as when that was moved. @throws CommandError if it is another cluster
 */
function onItsCluster(
  agenda: Agenda,
  asked: string | undefined,
): { readonly cluster: ClusterFile; readonly agenda: Agenda } {
  const { id, file: begunWith } = agenda.cluster;
  const file = asked === undefined ? begunWith : resolve(asked);
  const cluster = loadCluster(file);
  if (cluster.clusterId === id) return { cluster, agenda: { ...agenda, cluster: { file, id } } };
  const [whose, next] =
    file === begunWith
      ? ['', 'it was written anew since']
      : [`, whose file was ${begunWith}`, 'go on without --cluster, or begin others'];
  throw new CommandError(
    'refused',
    `these trials are of cluster ${id}${whose}, and ${file} is of ${cluster.clusterId}: ${next}`,
  );
}

function saySpent({ budgetMs }: Agenda, spentMs: number): string {
  if (budgetMs === undefined) return '';
  return `, and ${formatMinutes(spentMs)} of ${formatMinutes(budgetMs)} are spent`;
}

/** Whoever was killed between two files has left the second one without the trial. */
function addMissing(file: string, { run }: Agenda, done: readonly DoneTrial[]): void {
  const known = new Set(readHistory(file).map((entry) => entry.run));
  for (const one of done) if (!known.has(one.run)) addToHistory(file, entryOf(run, one));
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
  return { ...options, cluster: agenda.cluster.file, seed, reports: folder, locked: true };
}
