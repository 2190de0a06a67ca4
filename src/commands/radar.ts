import { Command, InvalidArgumentError, Option } from 'commander';
import {
  nightsAfter,
  radarDistributions,
  simulateRadar,
  type RadarNights,
} from '../campaign/radar-simulation.ts';
import { colorsFor } from '../report/terminal.ts';
import { pageAsText } from '../report/page.ts';

type RadarOptions = Omit<RadarNights, 'distribution'> & { readonly json?: true };

/** `holdfast radar`: simulates how well the comparison with earlier nights sees what it is there for. */
export function radarCommand(): Command {
  return new Command('radar')
    .description(
      'simulate nights, and how often the comparison with earlier nights sees a claim that has become slower, or sees one where there is none',
    )
    .addOption(number('--nights <n>', 'nights before the change', 10, 1))
    .addOption(number('--trials <n>', 'trials of a scenario in each night', 10, 1))
    .addOption(number('--claims <n>', 'timed claims that are compared together; one changes', 4, 1))
    .addOption(number('--factor <x>', 'by what its durations are multiplied', 1.3, 0))
    .addOption(number('--histories <n>', 'how many histories are simulated', 500, 1))
    .addOption(number('--seed <n>', 'every draw comes from it', 1, 0))
    .option('--json', 'for programs')
    .action((options: RadarOptions) => {
      const { json, ...nights } = options;
      const all = Object.keys(radarDistributions).map((name) => {
        const distribution = name as keyof typeof radarDistributions;
        return { distribution, ...simulateRadar({ ...nights, distribution }) };
      });
      if (json === true) {
        console.log(JSON.stringify({ ...nights, all }, null, 2));
        return;
      }
      const { stdout } = process;
      const percent = (share: number | undefined): string => `${((share ?? 0) * 100).toFixed(1)} %`;
      const table = [
        ['durations', 'false alarms a night', ...told.map((n) => `seen by night ${n}`)],
        ...all.map(({ distribution, falseAlarms, seenBy }) => [
          distribution,
          percent(falseAlarms),
          ...told.map((n) => percent(seenBy[n - 1])),
        ]),
      ];
      stdout.write(pageAsText([{ table }], colorsFor(stdout, process.env), 100));
    });
}

/** Nights after the change, from 1. */
const told = [1, 2, 4, nightsAfter];

function number(flags: string, description: string, standard: number, least: number): Option {
  return new Option(flags, description).default(standard).argParser((text) => {
    const value = Number(text);
    if (Number.isFinite(value) && value >= least) return value;
    throw new InvalidArgumentError(`a number from ${least}.`);
  });
}
