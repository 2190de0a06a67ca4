import { z } from 'zod';
import { duration, eachOf, wrong } from '../model/fields.ts';
import { scenarioClasses } from '../model/scenario.ts';
import { oneOf } from './check.ts';
import { load, workloadOr } from './workload-schema.ts';
import type { EachOf, Expectation, FaultParams, Load, Workload } from '../model/scenario.ts';
import type { Tables } from '../model/tables.ts';

/** A step as written: its id may be left out. */
export type WrittenStep = SingleStep | WrittenEach;

export interface WrittenEach {
  readonly id?: string | undefined;
  readonly kind: 'each';
  readonly of: EachOf;
  readonly steps: readonly SingleStep[];
}

export type SingleStep = { readonly id?: string | undefined } & (
  | { readonly kind: 'fault'; readonly fault: string; readonly params: FaultParams }
  | { readonly kind: 'hold'; readonly forMs: number }
  | { readonly kind: 'until-seen' | 'until-well'; readonly atMostMs: number }
  | { readonly kind: 'heal'; readonly step: string }
);

const slugAsText = {
  error: wrong(
    'a name of small letters, digits and hyphens, at most 31 in all, starting with a letter',
  ),
};
const slug = z.string(slugAsText).regex(/^[a-z][a-z0-9-]{0,30}$/, slugAsText);
const text = z.string().min(1);
const count = z.int().min(1).optional();

/** Putting a schema together takes longer than reading a file with it. */
function oncePerTables<T>(make: (tables: Tables) => T): (tables: Tables) => T {
  const made = new WeakMap<Tables, T>();
  return (tables) => {
    const schema = made.get(tables) ?? make(tables);
    made.set(tables, schema);
    return schema;
  };
}

/**
 * The schema of a scenario file, put together from the tables of faults and claims.
 * What one field asks of another (ids that exist, a workload to look at) is checked after it.
 */
export const scenarioFile = oncePerTables((tables): ScenarioFileSchema => {
  return z
    .strictObject({
      apiVersion: z.literal('holdfast.dev/v1'),
      kind: z.literal('Scenario'),
      name: slug.describe('What it is called on the command line and in reports'),
      title: text.describe('One line: what happens'),
      claim: text.describe('One sentence: the promise under test'),
      source: text.optional().describe('Who made that promise, and where'),
      class: z
        .array(z.enum(scenarioClasses))
        .min(1)
        .describe('What it may cost; the cluster must allow each'),
      needs: z
        .strictObject({
          voters: count,
          standbys: count,
          nodes: count,
          'control-planes': count,
          workers: count.describe('Nodes that are no control plane'),
          'schedulable-nodes': count.describe('Nodes that take any pod: not cordoned, not tainted'),
          'datastore-nodes': count,
          'endpoint-holders': count.describe(
            'Nodes that have the address of the endpoint, where it can move',
          ),
          leases: z
            .array(z.string().regex(/^[^/]+\/[^/]+$/, 'needs namespace/name'))
            .optional()
            .describe('Leases that somebody must hold, as namespace/name'),
        })
        .default({})
        .describe('What the cluster must have, so many at least; else the scenario is skipped'),
      workload: workloadOr(slug).optional(),
      load: load.optional(),
      steps: z.array(step(tables)).min(1).describe('In their order; all is healed at the end'),
      expect: z.array(expectation(tables)).default([]).describe('What must hold'),
    })
    .describe(
      'A Holdfast scenario; ids that one field names in another are checked when it is read',
    );
});

export type ScenarioFileSchema = z.ZodType<WrittenScenario>;

export interface WrittenScenario {
  readonly name: string;
  readonly title: string;
  readonly claim: string;
  readonly source?: string | undefined;
  readonly class: readonly (typeof scenarioClasses)[number][];
  readonly needs: {
    readonly voters?: number | undefined;
    readonly standbys?: number | undefined;
    readonly nodes?: number | undefined;
    readonly 'control-planes'?: number | undefined;
    readonly workers?: number | undefined;
    readonly 'schedulable-nodes'?: number | undefined;
    readonly 'datastore-nodes'?: number | undefined;
    readonly 'endpoint-holders'?: number | undefined;
    readonly leases?: readonly string[] | undefined;
  };
  readonly workload?: Workload | undefined;
  readonly load?: Load | undefined;
  readonly steps: readonly WrittenStep[];
  readonly expect: readonly Expectation[];
}

/** A step: one fault, a wait, a heal, or some of these for each of some nodes. */
export const step = oncePerTables((tables): z.ZodType<WrittenStep> => {
  const id = slug.optional().describe('To name this step in a heal or in a claim');
  const single = singleSteps(tables, id);
  const each = z
    .strictObject({
      of: eachOf,
      do: z
        .array(oneOf(single, 'a step of an each', ['id']))
        .min(1)
        .describe('In their order'),
    })
    .describe(
      'Steps that are done for each of some nodes, one node after the other; `it` is the node',
    );
  const eachStep = z
    .strictObject({ id, each })
    .transform(({ id, each }) => ({ kind: 'each' as const, id, of: each.of, steps: each.do }));
  return oneOf<WrittenStep>({ ...single, each: eachStep }, 'a step', ['id']);
});

function singleSteps(tables: Tables, id: Id): Readonly<Record<string, z.ZodType<SingleStep>>> {
  const ofFaults = Object.entries(tables.faults).map(
    ([fault, kind]): [string, z.ZodType<SingleStep>] => [
      fault,
      z.strictObject({ id, [fault]: kind.schema.describe(kind.summary) }).transform((written) => ({
        kind: 'fault' as const,
        id: written['id'] as string | undefined,
        fault,
        params: written[fault] as FaultParams,
      })),
    ],
  );
  return { ...Object.fromEntries(ofFaults), wait: waitStep(id), heal: healStep(id) };
}

type Id = z.ZodOptional<typeof slug>;

function waitStep(id: Id): z.ZodType<SingleStep> {
  const until = z.strictObject({
    until: z.enum(['seen', 'well']).describe('The end of every claim, or the cluster as before'),
    'at-most': duration,
  });
  const wait = z
    .union([duration, until], {
      error: wrong('a duration such as 45s, or { until: seen, at-most: 45s } (or until: well)'),
    })
    .describe(
      'Hold for so long, or until the end of every claim was seen, or until the cluster is well again',
    );
  return z.strictObject({ id, wait }).transform(({ id, wait }) => {
    if (typeof wait === 'number') return { kind: 'hold' as const, id, forMs: wait };
    return { kind: `until-${wait.until}` as const, id, atMostMs: wait['at-most'] };
  });
}

function healStep(id: Id): z.ZodType<SingleStep> {
  const heal = z
    .string({ error: wrong('all, or the id of a fault above') })
    .describe('Take back all faults, or the one of that step');
  return z
    .strictObject({ id, heal })
    .transform(({ id, heal }) => ({ kind: 'heal' as const, id, step: heal }));
}

/** An expectation: one claim and its parameters. */
export const expectation = oncePerTables((tables): z.ZodType<Expectation> => {
  const ofClaims = Object.entries(tables.claims).map(
    ([claim, kind]): [string, z.ZodType<Expectation>] => [
      claim,
      z.strictObject({ [claim]: kind.schema.describe(kind.summary) }).transform((written) => ({
        claim,
        params: written[claim] as Expectation['params'],
      })),
    ],
  );
  return oneOf<Expectation>(Object.fromEntries(ofClaims), 'a claim');
});
