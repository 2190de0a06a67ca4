import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../model/duration.ts';
import { webhookFormats } from '../report/notice.ts';
import { defaultReports } from './context.ts';

/** Names of the options that npm must not keep for itself. */
export const optionNames = [
  'cluster',
  'seed',
  'reports',
  'keep',
  'take-over',
  'json',
  'nodes',
  'workers',
  'profile',
  'name',
  'for',
  'grace',
  'kills',
  'file',
  'trials',
  'claim',
  'resume',
  'metrics',
  'webhook',
  'webhook-format',
] as const;

export function clusterOption(): Option {
  return new Option('--cluster <file>', 'cluster file; default holdfast.yaml here, else the lab');
}

export function seedOption(): Option {
  return new Option(
    '--seed <n>',
    'every choice of the run comes from it; printed with each run',
  ).argParser((text) => {
    const seed = Number(text);
    if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32) return seed;
    throw new InvalidArgumentError('a whole number from 0 to 4294967295.');
  });
}

export function reportsOption(): Option {
  return new Option('--reports <folder>', 'where the folders of runs are').default(defaultReports);
}

/** Where a result goes besides its folder. */
export function publishOptions(): readonly Option[] {
  return [
    new Option(
      '--metrics <file>',
      'write metrics.prom there, too, for the textfile collector of node_exporter, such as /var/lib/node_exporter/holdfast.prom',
    ),
    // Not parsed here, as commander would print a wrong one, and it is a secret.
    new Option(
      '--webhook <url>',
      'tell it what came of it; better in HOLDFAST_WEBHOOK, as all on this machine can see options',
    ),
    new Option('--webhook-format <format>', 'of what the webhook is sent')
      .choices(webhookFormats)
      .default('json'),
  ];
}

export function graceOption(): Option {
  return new Option(
    '--grace <duration>',
    'how much later than the steps may take the nodes take a fault back by themselves; default 30s',
  ).argParser((text) => {
    const ms = parseDuration(text);
    if (ms !== undefined && ms >= 5000) return ms;
    throw new InvalidArgumentError('a duration of at least 5s, such as 30s.');
  });
}

/** More would be no campaign but a way of life. */
const mostTrials = 10_000;

export function trialsOption(text: string): number {
  const trials = Number(text);
  if (Number.isInteger(trials) && trials >= 1 && trials <= mostTrials) return trials;
  throw new InvalidArgumentError(`a whole number from 1 to ${mostTrials}.`);
}

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('a whole number from 1.');
}
