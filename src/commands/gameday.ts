import { randomInt } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { trialsOf } from '../campaign/agenda.ts';
import { estimateFrom, estimateOf } from '../campaign/estimate.ts';
import { writeAgenda } from '../campaign/folder.ts';
import { historyFile, readHistory, type HistoryEntry } from '../campaign/history.ts';
import { survey } from '../links/survey.ts';
import type { Agenda, AgendaScenario } from '../model/agenda.ts';
import type { ClusterFile } from '../model/clusterfile.ts';
import { countOf } from '../model/countof.ts';
import type { Gameday } from '../model/gameday.ts';
import { formatMinutes } from '../model/minutes.ts';
import { objectsNamed } from '../model/named-objects.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { isRefusal } from '../plan/refusal.ts';
import { readGameday } from '../read/gameday.ts';
import { sayProblem } from '../read/problem.ts';
import { conductAgenda } from './campaign.ts';
import {
  CommandError,
  asCommandError,
  loadCluster,
  loadScenario,
  readText,
  type ScenarioText,
} from './context.ts';
import { mustBeFree } from './lock.ts';
import { graceOption, publishOptions, reportsOption, seedOption } from './options.ts';
import { planOn } from './prepare.ts';
import { publisher, type PublishOptions } from './publish.ts';
import { makeRunFolder, newRunId } from './runfolder.ts';
import type { RunOptions } from './run-once.ts';
import { notBegun, type TrialsResult } from './stored-campaign.ts';

type GamedayOptions = RunOptions &
  PublishOptions & { readonly cluster: string; readonly dryRun?: true };

/** `holdfast gameday FILE`: many scenarios, several trials each, in an order of the seed. */
export function gamedayCommand(): Command {
  const command = new Command('gameday')
    .description(
      'run the scenarios of a game day, compare them with earlier nights, and say on one page what came of it',
    )
    .argument('<file>', "the game day's file, such as scenarios/gamedays/nightly.yaml")
    .requiredOption('--cluster <file>', 'cluster file')
    .addOption(seedOption())
    .addOption(reportsOption())
    .option('--dry-run', 'print the order and how long it takes, and break nothing')
    .option('--take-over', 'take over the lock of a run that is dead: not renewed for a minute')
    .addOption(graceOption());
  for (const option of publishOptions()) command.addOption(option);
  return command.action(async (file: string, options: GamedayOptions) => {
    process.exitCode = await gameday(loadGameday(file), dirname(file), options);
  });
}

/**
 * Carries out a game day. One that does not begin, as its cluster is out of reach or it would be refused, leaves a result,
 * too: whoever looks for the last one must not find that of an earlier night.
 * @param folder of its file
 * @returns the exit code
 */
export async function gameday(
  day: Gameday,
  folder: string,
  options: GamedayOptions,
): Promise<number> {
  const startedAt = new Date();
  const publish = publisher(options);
  const seed = options.seed ?? randomInt(2 ** 32);
  const file = resolve(options.cluster);
  const cluster = loadCluster(file);
  const texts = day.scenarios.map((one) => ({
    ...one,
    ...loadScenario(gamedayScenarioPath(one.scenario, folder)),
  }));
  mustFit(day, texts);
  const { budgetMs, stopAfter } = day;
  const run = newRunId(day.name, startedAt);
  const agendaOf = (scenarios: readonly AgendaScenario[]): Agenda => ({
    schema: 'holdfast.dev/agenda/v1',
    kind: 'gameday',
    run,
    name: day.name,
    startedAt: startedAt.toISOString(),
    seed,
    cluster: { file, id: cluster.clusterId },
    scenarios,
    trials: trialsOf(scenarios, seed, day.order === 'shuffled'),
    ...(budgetMs !== undefined && { budgetMs }),
    ...(stopAfter !== undefined && { stopAfter }),
    recoverMs: day.recoverMs,
    known: day.known,
  });
  const scheduledAgenda = async (): Promise<Agenda> => {
    const agenda = agendaOf(await scheduledAll(texts, cluster, options.reports, seed));
    mustFitBudget(agenda, `${day.title} on ${cluster.name}`, options.dryRun === true);
    return agenda;
  };
  if (options.dryRun === true) {
    await scheduledAgenda();
    return 0;
  }
  const reports = makeRunFolder(options.reports, run);
  let result: TrialsResult;
  try {
    await mustBeFree(cluster, options.takeOver === true);
    writeAgenda(reports, await scheduledAgenda());
    result = await conductAgenda(reports, options);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const bare = agendaOf(texts.map((one) => ({ ...bareOf(one), estimateMs: 0 })));
    result = await notBegun(reports, bare, error);
  }
  await publish(result, reports);
  return result.exitCode;
}

/** Says how long it takes, and each trial if it is not to be begun. @throws CommandError if that is longer than its budget */
function mustFitBudget(agenda: Agenda, title: string, isDry: boolean): void {
  const { scenarios, trials, budgetMs, seed } = agenda;
  const estimateMs = trials.reduce(
    (sum, { scenario }) => sum + (scenarios.find(({ name }) => name === scenario)?.estimateMs ?? 0),
    0,
  );
  console.error(
    `${title}, seed ${seed}: ${countOf(trials.length, 'trial')}, about ${formatMinutes(estimateMs)}${budgetMs === undefined ? '' : ` of ${formatMinutes(budgetMs)}`}`,
  );
  if (isDry) for (const line of agendaLines(scenarios, trials)) console.log(line);
  if (budgetMs !== undefined && estimateMs > budgetMs)
    throw new CommandError(
      'refused',
      `it would take about ${formatMinutes(estimateMs)}, and its budget is ${formatMinutes(budgetMs)}: write fewer trials, or a larger budget`,
    );
}

type GamedayText = ScenarioText & { readonly trials: number };

/** All scenarios as they come into the agenda. @throws CommandError if the cluster is out of reach or would refuse one */
async function scheduledAll(
  texts: readonly GamedayText[],
  cluster: ClusterFile,
  reports: string,
  seed: number,
): Promise<readonly AgendaScenario[]> {
  const { snapshot } = await survey(cluster, {
    objects: objectsNamed({ steps: texts.flatMap(({ scenario }) => scenario.steps) }),
  }).catch(asCommandError);
  const history = readHistory(historyFile(reports, { name: cluster.name, id: cluster.clusterId }));
  return texts.map((one) => scheduled(one, { cluster, snapshot, history, seed }));
}

function bareOf({ scenario, file, text, trials }: GamedayText): Omit<AgendaScenario, 'estimateMs'> {
  return { name: scenario.name, file, text, trials };
}

interface Scheduling {
  readonly cluster: ClusterFile;
  readonly snapshot: Snapshot;
  readonly history: readonly HistoryEntry[];
  readonly seed: number;
}

/** A scenario as it comes into the agenda. @throws CommandError if the cluster would refuse it */
function scheduled(
  text: GamedayText,
  { cluster, snapshot, history, seed }: Scheduling,
): AgendaScenario {
  const { name } = text.scenario;
  const bare = bareOf(text);
  const planned = planOn(text, cluster, snapshot, newRunId(name), seed);
  if (!isRefusal(planned))
    return { ...bare, estimateMs: estimateFrom(history, name) ?? estimateOf(planned) };
  if (planned.outcome === 'skipped') return { ...bare, estimateMs: 0, skipped: planned.reason };
  throw new CommandError(planned.outcome, `${name}: ${planned.reason}`);
}

/** What the game day says of its scenarios must be true of them. @throws CommandError with all that is not */
function mustFit({ known }: Gameday, texts: readonly ScenarioText[]): void {
  const names = texts.map(({ scenario }) => scenario.name);
  const wrong = [
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `two of its scenarios have the name ${name}`),
    ...known.flatMap(({ scenario, claim }) => {
      const of = texts.find((text) => text.scenario.name === scenario)?.scenario;
      if (of === undefined) return [`known names scenario ${scenario}, which is not part of it`];
      const claims = of.expect.map((one) => one.claim);
      return claims.includes(claim.replace(/ \d+$/, ''))
        ? []
        : [`known names claim ${claim}; ${scenario} claims: ${claims.join(', ')}`];
    }),
  ];
  if (wrong.length > 0) throw new CommandError('usage', wrong.join('\n'));
}

function agendaLines(
  scenarios: readonly AgendaScenario[],
  trials: Agenda['trials'],
): readonly string[] {
  return [
    ...trials.map(
      ({ number, scenario, trial }) => `${String(number).padStart(3)}  ${scenario} ${trial}`,
    ),
    ...scenarios.flatMap(({ name, skipped }) =>
      skipped === undefined ? [] : [`  –  ${name} is skipped: ${skipped}`],
    ),
  ];
}

/** A path is relative to the game day's file; a name stays a name. */
export function gamedayScenarioPath(scenario: string, folder: string): string {
  return /[./]/.test(scenario) ? resolve(folder, scenario) : scenario;
}

/** Reads a game day's file. @throws CommandError with every problem in it */
export function loadGameday(path: string): Gameday {
  const read = readGameday(readText(path, 'game day'), path);
  if ('problems' in read) throw new CommandError('usage', read.problems.map(sayProblem).join('\n'));
  return read.gameday;
}
