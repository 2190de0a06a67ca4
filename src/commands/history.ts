import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { trendsOf } from '../campaign/trend.ts';
import { readHistory } from '../campaign/history.ts';
import { pageAsText, type Block } from '../report/page.ts';
import { colorsFor } from '../report/terminal.ts';
import { trendCells } from '../report/trend-table.ts';
import { CommandError } from './context.ts';
import { reportsOption } from './options.ts';

interface HistoryOptions {
  readonly reports: string;
  readonly scenario?: string;
  readonly json?: true;
}

/** `holdfast history`: what the nights of each cluster have measured. */
export function historyCommand(): Command {
  return new Command('history')
    .description(
      'what the trials of each cluster, scenario and configuration have measured, night by night, and whether the last night is like the others',
    )
    .addOption(reportsOption())
    .option('--scenario <name>', 'of this scenario alone')
    .option('--json', 'for programs')
    .action((options: HistoryOptions) => {
      const folder = join(options.reports, 'history');
      const files = filesIn(folder);
      const all = files.map((file) => ({
        file,
        trends: trendsOf(readHistory(join(folder, file)), options.scenario),
      }));
      if (options.json === true) {
        console.log(JSON.stringify(all, null, 2));
        return;
      }
      const { stdout } = process;
      const blocks = all.flatMap(({ file, trends }): readonly Block[] => [
        { heading: file.replace(/\.jsonl$/, '') },
        ...trends.flatMap(({ scenario, under, claims }): readonly Block[] => [
          { text: `${scenario}: ${under}` },
          { table: trendCells(claims) },
        ]),
      ]);
      stdout.write(pageAsText(blocks, colorsFor(stdout, process.env), stdout.columns || 100));
    });
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .sort();
  } catch {
    throw new CommandError(
      'usage',
      `${folder} is not there: no campaign and no game day has been run yet, or its reports are elsewhere (--reports)`,
    );
  }
}
