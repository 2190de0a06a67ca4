import { randomInt } from 'node:crypto';
import { Command } from 'commander';
import { openLinks } from '../links/open.ts';
import { explain } from '../plan/explain.ts';
import { loadScenario, tables } from './context.ts';
import { clusterOption, seedOption } from './options.ts';
import { lookForOwnService } from './own-service.ts';
import { chooseCluster, prepare } from './prepare.ts';
import { newRunId } from './runfolder.ts';

/** `holdfast plan NAME`: the dry run, which says word for word what a run would do. */
export function planCommand(): Command {
  return new Command('plan')
    .description(
      'the dry run: survey the cluster, print every step and what it would do, change nothing',
    )
    .argument('<scenario>', 'name of a scenario, or path of a file')
    .addOption(clusterOption())
    .addOption(seedOption())
    .option('--json', 'for programs')
    .action(async (name: string, options: { cluster?: string; seed?: number; json?: true }) => {
      const scenario = loadScenario(name);
      const cluster = await chooseCluster(options.cluster);
      const run = newRunId(scenario.scenario.name);
      const seed = options.seed ?? randomInt(2 ** 32);
      const { plan, access } = await prepare(scenario, cluster, run, seed);
      const links = openLinks(access);
      const unknown = await lookForOwnService(plan, links).finally(() => links.close());
      if (unknown !== undefined) console.error(unknown);
      console.log(
        options.json === true ? JSON.stringify(plan, null, 2) : explain(plan, tables.claims),
      );
    });
}
