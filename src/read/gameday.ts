import type { Gameday } from '../model/gameday.ts';
import { check } from './check.ts';
import { readDocument, type FileDocument } from './document.ts';
import { gamedayFile, type WrittenGameday } from './gameday-schema.ts';
import { inOrder, type Problem } from './problem.ts';

export type ReadGameday = { readonly gameday: Gameday } | { readonly problems: readonly Problem[] };

/**
 * Reads the file of a game day; if anything is wrong, everything that is wrong. It opens none of the scenarios it names.
 * @param file its name, for the problems
 */
export function readGameday(text: string, file: string): ReadGameday {
  const document = readDocument(text, file);
  if (!('value' in document)) return document;
  const checked = check(gamedayFile, document);
  const problems = [
    ...document.problems,
    ...('problems' in checked ? checked.problems : repeated(checked.value, document)),
  ];
  return 'problems' in checked || problems.length > 0
    ? { problems: inOrder(problems) }
    : { gameday: gamedayFrom(checked.value) };
}

/** A scenario that stands there twice would have trials with the same seeds. */
function repeated({ scenarios }: WrittenGameday, document: FileDocument): readonly Problem[] {
  return scenarios.flatMap(({ scenario }, index) => {
    const first = scenarios.findIndex((other) => other.scenario === scenario);
    return first === index
      ? []
      : [
          document.problemAt(
            ['scenarios', index, 'scenario'],
            `is "${scenario}", as scenarios[${first}] is; write it once with more trials`,
          ),
        ];
  });
}

function gamedayFrom(written: WrittenGameday): Gameday {
  const { name, title, scenarios, order, budget, known } = written;
  const stopAfter = written['stop-after'];
  return {
    name,
    title,
    scenarios,
    order,
    ...(budget !== undefined && { budgetMs: budget }),
    ...(stopAfter !== undefined && { stopAfter }),
    recoverMs: written['recover-within'],
    known,
  };
}
