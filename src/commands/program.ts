import { Command } from 'commander';
import { benchCommand } from './bench.ts';
import { checkCommand } from './check.ts';
import { doctorCommand } from './doctor.ts';
import { gamedayCommand } from './gameday.ts';
import { gateCommand } from './gate.ts';
import { healCommand } from './heal.ts';
import { historyCommand } from './history.ts';
import { jobCommand } from './job.ts';
import { judgeCommand } from './judge.ts';
import { labCommand } from './lab.ts';
import { mergeCommand } from './merge.ts';
import { planCommand } from './plan.ts';
import { radarCommand } from './radar.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { soakCommand } from './soak.ts';

/** All commands, as `holdfast` knows them; it throws where it cannot read what it is called with. */
export function program(): Command {
  return new Command('holdfast')
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
}
