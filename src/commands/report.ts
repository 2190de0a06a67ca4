import { Command } from 'commander';
import { isCampaign } from '../campaign/folder.ts';
import { resultOf } from '../claims/result.ts';
import { makeAllureSite } from '../report/allure-site.ts';
import { besideOf, fold, loadCampaign, writeTrials } from './stored-campaign.ts';
import { readRun } from './judge.ts';
import { writeReports } from './runfolder.ts';

/** `holdfast report RUN`: writes the reports of a stored run again, and the Allure site. */
export function reportCommand(): Command {
  return new Command('report')
    .description('write the reports of a stored run again, and make its Allure site (needs Java)')
    .argument('[folder]', 'folder of the run, the campaign or the game day', 'reports/latest')
    .action(async (folder: string) => {
      if (isCampaign(folder)) {
        const { agenda, done, ended, compared, trends } = loadCampaign(folder);
        writeTrials(folder, fold(agenda, done, ended, compared), besideOf(agenda, trends));
        console.log(`${folder}/report.html`);
        return;
      }
      const timeline = readRun(folder);
      writeReports(folder, resultOf(timeline), timeline);
      console.log(`${folder}/report.html`);
      console.log(await makeAllureSite(folder));
    });
}
