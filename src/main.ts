import { Command } from 'commander';
import { labCommand } from './commands/lab.ts';
import { LabError } from './lab/error.ts';

const program = new Command('holdfast')
  .description('Game days for highly available Kubernetes')
  .enablePositionalOptions()
  .addCommand(labCommand());

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(error.message);
  process.exitCode = 69;
}
