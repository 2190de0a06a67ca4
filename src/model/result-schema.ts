import { z } from 'zod';
import { outcomes } from './outcome.ts';
import { platformNames } from './snapshot.ts';
import type { Result } from './result.ts';

const ms = z.number();
const span = z.strictObject({ lo: ms, hi: ms }).describe('Interval that holds the true value; ms');
/** A duration as it was measured. */
export const measuredSchema = z.union([
  span,
  z.strictObject({ atLeast: ms }).describe('Its end was not seen: it lasted at least so long; ms'),
]);

const verdict = z.strictObject({
  claim: z.string(),
  outcome: z.enum(['pass', 'fail', 'unknown', 'invalid', 'not-applicable']),
  title: z.string().describe('The claim and its limit in words'),
  limitMs: z.exactOptional(ms),
  measuredMs: z.exactOptional(measuredSchema),
  clocks: z
    .exactOptional(z.record(z.string(), measuredSchema).readonly())
    .describe('Durations told beside the measured one, which judge nothing; ms'),
  failed: z.exactOptional(z.int().min(0)).describe('Requests that failed'),
  requests: z.exactOptional(z.int().min(0)).describe('Requests intended'),
  untold: z
    .exactOptional(z.int().min(0))
    .describe('Of those, missed by this machine; they may have failed'),
  longestOutageMs: z.exactOptional(measuredSchema),
  latencyMs: z
    .exactOptional(
      z.strictObject({ p50: measuredSchema, p99: measuredSchema, max: measuredSchema }),
    )
    .describe('Within what time half, 99 % and all requests were answered; ms'),
  because: z.string().describe('One sentence: why this outcome'),
  evidence: z.array(z.string()).readonly(),
});

const clock = z.strictObject({
  clock: z.string(),
  title: z.string().describe('What it is, in words'),
  of: z.exactOptional(z.string()).describe('Of which node, lease or path'),
  measuredMs: z.exactOptional(measuredSchema).describe('From the first fault; ms'),
  because: z.exactOptional(z.string()).describe('Why there is no figure'),
});

const fault = z.strictObject({
  fault: z.string(),
  target: z.string(),
  firedMs: z.exactOptional(span).describe('On the clock of the run; absent if never fired'),
  bit: z.boolean().describe('It was proved that it took effect'),
  gone: z.boolean().describe('It was proved that it is taken back'),
});

const trial = z.strictObject({
  number: z.int().min(1),
  outcome: z.enum(outcomes),
  faults: z.array(fault).readonly(),
  verdicts: z.array(verdict).readonly(),
  clocks: z
    .array(clock)
    .readonly()
    .describe('What is told of the first fault besides, and judged by nobody'),
  findings: z.array(z.string()).readonly().describe('What was measured far from what is predicted'),
});

const cluster = z.strictObject({
  name: z.string(),
  id: z.string(),
  platform: z.enum(platformNames),
  kubernetes: z.string(),
  datastore: z.strictObject({
    kind: z.enum(['dqlite', 'etcd']),
    voters: z.int().min(0),
    standbys: z.int().min(0),
  }),
  nodes: z.int().min(0),
});

/** How this machine kept up. */
export const harnessSchema = z.strictObject({
  slots: z.int().min(0),
  missedSlots: z.int().min(0),
  loopDelayP99Ms: ms,
  cpuPercent: z.number(),
  rssBytes: z.int().min(0),
  lateP99Ms: z
    .exactOptional(ms)
    .describe('How late 99 of 100 samples left at most, after their intended time'),
});

/** The fields of result.json of a run; those of other kinds share most of them. */
export const resultFields = {
  schema: z.literal('holdfast.dev/result/v1'),
  kind: z.literal('run'),
  run: z.string(),
  scenario: z.string(),
  startedAt: z.string().describe('ISO 8601'),
  finishedAt: z.string().describe('ISO 8601'),
  cluster: z.exactOptional(cluster).describe('Absent if the run ended before the survey'),
  outcome: z.enum(outcomes).describe('The worst that holds for the run'),
  exitCode: z.int(),
  reason: z.string().describe('One sentence: why this outcome'),
  healed: z.boolean().describe('All that the run did was seen to be taken back'),
  residue: z.array(z.string()).readonly().describe('What could not be put back, and how to'),
  seed: z.int().min(0),
  trials: z.array(trial).readonly(),
  predicted: z
    .array(z.strictObject({ claim: z.string(), p50Ms: ms, p95Ms: ms, from: z.string() }))
    .readonly()
    .describe("What the cluster's own settings predict"),
  harness: z.exactOptional(harnessSchema),
};

/** The shape of result.json of a run; the type `Result` is its twin. */
export const resultSchema = z
  .strictObject(resultFields)
  .describe('Result of a Holdfast run') satisfies z.ZodType<Result>;
