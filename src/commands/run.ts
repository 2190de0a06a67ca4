import { join } from 'node:path';
import { Command, Option } from 'commander';
import { resumeTrials } from './campaign.ts';
import { CommandError, loadScenario } from './context.ts';
import { listScenarios } from './list.ts';
import { clusterOption, graceOption, reportsOption, seedOption, trialsOption } from './options.ts';
import { run } from './run-once.ts';
import { runTrials, type TrialsOptions } from './trials.ts';

interface CommandOptions extends TrialsOptions {
  /** `true` without a folder. */
  readonly resume?: string | true;
}

/** `holdfast run NAME`: does a scenario on a cluster. */
export function runCommand(): Command {
  return new Command('run')
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
    )
    .action(async (name: string | undefined, options: CommandOptions) => {
      const { resume, trials, claim } = options;
      if (resume !== undefined) {
        if (name !== undefined)
          throw new CommandError(
            'usage',
            `--resume goes on with what its folder says, not with ${name}`,
          );
        mustBeOpen(options);
        const folder = resume === true ? join(options.reports, 'latest') : resume;
        process.exitCode = (await resumeTrials(folder, options)).exitCode;
        return;
      }
      if (name !== undefined && (trials !== undefined || claim !== undefined)) {
        process.exitCode = (await runTrials(loadScenario(name), options)).exitCode;
        return;
      }
      if (name === undefined) {
        console.log(await listScenarios(options.cluster));
        return;
      }
      process.exitCode = (await run(loadScenario(name), options)).exitCode;
    });
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
