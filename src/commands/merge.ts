import { mkdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { writeWhole } from '../campaign/whole-file.ts';
import { merge } from '../fleet/merge.ts';
import { parseDuration } from '../model/duration.ts';
import { fleetJunit } from '../report/fleet-junit.ts';
import { fleetPage } from '../report/fleet-page.ts';
import { pageAsMarkdown, pageAsText } from '../report/page.ts';
import { colorsFor } from '../report/terminal.ts';
import { loadClusters } from './clusterlist.ts';
import { CommandError } from './context.ts';
import { reportsOption } from './options.ts';
import { newRunId } from './runfolder.ts';
import { readMember } from './stored-member.ts';

interface MergeOptions {
  readonly reports: string;
  readonly expect?: string;
  readonly since?: number;
  readonly json?: true;
}

/** `holdfast merge FOLDER…`: many clusters in one report. */
export function mergeCommand(): Command {
  return new Command('merge')
    .description(
      'join the folders of runs, campaigns and game days, of as many clusters as there are, into one report; its exit code is the worst of theirs',
    )
    .argument(
      '<folders...>',
      'folders of runs, campaigns or game days; the same one twice counts once',
    )
    .option(
      '--expect <clusters>',
      'a folder of cluster files, or such files with commas between them: one of which there is no result is unknown',
    )
    .addOption(
      new Option(
        '--since <duration>',
        'what was begun longer ago, such as 12h, is of an earlier night, and counts as no result',
      ).argParser(sinceOption),
    )
    .addOption(reportsOption())
    .option('--json', 'print the result, as in result.json')
    .action((folders: readonly string[], options: MergeOptions) => {
      process.exitCode = mergeFolders(folders, options);
    });
}

/** @returns the exit code */
function mergeFolders(
  folders: readonly string[],
  { reports, expect, since, json }: MergeOptions,
): number {
  const now = new Date();
  const run = newRunId('fleet', now);
  const members = readAll(folders);
  const expected = expect === undefined ? [] : loadClusters(expect);
  const result = merge({
    run,
    now: now.toISOString(),
    read: members.filter((one) => 'result' in one),
    unread: members.filter((one) => 'because' in one),
    expected: expected.map(({ cluster }) => ({ id: cluster.clusterId, name: cluster.name })),
    ...(since !== undefined && { since: new Date(now.getTime() - since).toISOString() }),
  });
  // `latest` stays what was run last, so that --resume and judge find it.
  const folder = resolve(reports, run);
  mkdirSync(folder, { recursive: true });
  const page = fleetPage(result);
  const files = {
    'result.json': `${JSON.stringify(result, null, 2)}\n`,
    'junit.xml': fleetJunit(result),
    'summary.md': pageAsMarkdown(page),
  };
  for (const [name, text] of Object.entries(files)) writeWhole(join(folder, name), text);
  const { stdout } = process;
  if (json === true) console.log(JSON.stringify(result, null, 2));
  else {
    stdout.write(pageAsText(page, colorsFor(stdout, process.env), stdout.columns || 100));
    const where = relative(process.cwd(), folder);
    stdout.write(`\nreport: ${where}/summary.md   exit ${result.exitCode}\n`);
  }
  return result.exitCode;
}

/** @throws CommandError with each folder that is none */
function readAll(folders: readonly string[]): readonly ReturnType<typeof readMember>[] {
  const problems: string[] = [];
  const members = folders.flatMap((folder) => {
    try {
      return [readMember(folder)];
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  if (problems.length > 0) throw new CommandError('usage', problems.join('\n'));
  return members;
}

function sinceOption(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError('a duration of at most 24h, such as 12h.');
}
