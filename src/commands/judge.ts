import { join } from 'node:path';
import { Command } from 'commander';
import { isCampaign } from '../campaign/folder.ts';
import { resultOf } from '../claims/result.ts';
import { terminalView } from '../report/live-terminal.ts';
import { readStoredRun, StoredRunError } from '../run/stored.ts';
import { fold, loadCampaign, show } from './stored-campaign.ts';
import { CommandError } from './context.ts';

/** `holdfast judge RUN`: the verdicts of a stored run, from its timeline alone. */
export function judgeCommand(): Command {
  return new Command('judge')
    .description(
      'judge a stored run, campaign or game day again, from its timelines alone: on any machine, the same verdicts; prints them and writes nothing, which `report` does',
    )
    .argument('[folder]', 'folder of the run, the campaign or the game day', 'reports/latest')
    .option('--json', 'the result, as in result.json')
    .action((folder: string, options: { json?: true }) => {
      if (isCampaign(folder)) {
        judgeCampaign(folder, options.json === true);
        return;
      }
      const timeline = readRun(folder);
      const result = resultOf(timeline);
      if (options.json === true) console.log(JSON.stringify(result, null, 2));
      else terminalView(process.stdout, process.env).close(result, timeline, folder);
      process.exitCode = result.exitCode;
    });
}

/** Every trial is judged again from its own timeline. */
function judgeCampaign(folder: string, asJson: boolean): void {
  const { agenda, done, ended, compared } = loadCampaign(folder);
  const judged = done.map((one) => ({ ...one, result: resultOf(readRun(join(folder, one.run))) }));
  const result = fold(agenda, judged, ended, compared);
  if (asJson) console.log(JSON.stringify(result, null, 2));
  else show(result, process.stdout, folder);
  process.exitCode = result.exitCode;
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
