import { CommandError } from './commands/context.ts';
import { swallowedByNpm } from './commands/npmtrap.ts';
import { optionNames } from './commands/options.ts';
import { program } from './commands/program.ts';
import { LabError } from './lab/error.ts';
import { exitCodeOf } from './model/outcome.ts';

// Whatever ends this process before it knows better is a defect of ours.
process.exitCode = exitCodeOf('defect');

// Whoever reads along may stop reading; that must not end a run before it has healed.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  const args = process.argv.slice(2);
  const instead = swallowedByNpm(process.env, optionNames, args.slice(1));
  if (instead !== undefined) throw new CommandError('usage', instead);
  process.exitCode = 0;
  await program().parseAsync();
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
