import { alarms } from './lies/alarms.ts';
import type { Lie, Said } from './lies/lie.ts';
import { lies } from './lies/table.ts';
import type { Part, Tried } from './part.ts';

/** Plants every lie of the table, and writes down how each was found. */
export const sabotage: Part = {
  summary: 'plants lies in runs, nodes and answers: none may pass, and each must be named',
  run,
};

interface Found {
  readonly about: string;
  readonly lie: Lie;
  readonly said: Said;
  /** What is wrong with it; undefined if the lie was found and named. */
  readonly broken?: string;
}

async function run(say: (line: string) => void): Promise<Tried> {
  const found: Found[] = [];
  for (const [about, some] of Object.entries(lies)) {
    for (const lie of some) found.push({ about, ...(await plant(lie)) });
    say(`${about}: ${some.length} lies`);
  }
  const cried = alarms
    .map(({ alarm, said }) => ({ alarm, said: said() }))
    .filter(({ said }) => said.outcome !== 'pass');
  const broken = [
    ...found.flatMap(({ lie, broken: text }) =>
      text === undefined ? [] : [`${lie.lie}: ${text}`],
    ),
    ...cried.map(({ alarm, said }) => `${alarm}: ${said.outcome}: ${said.because}`),
  ];
  const named = found.filter((one) => one.broken === undefined).length;
  return {
    broken,
    markdown: [
      `${found.length} lies were planted. ${named} were found and named, ${found.filter(({ said }) => isWell(said)).length} passed. ` +
        'Each was also tried without the lie, and what was said then was the honest outcome: the lie, and nothing else, is what was found.',
      '',
      '| # | lie | outcome | named as |',
      '|---|---|---|---|',
      ...found.map(
        ({ lie, said }, index) =>
          `| ${index + 1} | ${lie.lie} | ${sayOutcome(said)} | ${brief(said.because)} |`,
      ),
      '',
      `What looks like a failure and is none must not be called one. ${alarms.length - cried.length} of ${alarms.length} such runs passed:`,
      '',
      ...alarms.map(({ alarm }) => `- ${alarm}`),
    ].join('\n'),
  };
}

/** Tries a lie, and the same without it. */
async function plant(lie: Lie): Promise<Omit<Found, 'about'>> {
  const truth = await lie.honest();
  const said = await lie.told();
  const wrong = [
    ...(truth.outcome === lie.honestOutcome
      ? []
      : [`without the lie it is ${truth.outcome}: ${truth.because}`]),
    ...(said.outcome === lie.outcome && said.claim === lie.claim && !isWell(said)
      ? []
      : [`it is ${sayOutcome(said)} and must be ${lie.outcome}`]),
    ...(lie.because.test(said.because) ? [] : [`it is named otherwise: ${said.because}`]),
  ];
  return { lie, said, ...(wrong.length > 0 && { broken: wrong.join('; ') }) };
}

function isWell({ outcome }: Said): boolean {
  return outcome === 'pass';
}

/** The outcome of the run, and that of the claim if it is another. */
function sayOutcome({ outcome, claim }: Said): string {
  return claim === undefined || claim === outcome ? outcome : `${outcome} (claim: ${claim})`;
}

const longest = 150;

/** A sentence in a cell of a table. */
function brief(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
