import { dirname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { Result } from '../model/result.ts';
import { resumeTrials } from './campaign.ts';
import { CommandError, loadScenario } from './context.ts';
import { listScenarios } from './list.ts';
import {
  clusterOption,
  graceOption,
  publishOptions,
  reportsOption,
  seedOption,
  trialsOption,
} from './options.ts';
import { publisher, type PublishOptions } from './publish.ts';
import { run } from './run-once.ts';
import type { TrialsResult } from './stored-campaign.ts';
import { runTrials, type TrialsOptions } from './trials.ts';

interface CommandOptions extends TrialsOptions, PublishOptions {
  /** `true` without a folder. */
  readonly resume?: string | true;
}

/** `holdfast run NAME`: does a scenario on a cluster. */
export function runCommand(): Command {
  const command = new Command('run')
    .description('run a scenario on a cluster; without one of your own, on the lab')
    .argument(
      '[scenario]',
      'name of a scenario, or path of a file; without it, they are listed with what the cluster can run',
    )
    .addOption(clusterOption())
    .addOption(seedOption())
    .addOption(reportsOption())
    .option('--keep', 'leave the workload in the cluster afterwards')
    .option('--take-over', 'take over the lock of a run that is dead: not renewed for a minute')
    .addOption(graceOption())
    .option('--trials <n>', 'so many runs, told together: a campaign', trialsOption)
    .addOption(
      new Option(
        '--claim <quantile>',
        'as many trials as it takes to demonstrate it, if none fails: 59 for p95, 299 for p99',
      ).choices(['p95', 'p99']),
    )
    .option(
      '--resume [folder]',
      'go on with a campaign or a game day, on its own cluster; default reports/latest',
    );
  for (const option of publishOptions()) command.addOption(option);
  return command.action(async (name: string | undefined, options: CommandOptions) => {
    const publish = publisher(options);
    const done = await resultFor(name, options);
    if (done === undefined) {
      console.log(await listScenarios(options.cluster));
      return;
    }
    process.exitCode = done.result.exitCode;
    await publish(done.result, join(done.reports, done.result.run));
  });
}

interface Done {
  readonly result: Result | TrialsResult;
  /** The folder in which it has its own. */
  readonly reports: string;
}

/** What was asked for, done; nothing was if no scenario is named. */
async function resultFor(
  name: string | undefined,
  options: CommandOptions,
): Promise<Done | undefined> {
  const { resume, trials, claim, reports } = options;
  if (resume !== undefined) {
    if (name !== undefined)
      throw new CommandError(
        'usage',
        `--resume goes on with what its folder says, not with ${name}`,
      );
    mustBeOpen(options);
    const folder = resolve(resume === true ? join(reports, 'latest') : resume);
    return { result: await resumeTrials(folder, options), reports: dirname(folder) };
  }
  if (name === undefined) return undefined;
  const isCampaign = trials !== undefined || claim !== undefined;
  const does = isCampaign ? runTrials : run;
  return { result: await does(loadScenario(name), options), reports };
}

/** What was decided when the trials began cannot be said anew. @throws CommandError if it is */
function mustBeOpen(options: CommandOptions): void {
  const decided = (['seed', 'trials', 'claim', 'keep'] as const).filter(
    (name) => options[name] !== undefined,
  );
  if (decided.length > 0)
    throw new CommandError(
      'usage',
      `--resume goes on with what its folder says: leave out ${decided.map((name) => `--${name}`).join(', ')}`,
    );
}
