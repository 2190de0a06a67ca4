import { Command } from 'commander';
import { benchCommand } from './commands/bench.ts';
import { checkCommand } from './commands/check.ts';
import { CommandError } from './commands/context.ts';
import { doctorCommand } from './commands/doctor.ts';
import { gamedayCommand } from './commands/gameday.ts';
import { gateCommand } from './commands/gate.ts';
import { healCommand } from './commands/heal.ts';
import { historyCommand } from './commands/history.ts';
import { jobCommand } from './commands/job.ts';
import { judgeCommand } from './commands/judge.ts';
import { labCommand } from './commands/lab.ts';
import { mergeCommand } from './commands/merge.ts';
import { swallowedByNpm } from './commands/npmtrap.ts';
import { optionNames } from './commands/options.ts';
import { planCommand } from './commands/plan.ts';
import { radarCommand } from './commands/radar.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { schemaCommand } from './commands/schema.ts';
import { soakCommand } from './commands/soak.ts';
import { LabError } from './lab/error.ts';
import { exitCodeOf } from './model/outcome.ts';

// Whatever ends this process before it knows better is a defect of ours.
process.exitCode = exitCodeOf('defect');

// Whoever reads along may stop reading; that must not end a run before it has healed.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const program = new Command('holdfast')
  .description(
    'Game days for highly available Kubernetes: break it on purpose, measure, put it back, prove it',
  )
  .enablePositionalOptions()
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()
  .addCommand(runCommand())
  .addCommand(gamedayCommand())
  .addCommand(gateCommand())
  .addCommand(historyCommand())
  .addCommand(mergeCommand())
  .addCommand(jobCommand())
  .addCommand(planCommand())
  .addCommand(checkCommand())
  .addCommand(judgeCommand())
  .addCommand(healCommand())
  .addCommand(doctorCommand())
  .addCommand(reportCommand())
  .addCommand(schemaCommand())
  .addCommand(labCommand())
  .addCommand(radarCommand())
  .addCommand(benchCommand())
  .addCommand(soakCommand());

try {
  const args = process.argv.slice(2);
  const instead = swallowedByNpm(process.env, optionNames, args.slice(1));
  if (instead !== undefined) throw new CommandError('usage', instead);
  process.exitCode = 0;
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCode(error);
}

function exitCode(error: unknown): number {
  if (error instanceof CommandError) {
    console.error(error.message);
    return exitCodeOf(error.outcome);
  }
  if (error instanceof LabError) {
    console.error(error.message);
    return exitCodeOf('unreachable');
  }
  // Commander has printed what is wrong, or the help that was asked for.
  if (error instanceof Error && error.name === 'CommanderError') {
    return (error as Error & { exitCode: number }).exitCode === 0 ? 0 : exitCodeOf('usage');
  }
  console.error(error);
  console.error('This is a defect of Holdfast; please report it with the lines above.');
  return exitCodeOf('defect');
}
