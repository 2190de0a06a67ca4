import { dirname } from 'node:path';
import { realpathSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { configurationKey } from '../campaign/configuration.ts';
import { isCampaign } from '../campaign/folder.ts';
import { gate, type GateAfter } from '../campaign/gate.ts';
import { entryOf, historyFile, readHistory, type HistoryEntry } from '../campaign/history.ts';
import { gatePage } from '../report/gate-page.ts';
import { pageAsMarkdown, pageAsText } from '../report/page.ts';
import { colorsFor } from '../report/terminal.ts';
import { addToJobSummary } from './job-summary.ts';
import { fold, loadCampaign } from './stored-campaign.ts';
import { CommandError, defaultReports } from './context.ts';

interface GateOptions {
  readonly before?: string;
  readonly after: string;
  readonly baseline?: number;
  readonly json?: true;
}

/** `holdfast gate`: may an upgrade go on? */
export function gateCommand(): Command {
  return new Command('gate')
    .description(
      'may an upgrade go on? Compares what was measured after it with what was before: exit 0 go; 1 a claim failed or something regressed; 2 too few trials, under 10 a side; 3 invalid; 4 something was left behind; 5 not comparable; another, as the trials after it ended, if none could be done',
    )
    .option('--before <folder>', 'campaign or game day from before the upgrade')
    .option(
      '--baseline <last-n>',
      'instead of --before: so many trials of each scenario from the history of the cluster, such as last-30',
      baselineOption,
    )
    .option('--after <folder>', 'campaign or game day from after it', `${defaultReports}/latest`)
    .option('--json', 'for programs: docs/schema/result.json')
    .action((options: GateOptions) => {
      const after = afterIn(options.after);
      const result = gate({ before: beforeOf(options, after), after });
      const page = gatePage(result);
      addToJobSummary(pageAsMarkdown(page));
      if (options.json === true) console.log(JSON.stringify(result, null, 2));
      else {
        const { stdout } = process;
        stdout.write(pageAsText(page, colorsFor(stdout, process.env), stdout.columns || 100));
      }
      process.exitCode = result.exitCode;
    });
}

function beforeOf(
  { before, after, baseline }: GateOptions,
  now: GateAfter,
): readonly HistoryEntry[] {
  if ((before === undefined) === (baseline === undefined))
    throw new CommandError(
      'usage',
      'say what it is compared with: --before FOLDER, or --baseline last-30',
    );
  if (before !== undefined) return afterIn(before).trials.map(({ entry }) => entry);
  const { cluster } = now.head;
  if (cluster === undefined) return [];
  const file = historyFile(dirname(realpathSync(after)), cluster);
  const history = readHistory(file);
  if (history.length === 0)
    throw new CommandError('usage', `${file} has no trial; say --before FOLDER instead`);
  const earlier = history.filter(({ night }) => night !== now.head.run);
  const scenarios = new Map(now.trials.map(({ entry }) => [entry.configuration.scenario, entry]));
  return [...scenarios.values()].flatMap((entry) => newest(earlier, entry, baseline ?? 0));
}

/**
 * The newest trials of a scenario before one, of the configuration that was run last: older ones of another are not
 * pooled with them. If that cannot be compared, the gate says in what it differs.
 */
function newest(
  history: readonly HistoryEntry[],
  { configuration }: HistoryEntry,
  count: number,
): readonly HistoryEntry[] {
  const same = history.filter((one) => one.configuration.scenario === configuration.scenario);
  const last = same.at(-1);
  if (last === undefined) return [];
  const key = configurationKey(last.configuration);
  return same.filter((one) => configurationKey(one.configuration) === key).slice(-count);
}

/** The trials in a folder. @throws CommandError if it holds no campaign and no game day */
function afterIn(folder: string): GateAfter {
  if (!isCampaign(folder))
    throw new CommandError(
      'usage',
      `${folder} holds no campaign and no game day; one run is too few for a gate: run NAME --trials 10, or gameday FILE`,
    );
  const path = realpathSync(folder);
  const { agenda, done, ended } = loadCampaign(path);
  const result = fold(agenda, done, ended);
  const { run, scenario, startedAt, finishedAt, seed, cluster, residue } = result;
  return {
    head: {
      run,
      scenario,
      startedAt,
      finishedAt,
      seed,
      ...(cluster !== undefined && { cluster }),
      residue,
    },
    ...(ended.stopped !== undefined && { stopped: ended.stopped }),
    ...(ended.interrupted !== undefined && {
      stopped: { outcome: 'unknown', reason: `${run} was interrupted before its end` },
    }),
    known: agenda.known,
    trials: done.flatMap((one) => {
      const entry = entryOf(agenda.run, one);
      return one.result.trials.map((told) => ({ entry, trial: { ...told, number: one.trial } }));
    }),
  };
}

function baselineOption(text: string): number {
  const count = Number(/^last-(\d{1,4})$/.exec(text)?.[1]);
  if (count >= 1) return count;
  throw new InvalidArgumentError('last-N, such as last-30: so many trials of each scenario.');
}
