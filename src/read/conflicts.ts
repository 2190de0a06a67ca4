import { z } from 'zod';
import { didYouMean } from '../model/nearest.ts';
import { probeKinds } from '../probes/kinds.ts';
import { expectation, step } from './scenario-schema.ts';
import { withIds } from './step-ids.ts';
import type { ProbeKind } from '../model/probe.ts';
import type { EachStep, Expectation, Step } from '../model/scenario.ts';
import type { Tables } from '../model/tables.ts';
import { sayPath, type Path } from './problem.ts';
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
    ...loadConflicts(value),
    ...idConflicts(draft),
    ...healConflicts(draft),
    ...itConflicts(draft),
    ...claimConflicts(draft, tables),
    ...waitConflicts(draft),
    ...rollbackConflicts(draft),
  ];
}

/** The steps and expectations as far as they can be read: undefined stands for one that cannot. */
interface Draft {
  readonly steps: readonly DraftStep[];
  readonly expect: readonly (Expectation | undefined)[];
  readonly claimsNothing: boolean;
  readonly hasWorkload: boolean;
}

interface DraftStep {
  readonly step: WrittenStep | undefined;
  /** As written, or as it is given. */
  readonly name: string;
  readonly path: Path;
  /** Of those of an `each`: the index of that. */
  readonly within?: number;
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
  const steps = list('steps').map((item) => stepSchema.safeParse(item).data);
  const unreadable = { kind: 'hold', forMs: 0 } as const;
  const named = withIds(steps.map((step) => step ?? unreadable));
  const expectationSchema = expectation(tables);
  return {
    steps: steps.flatMap((step, index) => laidOut(step, named[index], index)),
    expect: list('expect').map((item) => expectationSchema.safeParse(item).data),
    claimsNothing:
      !fields.has('expect') || (list('expect').length === 0 && Array.isArray(fields.get('expect'))),
    hasWorkload: fields.has('workload'),
  };
}

/** A load needs something to ask, from outside. */
function loadConflicts(value: unknown): readonly Conflict[] {
  const path = ['load'];
  if (!hasKey(value, 'load')) return [];
  if (!hasKey(value, 'workload'))
    return [{ path, message: 'has nothing to ask; write workload: NAME beside it' }];
  return hasKey(value.workload, 'by') && value.workload.by === 'pod'
    ? [{ path, message: 'comes from outside, and pods alone ask this workload; write another by' }]
    : [];
}

function hasKey<Key extends string>(value: unknown, key: Key): value is Record<Key, unknown> {
  return typeof value === 'object' && value !== null && key in value;
}

/** Words that a heal or a claim uses for something else. */
const reservedIds = ['all', 'heal'];

function laidOut(
  step: WrittenStep | undefined,
  named: Step | EachStep | undefined,
  index: number,
): readonly DraftStep[] {
  const path = ['steps', index];
  const own = { step, name: named?.id ?? '', path };
  if (step?.kind !== 'each' || named?.kind !== 'each') return [own];
  const inner = step.steps.map((one, turn) => ({
    step: one,
    name: named.steps[turn]?.id ?? '',
    path: [...path, 'each', 'do', turn],
    within: index,
  }));
  return [own, ...inner];
}

function idConflicts({ steps }: Draft): readonly Conflict[] {
  return steps.flatMap(({ step, path: of }) => {
    if (step?.id === undefined) return [];
    const said = JSON.stringify(step.id);
    const path = [...of, 'id'];
    if (reservedIds.includes(step.id))
      return [{ path, message: `${said} has a meaning of its own; write another id` }];
    const first = steps.find((other) => other.step?.id === step.id);
    return first?.step === step
      ? []
      : [
          {
            path,
            message: `${said} is the id of ${sayPath(first?.path ?? [])} already; write another`,
          },
        ];
  });
}

function healConflicts({ steps }: Draft): readonly Conflict[] {
  return steps.flatMap(({ step, path, within }, index) => {
    const above = faultIds(steps.slice(0, index), within);
    if (step?.kind !== 'heal' || above === undefined) return [];
    const known = ['all', ...above];
    return known.includes(step.step) ? [] : [unknownStep([...path, 'heal'], step.step, known)];
  });
}

function itConflicts({ steps }: Draft): readonly Conflict[] {
  return steps.flatMap(({ step, path, within }) => {
    if (step?.kind !== 'fault' || within !== undefined) return [];
    return (['target', 'from'] as const)
      .filter((field) => step.params[field] === 'it')
      .map((field) => ({
        path: [...path, step.fault, field],
        message: 'is "it", which means the node of an each around the step, and there is none',
      }));
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
  return steps.flatMap(({ step, path }) =>
    step?.kind === 'until-seen' && claimsNothing
      ? [
          {
            path: [...path, 'wait'],
            message:
              'waits until the end of every claim was seen, and there is none; write one under expect',
          },
        ]
      : [],
  );
}

/** A rollback takes back the update of an earlier step, which must stand still. */
function rollbackConflicts({ steps }: Draft): readonly Conflict[] {
  /** By its step, the Deployment that was updated. */
  const updated = new Map<string, unknown>();
  return steps.flatMap(({ step, name, path }) => {
    if (step?.kind === 'heal') {
      if (step.step === 'all') updated.clear();
      else updated.delete(step.step);
    }
    if (step?.kind !== 'fault') return [];
    const { deployment } = step.params;
    if (step.fault === 'update') updated.set(name, deployment);
    return step.fault !== 'rollback' || [...updated.values()].includes(deployment)
      ? []
      : [
          {
            path: [...path, step.fault, 'deployment'],
            message: `is ${JSON.stringify(deployment)}, and no update of it above stands that could be rolled back; write one before this step, and no heal between them`,
          },
        ];
  });
}

/**
 * The ids of the faults among the steps, of those of an `each` only where they are asked for from within it; undefined
 * if one of the steps cannot be read.
 */
function faultIds(steps: readonly DraftStep[], from?: number): readonly string[] | undefined {
  if (steps.some(({ step }) => step === undefined)) return undefined;
  return steps
    .filter(
      ({ step, within }) => step?.kind === 'fault' && (within === undefined || within === from),
    )
    .map(({ name }) => name);
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
