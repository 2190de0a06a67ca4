import { z } from 'zod';
import { didYouMean } from '../model/nearest.ts';
import { probeKinds } from '../probes/kinds.ts';
import { expectation, step } from './scenario-schema.ts';
import { withIds } from './step-ids.ts';
import type { ProbeKind } from '../model/probe.ts';
import type { Expectation } from '../model/scenario.ts';
import type { Tables } from '../model/tables.ts';
import type { Path } from './problem.ts';
import type { WrittenStep } from './scenario-schema.ts';

/** What one field of a scenario asks of another and does not find. */
export interface Conflict {
  readonly path: Path;
  readonly message: string;
}

/**
 * The conflicts between the fields of a scenario file, also of one with other problems: its schema would stop at those,
 * and a reader wants to know all at once. What cannot be read yet is given the benefit of the doubt.
 */
export function conflictsIn(value: unknown, tables: Tables): readonly Conflict[] {
  const draft = draftOf(value, tables);
  return [
    ...idConflicts(draft),
    ...healConflicts(draft),
    ...claimConflicts(draft, tables),
    ...waitConflicts(draft),
  ];
}

/** The steps and expectations as far as they can be read: undefined stands for one that cannot. */
interface Draft {
  readonly steps: readonly (WrittenStep | undefined)[];
  readonly expect: readonly (Expectation | undefined)[];
  readonly claimsNothing: boolean;
  readonly hasWorkload: boolean;
}

function draftOf(value: unknown, tables: Tables): Draft {
  const fields = new Map<string, unknown>(
    typeof value === 'object' && value !== null ? Object.entries(value) : [],
  );
  const list = (name: string): readonly unknown[] => {
    const items = fields.get(name);
    return Array.isArray(items) ? (items as readonly unknown[]) : [];
  };
  const stepSchema = step(tables);
  const expectationSchema = expectation(tables);
  return {
    steps: list('steps').map((item) => stepSchema.safeParse(item).data),
    expect: list('expect').map((item) => expectationSchema.safeParse(item).data),
    claimsNothing:
      !fields.has('expect') || (list('expect').length === 0 && Array.isArray(fields.get('expect'))),
    hasWorkload: fields.has('workload'),
  };
}

/** Words that a heal or a claim uses for something else. */
const reservedIds = ['all', 'heal'];

function idConflicts({ steps }: Draft): readonly Conflict[] {
  return steps.flatMap((step, index) => {
    if (step?.id === undefined) return [];
    const said = JSON.stringify(step.id);
    const path = ['steps', index, 'id'];
    if (reservedIds.includes(step.id))
      return [{ path, message: `${said} has a meaning of its own; write another id` }];
    const first = steps.findIndex((other) => other?.id === step.id);
    return first === index
      ? []
      : [{ path, message: `${said} is the id of steps[${first}] already; write another` }];
  });
}

function healConflicts({ steps }: Draft): readonly Conflict[] {
  return steps.flatMap((step, index) => {
    const above = faultIds(steps.slice(0, index));
    if (step?.kind !== 'heal' || above === undefined) return [];
    const known = ['all', ...above];
    return known.includes(step.step)
      ? []
      : [unknownStep(['steps', index, 'heal'], step.step, known)];
  });
}

function claimConflicts(draft: Draft, tables: Tables): readonly Conflict[] {
  const ids = faultIds(draft.steps);
  return draft.expect.flatMap((expectation, index) => {
    if (expectation === undefined) return [];
    const { claim, params } = expectation;
    const path = ['expect', index, claim];
    const after = countsFromSteps(claim, tables) ? params['after'] : undefined;
    const healed = after === 'heal' && tables.claims[claim]?.fromHealing === true;
    return [
      ...(draft.hasWorkload || !needsWorkload(claim, tables)
        ? []
        : [
            {
              path,
              message: 'needs a workload to look at; write workload: NAME at the top of the file',
            },
          ]),
      ...(typeof after !== 'string' || ids === undefined || ids.includes(after) || healed
        ? []
        : [unknownStep([...path, 'after'], after, ids)]),
    ];
  });
}

function waitConflicts({ steps, claimsNothing }: Draft): readonly Conflict[] {
  return steps.flatMap((step, index) =>
    step?.kind === 'until-seen' && claimsNothing
      ? [
          {
            path: ['steps', index, 'wait'],
            message:
              'waits until the end of every claim was seen, and there is none; write one under expect',
          },
        ]
      : [],
  );
}

/** The ids of the faults among the steps; undefined if one of the steps cannot be read. */
function faultIds(steps: Draft['steps']): readonly string[] | undefined {
  const readable = steps.flatMap((step) => step ?? []);
  if (readable.length < steps.length) return undefined;
  return withIds(readable).flatMap(({ kind, id }) => (kind === 'fault' ? [id] : []));
}

function unknownStep(path: Path, id: string, known: readonly string[]): Conflict {
  const right =
    known.length === 0
      ? 'write a fault among the steps'
      : `write one of: ${[...new Set(known)].join(', ')}`;
  return {
    path,
    message: `no fault above has the id ${JSON.stringify(id)}; ${right}${didYouMean(id, known)}`,
  };
}

/** Some claims count from healing: their own schema has one word for `after`, which is no step's id. */
function countsFromSteps(claim: string, tables: Tables): boolean {
  const schema = tables.claims[claim]?.schema;
  const after = schema instanceof z.ZodObject ? (schema.shape['after'] as unknown) : undefined;
  return after instanceof z.ZodType && after.safeParse('any-step').success;
}

function needsWorkload(claim: string, tables: Tables): boolean {
  const kinds: Readonly<Record<string, ProbeKind>> = probeKinds;
  return tables.claims[claim]?.probes.some((probe) => kinds[probe]?.ofWorkload === true) ?? false;
}
