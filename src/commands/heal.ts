import { join } from 'node:path';
import { Command } from 'commander';
import { leftovers } from '../acts/leftovers.ts';
import { isCampaign } from '../campaign/folder.ts';
import { lockHolder } from '../campaign/lock-holder.ts';
import { exitCodeOf } from '../model/outcome.ts';
import { removeLockOf } from '../run/lockfile.ts';
import { CommandError } from './context.ts';
import { healAll } from './healall.ts';
import { openHealing, takeBack, takeNamespaceAway } from './healing.ts';
import { readRun } from './judge.ts';

interface HealOptions {
  readonly cluster: string;
  readonly all?: true;
  readonly takeOver?: true;
}

/** `holdfast heal [RUN|--all]`: takes back what a run that died has left. */
export function healCommand(): Command {
  return new Command('heal')
    .description(
      'take back whatever a run has left in the cluster and on its nodes; safe to repeat',
    )
    .argument('[folder]', 'folder of the run; default reports/latest')
    .requiredOption('--cluster <file>', 'cluster file')
    .option('--all', 'whatever any run has left, by the notes on the nodes: needs no folder')
    .option('--take-over', 'with --all: also what a run holds that may still be alive')
    .action(async (folder: string | undefined, options: HealOptions) => {
      if (options.all === true && folder !== undefined)
        throw new CommandError('usage', `either --all or the folder of one run (${folder})`);
      const left =
        options.all === true
          ? await healAll(options.cluster, options.takeOver === true)
          : await heal(runIn(folder ?? 'reports/latest'), options.cluster);
      for (const line of left) console.error(`left: ${line}`);
      console.log(
        left.length === 0
          ? `Nothing of ${options.all === true ? 'any run' : 'the run'} is left.`
          : `${left.length} things could not be taken back.`,
      );
      process.exitCode = left.length === 0 ? 0 : exitCodeOf('residue');
    });
}

/** Of a campaign or a game day it is the run that was the last one to begin. */
function runIn(folder: string): string {
  return isCampaign(folder) ? join(folder, 'latest') : folder;
}

/** @returns what is left, a line each */
async function heal(folder: string, clusterPath: string): Promise<readonly string[]> {
  const { plan, events } = readRun(folder);
  const healing = await openHealing(clusterPath);
  const { world, nodes, cluster } = healing;
  const left: string[] = [];
  try {
    if (cluster.clusterId !== plan.snapshot.cluster.id) {
      throw new CommandError(
        'refused',
        `the run was on cluster ${plan.snapshot.cluster.id}, and ${clusterPath} is ${cluster.clusterId}`,
      );
    }
    for (const { step, intent } of events.filter((event) => event.type === 'fault').reverse()) {
      if (intent === undefined) continue;
      const rest = await takeBack(step, intent, healing);
      if (rest !== undefined) left.push(rest);
    }
    left.push(...(await takeNamespaceAway(healing)));
    await removeLockOf(lockHolder(folder, plan.run), nodes, world);
    left.push(...(await leftovers(nodes, world)));
  } finally {
    world.links.close();
  }
  return left;
}
