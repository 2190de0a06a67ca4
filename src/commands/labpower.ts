import { setTimeout as delay } from 'node:timers/promises';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { powerState, revert, switchOff, switchOn } from '../lab/power.ts';
import { parseDuration } from '../model/duration.ts';
import { named } from './labname.ts';

const states = ['on', 'off', 'cycle', 'state'] as const;
const cyclePauseMs = 2000;

interface PowerOptions {
  readonly name: string;
  readonly for?: number;
  readonly token?: string;
}

/** `holdfast lab power STATE NODE`: the plug of a virtual Pi. */
export function powerCommand(): Command {
  return named(new Command('power'))
    .description('switch the power of a node, as with a plug, or print its state')
    .addArgument(new Argument('<state>', states.join(', ')).choices([...states, 'revert']))
    .argument('<node>')
    .addOption(
      new Option(
        '--for <time>',
        'with off: on again by itself after so long, such as 180s, unless it is switched before',
      ).argParser(timeOf),
    )
    .addOption(new Option('--token <text>').hideHelp())
    .action(
      async (state: (typeof states)[number] | 'revert', node: string, options: PowerOptions) => {
        const plug = { lab: options.name, node };
        if (options.for !== undefined && state !== 'off')
          throw new InvalidArgumentError('--for goes with off only.');
        if (state === 'state') console.log(await powerState(plug));
        if (state === 'revert') await revert(plug, options.token ?? '');
        if (state === 'off' || state === 'cycle') await switchOff(plug, options.for);
        if (state === 'cycle') await delay(cyclePauseMs);
        if (state === 'on' || state === 'cycle') await switchOn(plug);
      },
    );
}

function timeOf(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError('a time with its unit, such as 180s.');
}
