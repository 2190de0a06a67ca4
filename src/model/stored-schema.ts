/**
 * What a stored run must look like where no seal shows that it is as Holdfast wrote it: that of a run that was killed, or
 * of an older Holdfast. What nothing reads may be anything.
 */
import { z } from 'zod';
import { outcomes } from './outcome.ts';
import { platformNames } from './snapshot.ts';
import { scenarioClasses } from './scenario.ts';
import { faultStates, phases } from './timeline.ts';

const texts = z.array(z.string());
/** On the run's clock: a year is more than any run lasts. */
const instant = z
  .number()
  .min(-1e6)
  .max(366 * 86_400_000);
const span = z.looseObject({ lo: instant, hi: instant });
const role = z.enum(['voter', 'stand-by', 'spare']);

const node = z.looseObject({
  name: z.string(),
  address: z.string(),
  controlPlane: z.boolean(),
  ready: z.boolean(),
  schedulable: z.boolean(),
});

const snapshot = z.looseObject({
  takenAt: z.string(),
  cluster: z.looseObject({
    name: z.string(),
    id: z.string(),
    platform: z.enum(platformNames),
    kubernetes: z.string(),
  }),
  nodes: z.array(node),
  datastore: z.looseObject({
    kind: z.enum(['dqlite', 'etcd']),
    version: z.string(),
    leader: z.string().optional(),
    members: z.array(
      z.looseObject({
        id: z.string(),
        address: z.string(),
        node: z.string().optional(),
        role,
        answers: z.boolean(),
      }),
    ),
    settings: z.record(z.string(), z.number()),
  }),
});

const intent = z.looseObject({
  id: z.string(),
  fault: z.string(),
  says: z.string(),
  targets: texts,
  membersDown: texts,
  nodesDown: texts.optional(),
  podsHit: texts,
  changes: texts.optional(),
});

const planned = { id: z.string(), intent: intent.optional(), untilDeployed: z.string().optional() };

const step = z.discriminatedUnion('kind', [
  z.looseObject({
    ...planned,
    kind: z.literal('fault'),
    fault: z.string(),
    params: z.record(z.string(), z.unknown()),
  }),
  z.looseObject({ ...planned, kind: z.literal('hold'), forMs: z.number() }),
  z.looseObject({ ...planned, kind: z.literal('until-seen'), atMostMs: z.number() }),
  z.looseObject({ ...planned, kind: z.literal('until-well'), atMostMs: z.number() }),
  z.looseObject({ ...planned, kind: z.literal('heal'), step: z.string() }),
]);

const amount = z.number().optional();

/** What a claim asks for: whatever it is that a claim has, it is plain. */
const params = z
  .object({
    within: z.union([z.number(), z.literal('predicted')]).optional(),
    longest: amount,
    'longest-outage': amount,
    p99: amount,
    failed: amount,
    except: amount,
    'at-most': amount,
    'may-lose': amount,
    resolves: amount,
    labels: z.record(z.string(), z.string()).optional(),
    after: z.string().optional(),
    on: z.string().optional(),
  })
  .catchall(z.union([z.string(), z.number(), z.boolean()]));

/** `run.json`. */
const storedPlan = z.looseObject({
  schema: z.literal('holdfast.dev/plan/v1'),
  run: z.string(),
  scenario: z.looseObject({
    name: z.string(),
    title: z.string(),
    claim: z.string(),
    class: z.array(z.enum(scenarioClasses)),
    workload: z
      .union([z.string(), z.looseObject({ namespace: z.string(), service: z.string() })])
      .optional(),
    expect: z.array(z.looseObject({ claim: z.string(), params })),
  }),
  text: z.string(),
  file: z.string(),
  seed: z.int().min(0),
  phaseMs: z.number(),
  snapshot,
  steps: z.array(step),
  series: z.array(
    z.looseObject({
      id: z.string(),
      probe: z.string(),
      node: z.string().optional(),
      everyMs: z.number().min(1),
    }),
  ),
  predicted: z.array(
    z.looseObject({ claim: z.string(), p50Ms: z.number(), p95Ms: z.number(), from: z.string() }),
  ),
  versions: z.record(z.string(), z.string()),
});

const at = { at: instant };

/** A line of `timeline.jsonl`; what a sample has seen is for `storedValues`. */
const storedEvent = z.discriminatedUnion('type', [
  z.looseObject({ ...at, type: z.literal('phase'), phase: z.enum(phases), wall: z.string() }),
  z.looseObject({
    ...at,
    type: z.literal('fault'),
    step: z.string(),
    state: z.enum(faultStates),
    intent: intent.optional(),
    span: span.optional(),
    because: z.string().optional(),
  }),
  z.looseObject({
    ...at,
    type: z.literal('eviction'),
    step: z.string(),
    span,
    pod: z.string(),
    status: z.number(),
    message: z.string().optional(),
  }),
  z.looseObject({
    type: z.literal('sample'),
    series: z.string(),
    due: instant,
    sent: instant.optional(),
    got: instant.optional(),
    ok: z.boolean().optional(),
    error: z.string().optional(),
    missed: z.literal(true).optional(),
  }),
  z.looseObject({
    ...at,
    type: z.literal('note'),
    level: z.enum(['info', 'warning', 'error']),
    text: z.string(),
  }),
  z.looseObject({
    ...at,
    type: z.literal('harness'),
    slots: z.number(),
    missedSlots: z.number(),
    loopDelayP99Ms: z.number(),
    cpuPercent: z.number(),
    rssBytes: z.number(),
  }),
  z.looseObject({
    ...at,
    type: z.literal('state'),
    when: z.enum(['before', 'after']),
    snapshot,
    differences: texts,
  }),
  z.looseObject({ ...at, type: z.literal('fingerprint'), differences: texts.optional() }),
  z.looseObject({
    ...at,
    type: z.literal('log'),
    node: z.string(),
    service: z.string(),
    pattern: z.string(),
    since: instant,
    lines: z.array(z.looseObject({ span, text: z.string() })),
    because: z.string().optional(),
  }),
  z.looseObject({
    ...at,
    type: z.literal('end'),
    interrupted: z.enum(['SIGINT', 'SIGTERM']).optional(),
    stopped: z.looseObject({ outcome: z.enum(outcomes), reason: z.string() }).optional(),
    residue: texts,
  }),
]);

const status = z.looseObject({ status: z.number() });
const count = z.int().min(0);
const optionalText = z.string().optional();
const answer = status.extend({ pod: optionalText, version: optionalText });

const asked = { object: z.string(), outcome: z.enum(['done', 'refused', 'indeterminate']) };

const history = z.discriminatedUnion('kind', [
  z.looseObject({
    ...asked,
    kind: z.enum(['read', 'cached-read']),
    value: optionalText,
    version: optionalText,
  }),
  z.looseObject({
    ...asked,
    kind: z.literal('write'),
    value: z.string(),
    on: z.union([
      z.looseObject({ version: z.string() }),
      z.looseObject({ absent: z.literal(true) }),
    ]),
    version: optionalText,
    conflicted: z.literal(true).optional(),
  }),
  z.looseObject({ ...asked, kind: z.literal('add'), element: z.string() }),
  z.looseObject({ ...asked, kind: z.literal('read-set'), elements: texts.optional() }),
  z.looseObject({ ...asked, kind: z.literal('increment'), by: z.number() }),
  z.looseObject({ ...asked, kind: z.literal('read-counter'), count: z.number().optional() }),
]);

/** What the samples of each probe have seen. */
export const storedValues: Readonly<Record<string, z.ZodType>> = {
  leader: z.looseObject({ leader: z.string() }),
  roles: z.looseObject({ members: z.array(z.looseObject({ id: z.string(), role })) }),
  write: status.extend({ n: count }),
  read: z.looseObject({ of: z.string(), kept: z.array(z.tuple([count, count])) }),
  watch: z.looseObject({ of: z.string(), n: count, opened: count }),
  history,
  leases: z.looseObject({
    leases: z.record(z.string(), z.looseObject({ holder: z.string(), renewed: z.string() })),
  }),
  scheduled: z.looseObject({ node: z.string() }),
  reconciled: z.looseObject({ generation: z.number() }),
  'web-new': answer,
  'web-reused': answer,
  load: answer,
  'inside-new': answer,
  'inside-reused': answer,
  'inside-named': answer,
  'each-endpoint': z.looseObject({
    endpoints: z.array(
      z.looseObject({
        pod: z.string(),
        address: z.string(),
        node: optionalText,
        error: optionalText,
      }),
    ),
  }),
  names: answer,
  acts: z.looseObject({
    acts: z.array(z.looseObject({ term: count, by: z.string(), count })),
  }),
  endpoint: answer,
  address: z.looseObject({ holds: z.boolean() }),
  alerts: z.looseObject({
    alerts: z.array(
      z.looseObject({
        name: z.string(),
        labels: z.record(z.string(), z.string()),
        startsAt: z.string(),
      }),
    ),
  }),
  endpoints: z.looseObject({ ready: z.record(z.string(), count) }),
  nodes: z.looseObject({
    ready: z.record(z.string(), z.boolean()),
    renewed: z.record(z.string(), z.string()),
  }),
  pods: z.looseObject({
    pods: z.array(
      z.looseObject({
        name: z.string(),
        node: optionalText,
        ready: z.boolean(),
        pending: optionalText,
      }),
    ),
  }),
  replicas: z.looseObject({ ready: count, least: count, opened: count }),
};

/** What is wrong with a plan, in a few words; undefined if it has the shape of one. */
export function wrongPlan(value: unknown): string | undefined {
  return wrongIn(storedPlan, value);
}

/** What is wrong with a line of a timeline, but for what a sample has seen. */
export function wrongEvent(value: unknown): string | undefined {
  return wrongIn(storedEvent, value);
}

/** What is wrong with what a sample of a probe has seen; of a probe that nobody knows, nothing. */
export function wrongValue(probe: string, value: unknown): string | undefined {
  const schema = storedValues[probe];
  return schema && wrongIn(schema, value);
}

function wrongIn(schema: z.ZodType, value: unknown): string | undefined {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  if (issue === undefined) return undefined;
  const path = issue.path.map(String).join('.');
  return `${path === '' ? '' : `${path}: `}${issue.message}`;
}
