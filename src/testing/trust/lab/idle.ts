import { defaultWish, up } from '../../../lab/lab.ts';
import { progressOn } from '../../../lab/progress.ts';
import { readStoredRun } from '../../../run/stored.ts';
import type { Part } from '../part.ts';
import { reportsOf, startRun } from './lab.ts';
import { compareOutages } from './outages.ts';

/** Leaves the lab alone for half an hour, and looks whether a failure is invented; the lab stays up. */
export const idle: Part = {
  summary: 'on the lab: nothing happens for 30 minutes, and nothing is seen',
  run: async (say) => {
    const lab = await up(defaultWish, progressOn(process.stderr));
    const run = startRun('idle', lab, reportsOf('idle'));
    const { code } = await run.ended;
    const { invented, requests } = compareOutages(readStoredRun(run.folder()), []);
    say(`exit ${code ?? 'by a signal'}, ${invented} of ${requests} requests failed`);
    return {
      broken: invented > 0 ? [`${invented} failures while nothing happened`] : [],
      markdown: `Nothing happened to the workload for 30 minutes: ${invented} of ${requests} requests failed.`,
    };
  },
};
