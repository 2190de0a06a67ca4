import { didYouMean } from '../model/nearest.ts';
import { probeKinds } from '../probes/kinds.ts';
import { check } from './check.ts';
import { readDocument } from './document.ts';
import { inOrder } from './problem.ts';
import { scenarioFile } from './scenario-schema.ts';
import type { ProbeKind } from '../model/probe.ts';
import type { Needs, Scenario, Step } from '../model/scenario.ts';
import type { Tables } from '../model/tables.ts';
import type { Path, Problem } from './problem.ts';
import type { WrittenScenario, WrittenStep } from './scenario-schema.ts';

export type ReadScenario =
  { readonly scenario: Scenario } | { readonly problems: readonly Problem[] };

/**
 * Reads a scenario file; if anything is wrong, everything that is wrong.
 * @param file its name, for the problems
 * @param tables the faults and claims it may name
 */
export function readScenario(text: string, file: string, tables: Tables): ReadScenario {
  const document = readDocument(text, file);
  if (!('value' in document)) return document;
  const checked = check(scenarioFile(tables), document);
  if ('problems' in checked)
    return { problems: inOrder([...document.problems, ...checked.problems]) };
  const written = checked.value;
  const problems = [
    ...document.problems,
    ...[
      ...idProblems(written),
      ...referenceProblems(written),
      ...needProblems(written, tables),
    ].map(({ path, message }) => document.problemAt(path, message)),
  ];
  return problems.length > 0
    ? { problems: inOrder(problems) }
    : { scenario: scenarioFrom(written) };
}

/** What one field asks of another, not yet placed in the file. */
interface Conflict {
  readonly path: Path;
  readonly message: string;
}

/** Words that a heal or a claim uses for something else. */
const reservedIds = ['all', 'heal'];

function idProblems({ steps }: WrittenScenario): readonly Conflict[] {
  return steps.flatMap(({ id }, index) => {
    const path = ['steps', index, 'id'];
    if (id === undefined) return [];
    if (reservedIds.includes(id))
      return [
        { path, message: `${JSON.stringify(id)} has a meaning of its own; write another id` },
      ];
    const first = steps.findIndex((other) => other.id === id);
    return first === index
      ? []
      : [
          {
            path,
            message: `${JSON.stringify(id)} is the id of steps[${first}] already; write another`,
          },
        ];
  });
}

function referenceProblems(written: WrittenScenario): readonly Conflict[] {
  const steps = withIds(written.steps);
  const faultsBefore = (end: number): readonly string[] =>
    steps.slice(0, end).flatMap(({ kind, id }) => (kind === 'fault' ? [id] : []));
  const ofHeals = steps.flatMap((step, index) => {
    const known = ['all', ...faultsBefore(index)];
    return step.kind === 'heal' && !known.includes(step.step)
      ? [unknownStep(['steps', index, 'heal'], step.step, known)]
      : [];
  });
  const ofClaims = written.expect.flatMap(({ claim, params }, index) => {
    const after = params['after'];
    const known = ['heal', ...faultsBefore(steps.length)];
    return typeof after === 'string' && !known.includes(after)
      ? [unknownStep(['expect', index, claim, 'after'], after, known)]
      : [];
  });
  return [...ofHeals, ...ofClaims];
}

function unknownStep(path: Path, id: string, known: readonly string[]): Conflict {
  const near = didYouMean(id, known);
  return {
    path,
    message: `no fault above has the id ${JSON.stringify(id)}; write one of: ${[...new Set(known)].join(', ')}${near}`,
  };
}

function needProblems(written: WrittenScenario, tables: Tables): readonly Conflict[] {
  const waits = written.steps.flatMap((step, index) =>
    step.kind === 'until-seen' && written.expect.length === 0
      ? [
          {
            path: ['steps', index, 'wait'],
            message:
              'waits until the end of every claim is seen, and expect has none; write one there',
          },
        ]
      : [],
  );
  const workloads = written.expect.flatMap(({ claim }, index) =>
    written.workload === undefined && needsWorkload(claim, tables)
      ? [
          {
            path: ['expect', index, claim],
            message: 'needs a workload to look at; write workload: NAME at the top of the file',
          },
        ]
      : [],
  );
  return [...waits, ...workloads];
}

function needsWorkload(claim: string, tables: Tables): boolean {
  const kinds: Readonly<Record<string, ProbeKind>> = probeKinds;
  return tables.claims[claim]?.probes.some((probe) => kinds[probe]?.ofWorkload === true) ?? false;
}

function scenarioFrom(written: WrittenScenario): Scenario {
  const { name, title, claim, source, workload, expect } = written;
  return {
    name,
    title,
    claim,
    ...(source === undefined ? {} : { source }),
    class: written.class,
    needs: needsFrom(written.needs),
    ...(workload === undefined ? {} : { workload }),
    steps: withIds(written.steps),
    expect,
  };
}

function needsFrom({ voters, standbys, nodes }: WrittenScenario['needs']): Needs {
  return {
    ...(voters === undefined ? {} : { voters }),
    ...(standbys === undefined ? {} : { standbys }),
    ...(nodes === undefined ? {} : { nodes }),
  };
}

/** Gives each step without an id its own: the fault's name, `wait` or `heal`, numbered from the second on. */
function withIds(steps: readonly WrittenStep[]): readonly Step[] {
  const taken = new Set(steps.flatMap(({ id }) => id ?? []));
  return steps.map((step) => {
    const id = step.id ?? freeId(baseName(step), taken);
    taken.add(id);
    return { ...step, id };
  });
}

function baseName(step: WrittenStep): string {
  if (step.kind === 'fault') return step.fault;
  return step.kind === 'heal' ? 'heal' : 'wait';
}

function freeId(base: string, taken: ReadonlySet<string>): string {
  // One more number than there are names: one of them is free.
  const numbered = Array.from({ length: taken.size }, (_, index) => `${base}-${index + 2}`);
  return [base, ...numbered].find((id) => !taken.has(id)) ?? base;
}
