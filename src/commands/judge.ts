import { Command } from 'commander';
import { resultOf } from '../claims/result.ts';
import { terminalView } from '../report/live-terminal.ts';
import { readStoredRun, StoredRunError } from '../run/stored.ts';
import { CommandError } from './context.ts';

/** `holdfast judge RUN`: the verdicts of a stored run, from its timeline alone. */
export function judgeCommand(): Command {
  return new Command('judge')
    .description(
      'judge a stored run again, from its timeline alone: on any machine, the same verdicts',
    )
    .argument('[folder]', 'folder of the run', 'reports/latest')
    .option('--json', 'the result, as in result.json')
    .action((folder: string, options: { json?: true }) => {
      const timeline = readRun(folder);
      const result = resultOf(timeline);
      if (options.json === true) console.log(JSON.stringify(result, null, 2));
      else terminalView(process.stdout, process.env).close(result, timeline, folder);
      process.exitCode = result.exitCode;
    });
}

/** A stored run. @throws CommandError if the folder has none */
export function readRun(folder: string): ReturnType<typeof readStoredRun> {
  try {
    return readStoredRun(folder);
  } catch (error) {
    if (error instanceof StoredRunError) throw new CommandError('usage', error.message);
    throw error;
  }
}
