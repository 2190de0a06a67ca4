import { claims } from '../claims/table.ts';
import { faults } from '../faults/table.ts';
import { check } from './check.ts';
import { conflictsIn } from './conflicts.ts';
import { readDocument } from './document.ts';
import { inOrder } from './problem.ts';
import { scenarioFile } from './scenario-schema.ts';
import { withIds } from './step-ids.ts';
import { needNames, type Needs, type Scenario } from '../model/scenario.ts';
import type { Tables } from '../model/tables.ts';
import type { Problem } from './problem.ts';
import type { WrittenScenario } from './scenario-schema.ts';

export type ReadScenario =
  { readonly scenario: Scenario } | { readonly problems: readonly Problem[] };

const ownTables: Tables = { faults, claims };

/**
 * Reads a scenario file; if anything is wrong, everything that is wrong.
 * @param file its name, for the problems
 * @param tables the faults and claims it may name
 */
export function readScenario(text: string, file: string, tables: Tables = ownTables): ReadScenario {
  const document = readDocument(text, file);
  if (!('value' in document)) return document;
  const checked = check(scenarioFile(tables), document);
  const problems = [
    ...document.problems,
    ...('problems' in checked ? checked.problems : []),
    ...conflictsIn(document.value, tables).map(({ path, message }) =>
      document.problemAt(path, message),
    ),
  ];
  return 'problems' in checked || problems.length > 0
    ? { problems: inOrder(problems) }
    : { scenario: scenarioFrom(checked.value) };
}

function scenarioFrom(written: WrittenScenario): Scenario {
  const { name, title, claim, source, workload, load, expect } = written;
  return {
    name,
    title,
    claim,
    ...(source === undefined ? {} : { source }),
    class: written.class,
    needs: needsFrom(written.needs),
    ...(workload === undefined ? {} : { workload }),
    ...(load === undefined ? {} : { load }),
    steps: withIds(written.steps),
    expect,
  };
}

function needsFrom(written: WrittenScenario['needs']): Needs {
  return Object.fromEntries(
    [...needNames, 'leases' as const].flatMap((name) =>
      written[name] === undefined ? [] : [[name, written[name]]],
    ),
  );
}
