import { z } from 'zod';
import { outcomes } from './outcome.ts';
import {
  harnessSchema,
  measuredSchema as measured,
  resultFields,
  resultSchema,
} from './result-schema.ts';
import { changes } from './statistics.ts';
import type { CampaignResult, GamedayResult } from './campaign-result.ts';
import type { FleetResult } from './fleet-result.ts';
import type { GateResult } from './gate-result.ts';
import type { Result } from './result.ts';

const ms = z.number();
const count = z.int().min(0);

const summary = z.strictObject({
  n: count,
  censored: count.describe('Whose end was not seen'),
  min: measured,
  max: measured.describe('The largest of n'),
  quantiles: z
    .array(
      z.strictObject({
        share: z.number(),
        ms: measured,
        lowerMs: z.exactOptional(ms),
        upperMs: z.exactOptional(ms).describe('Absent where so few values have no such bound'),
      }),
    )
    .readonly(),
});

const autocorrelation = z.strictObject({ lag1: z.number(), significant: z.boolean() });

const claimStatistics = z.strictObject({
  claim: z.string(),
  title: z.string(),
  limitMs: z.exactOptional(ms),
  passed: count,
  failed: count,
  unknown: count,
  invalid: count,
  notApplicable: count,
  summary: z.exactOptional(summary),
  autocorrelation: z.exactOptional(autocorrelation),
  demonstrated: z
    .exactOptional(z.number())
    .describe('Share that holds at least, with 95 % confidence; absent where nothing is claimed'),
  sentence: z.string(),
});

const clockStatistics = z.strictObject({
  clock: z.string(),
  title: z.string(),
  of: z.exactOptional(z.string()),
  summary,
  autocorrelation: z.exactOptional(autocorrelation),
});

const claimComparison = z.strictObject({
  claim: z.string(),
  title: z.string(),
  change: z.enum(changes),
  before: count,
  after: count,
  medianBefore: z.exactOptional(measured),
  medianAfter: z.exactOptional(measured),
  shiftMs: z.exactOptional(ms),
  marginMs: z.exactOptional(ms),
  p: z.exactOptional(z.number()).describe('After the correction of Holm'),
});

const configuration = z.strictObject({
  cluster: z.string(),
  platform: z.string(),
  topology: z.string(),
  scenario: z.string(),
  scenarioHash: z.string(),
  faults: z.array(z.string()).readonly(),
  probes: z.string(),
  settings: z.record(z.string(), z.number()).readonly(),
  versions: z.record(z.string(), z.string()).readonly(),
});

const scenarioTrials = {
  asked: count,
  trials: resultFields.trials,
  runs: z
    .array(
      z.strictObject({
        run: z.string(),
        seed: count,
        startedAt: z.string(),
        finishedAt: z.string(),
        harness: z.exactOptional(harnessSchema),
      }),
    )
    .readonly(),
  claims: z.array(claimStatistics).readonly(),
  clocks: z.array(clockStatistics).readonly(),
  compared: z.array(claimComparison).readonly(),
  predicted: resultFields.predicted,
  configuration: z.exactOptional(configuration).describe('Absent if no trial was done'),
};

const ended = resultSchema.omit({ kind: true, trials: true, predicted: true, harness: true }).shape;

/** result.json of `run --trials n`; the type `CampaignResult` is its twin. */
export const campaignSchema = z
  .strictObject({ ...ended, kind: z.literal('campaign'), ...scenarioTrials })
  .describe('Result of a campaign') satisfies z.ZodType<CampaignResult>;

const known = z.strictObject({
  scenario: z.string(),
  claim: z.string(),
  reason: z.string(),
  until: z.string(),
});

const gamedayScenario = {
  scenario: z.string(),
  outcome: z.enum(outcomes),
  reason: z.string(),
  tolerated: z.array(known).readonly(),
  ...scenarioTrials,
};

/** result.json of a game day; the type `GamedayResult` is its twin. */
export const gamedaySchema = z
  .strictObject({
    ...ended,
    kind: z.literal('gameday'),
    budgetMs: z.exactOptional(ms),
    scenarios: z.array(z.strictObject(gamedayScenario)).readonly(),
  })
  .describe('Result of a game day') satisfies z.ZodType<GamedayResult>;

const endedTogether = z
  .strictObject(ended)
  .omit({ scenario: true, cluster: true, seed: true }).shape;

const onCluster = {
  on: z.string().describe('What the report calls the cluster'),
  cluster: z.exactOptional(
    z.strictObject({
      id: z.string(),
      name: z.exactOptional(z.string()).describe('Absent if it was never surveyed'),
    }),
  ),
};

const fleetMember = z.strictObject({
  ...onCluster,
  folder: z.exactOptional(z.string()).describe('Absent if none was given'),
  source: z
    .exactOptional(
      z.strictObject({
        kind: z.enum(['run', 'campaign', 'gameday']),
        run: z.string(),
        scenario: z.string().describe('Of a game day its name'),
        seed: count,
        startedAt: z.string(),
        finishedAt: z.string(),
      }),
    )
    .describe('Absent if nothing could be read'),
  outcome: z.enum(outcomes),
  exitCode: z.int(),
  reason: z.string(),
});

/** result.json of `merge`; the type `FleetResult` is its twin. */
export const fleetSchema = z
  .strictObject({
    ...endedTogether,
    kind: z.literal('fleet'),
    members: z.array(fleetMember).readonly(),
    scenarios: z
      .array(
        z.strictObject({
          ...gamedayScenario,
          ...onCluster,
          sources: z.array(z.string()).readonly(),
        }),
      )
      .readonly(),
  })
  .describe('What was done on many clusters, side by side') satisfies z.ZodType<FleetResult>;

/** What `gate --json` prints; the type `GateResult` is its twin. */
export const gateSchema = z
  .strictObject({
    ...ended,
    kind: z.literal('gate'),
    before: z.array(z.string()).readonly(),
    changed: z.array(z.string()).readonly(),
    differs: z.array(z.string()).readonly(),
    scenarios: z
      .array(
        z.strictObject({
          scenario: z.string(),
          before: count,
          after: count,
          outcome: z.enum(outcomes),
          compared: z.array(claimComparison).readonly(),
        }),
      )
      .readonly(),
  })
  .describe('What a gate says') satisfies z.ZodType<GateResult>;

/** All that a result.json can be, by its `kind`. */
export const anyResultSchema = z.discriminatedUnion('kind', [
  resultSchema,
  campaignSchema,
  gamedaySchema,
  gateSchema,
  fleetSchema,
]) satisfies z.ZodType<Result | CampaignResult | GamedayResult | GateResult | FleetResult>;

/** The JSON Schema of result.json, for programs that read it: docs/schema/result.json. */
export function resultJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(anyResultSchema, { target: 'draft-7' });
}
