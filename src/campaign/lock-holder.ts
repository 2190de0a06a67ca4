import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { isCampaign, readCampaign } from './folder.ts';

/**
 * By what name a run holds its cluster's lock: a trial does by that of its campaign or game day, which its folder is in.
 * @param folder of the run; may be a link, such as `latest`
 */
export function lockHolder(folder: string, run: string): string {
  const around = dirname(realpathSync(folder));
  return isCampaign(around) ? readCampaign(around).agenda.run : run;
}
