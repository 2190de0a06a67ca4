import { resolve } from 'node:path';
import { Command } from 'commander';
import { isCampaign } from '../campaign/folder.ts';
import { resultOf } from '../claims/result.ts';
import { AllureSiteError, makeAllureSite } from '../report/allure-site.ts';
import { writeTrialsAllure } from '../report/trials-allure.ts';
import { CommandError } from './context.ts';
import { besideOf, fold, loadCampaign, writeTrials } from './stored-campaign.ts';
import { readRun } from './judge.ts';
import { writeReports } from './runfolder.ts';

/** `holdfast report RUN`: writes the reports of a stored run, campaign or game day again, and its Allure site. */
export function reportCommand(): Command {
  return new Command('report')
    .description(
      'write the reports of a stored run, campaign or game day again, and make its Allure site (needs Java)',
    )
    .argument('[folder]', 'folder of the run, the campaign or the game day', 'reports/latest')
    .action(async (folder: string) => {
      if (isCampaign(folder)) {
        const { agenda, done, ended, compared, trends } = loadCampaign(folder);
        const result = fold(agenda, done, ended, compared);
        writeTrials(folder, result, besideOf(agenda, trends));
        console.log(`${folder}/report.html`);
        if (await writeTrialsAllure(resolve(folder), result)) await makeSite(folder);
        return;
      }
      const timeline = readRun(folder);
      writeReports(folder, resultOf(timeline), timeline);
      console.log(`${folder}/report.html`);
      await makeSite(folder);
    });
}

/** The other reports are there by then, whatever becomes of it. */
async function makeSite(folder: string): Promise<void> {
  try {
    console.log(await makeAllureSite(folder));
  } catch (error) {
    if (error instanceof AllureSiteError) throw new CommandError('unreachable', error.message);
    throw error;
  }
}
