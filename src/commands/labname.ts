import { InvalidArgumentError, type Command } from 'commander';
import { defaultWish } from '../lab/lab.ts';

/** Lets a command of the lab be told which lab. */
export function named(command: Command): Command {
  return command.option('--name <name>', 'which lab', labName, defaultWish.name);
}

function labName(text: string): string {
  if (/^[a-z][a-z0-9]{0,11}$/.test(text)) return text;
  throw new InvalidArgumentError(
    'a name has 1 to 12 letters a–z and digits and begins with a letter.',
  );
}
