import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeAgenda } from '../campaign/folder.ts';
import { fakeAgenda, finishTrials } from '../campaign/testing/fake-run.ts';
import { readText, scenariosFolder } from '../commands/context.ts';
import { rackId } from './rack.ts';

/**
 * Leaves behind a campaign of leader-loss that was begun on the rack with digit 1.
 * @param file the cluster file that it was begun with
 * @param done so many of its trials are over
 * @returns its folder
 */
export function begunCampaign(reports: string, file: string, trials: number, done: number): string {
  const folder = join(reports, 'campaign');
  mkdirSync(folder);
  const text = readText(join(scenariosFolder, 'leader-loss.yaml'), 'scenario');
  const plain = fakeAgenda({ 'leader-loss': trials }, { cluster: { file, id: rackId('1') } });
  const scenarios = plain.scenarios.map((one) => ({ ...one, text }));
  writeAgenda(folder, { ...plain, scenarios, recoverMs: 600_000 });
  finishTrials(folder, plain.trials.slice(0, done));
  return folder;
}
