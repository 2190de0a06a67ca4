import { claims } from '../claims/table.ts';
import { faults } from '../faults/table.ts';
import { randomFrom } from '../model/random.ts';
import { isImpossible } from '../model/fault.ts';
import { ownNamespace } from '../model/namespace.ts';
import { sayLabels } from '../model/snapshot.ts';
import { designIntent } from '../model/tables.ts';
import {
  alertsTold,
  composition,
  consent,
  limitsPredicted,
  needs,
  ownership,
  protection,
  quorum,
  serviceMissing,
  serviceThere,
  type Reason,
} from './guards.ts';
import { pick, sayNobody } from './pick.ts';
import { predict } from './predict.ts';
import { predictAlerts } from './predict-alerts.ts';
import { predictKubernetes } from './predict-kubernetes.ts';
import { isRefusal, type Refusal } from './refusal.ts';
import { seriesFor } from './series.ts';
import { unroll } from './unroll.ts';
import type { Intent } from '../model/intent.ts';
import type { Plan, PlannedStep } from '../model/plan.ts';
import type {
  ClusterSelector,
  Scenario,
  ScenarioClass,
  Selector,
  Step,
} from '../model/scenario.ts';
import type { NodeFacts, Snapshot } from '../model/snapshot.ts';
import type { ClaimTable, FaultTable, Tables } from '../model/tables.ts';

export interface PlanInput {
  readonly scenario: Scenario;
  /** The scenario file as written, and its name. */
  readonly text: string;
  readonly file: string;
  readonly snapshot: Snapshot;
  /** What the cluster consents to. */
  readonly allow: readonly ScenarioClass[];
  /** Namespaces whose pods no fault may hit. */
  readonly protect: readonly string[];
  /** Somebody tells of the cluster's alerts. */
  readonly alerts?: true;
  /** 32 bits. */
  readonly seed: number;
  /** Id of the run; its last six characters are hexadecimal digits of its own. */
  readonly run: string;
  readonly versions: Readonly<Record<string, string>>;
  /** How long pods of the workload stay on a node that does not answer, where they say so themselves; Infinity for ever. */
  readonly tolerationMs?: number | undefined;
  /** The faults and claims there are; a test may bring its own. */
  readonly tables?: Tables;
}

export type FaultStep = Extract<Step, { kind: 'fault' }>;

/** The longest period of periodic work that a fault may meet at any phase: the roles' timer; ms. */
const longestPeriodMs = 30_000;

/** Decides all that a run will do, or why it will do nothing. Pure: the same input gives the same plan. */
export function plan(input: PlanInput): Plan | Refusal {
  const { scenario, snapshot, seed, run, tables = { faults, claims } } = input;
  const notAllowed = consent(scenario, input.allow);
  if (notAllowed !== undefined) return { outcome: 'refused', reason: notAllowed };
  const tooSmall = needs(scenario, snapshot);
  if (tooSmall !== undefined) return { outcome: 'skipped', reason: tooSmall };

  const read = readBy(scenario, tables.claims);
  const untold = alertsTold(scenario, read, input.alerts === true);
  if (untold !== undefined) return { outcome: 'skipped', reason: untold };

  const steps = planSteps(input, tables.faults);
  if (isRefusal(steps)) return steps;
  const { predicted, step } = predictFor(steps, snapshot, scenario, input.tolerationMs);
  const unpredicted = limitsPredicted(scenario, steps, predicted, step);
  if (unpredicted !== undefined) return { outcome: 'refused', reason: unpredicted };

  return {
    schema: 'holdfast.dev/plan/v1',
    run,
    scenario,
    text: input.text,
    file: input.file,
    seed,
    phaseMs: phaseOf(seed),
    snapshot,
    protect: input.protect,
    steps,
    series: seriesFor(snapshot, scenario, read),
    predicted,
    versions: input.versions,
  };
}

/** The probes that a scenario's claims read, each with the tightest limit that is judged by it. */
function readBy({ expect }: Scenario, table: ClaimTable): ReadonlyMap<string, number> {
  const tightest = new Map<string, number>();
  for (const { claim, params } of expect)
    for (const probe of table[claim]?.probes ?? [])
      tightest.set(probe, Math.min(tightest.get(probe) ?? Infinity, limitIn(params)));
  return tightest;
}

/** Milliseconds; 0 for a claim without a limit, or with one that is not known before. */
function limitIn({ within, longest }: Readonly<Record<string, unknown>>): number {
  const limit = within ?? longest;
  return typeof limit === 'number' ? limit : 0;
}

/** How long a run of a seed waits before its first step, so that trials meet every phase of periodic work; ms. */
export function phaseOf(seed: number): number {
  return Math.floor(randomFrom(seed).child('phase').between(0, longestPeriodMs));
}

/**
 * Designs the intent of a step from the cluster as it is now, just before it fires: the leader may have moved.
 * @param standing the intents that have fired and have not been taken back
 */
export function redesign(
  step: FaultStep,
  snapshot: Snapshot,
  plan: Pick<Plan, 'scenario' | 'seed' | 'run' | 'protect'>,
  standing: readonly Intent[] = [],
  table: FaultTable = faults,
): Intent | Refusal {
  const refuse = (reason: string): Refusal => ({
    outcome: 'refused',
    reason: `step ${step.id}: ${reason}`,
  });
  const missing = serviceMissing(step.params, snapshot);
  if (missing !== undefined) return refuse(missing);
  const { count } = step.params;
  const target = resolve(step.params.target, plan.run, standing);
  const from = resolve(step.params.from, plan.run, standing);
  const random = randomFrom(plan.seed).child(`step ${step.id}`);
  const targets = target === undefined ? [] : pick(target, snapshot, random, count);
  if (target !== undefined && targets.length === 0)
    return { ...refuse(sayNobody(target, snapshot, count)), ...whenDeployed(step.fault, target) };
  const rest = without(snapshot, targets);
  const others = from === undefined ? rest.nodes : pick(from, rest, random.child('from'));
  if (from !== undefined && others.length === 0) return refuse(sayNobody(from, rest));

  const context = {
    id: intentId(plan.run, step.id),
    targets,
    others,
    snapshot,
    standing,
    random: random.child('fault'),
  };
  const designed = designIntent(table, step.fault, step.params, context);
  if (isImpossible(designed)) {
    const { impossible, untilDeployed } = designed;
    return { ...refuse(impossible), ...(untilDeployed !== undefined && { untilDeployed }) };
  }
  const reason = guarded(designed, snapshot, plan, standing);
  return reason === undefined ? designed : refuse(reason);
}

function guarded(
  designed: Intent,
  snapshot: Snapshot,
  { scenario, protect }: Pick<Plan, 'scenario' | 'protect'>,
  standing: readonly Intent[],
): Reason {
  return (
    serviceThere(designed, snapshot) ??
    composition(designed, standing) ??
    quorum(scenario, snapshot, designed, standing) ??
    ownership(scenario, designed) ??
    protection(designed, protect)
  );
}

/** Puts the nodes that an earlier fault hit in the place of `hit-by`; of a fault that does not stand, there are none. */
function resolve(
  selector: Selector | undefined,
  run: string,
  standing: readonly Intent[],
): ClusterSelector | undefined {
  if (selector === 'it') throw new Error('"it" was not replaced by a node');
  if (typeof selector !== 'object' || !('hit-by' in selector)) return selector;
  const step = selector['hit-by'];
  const intent = standing.find(({ id }) => id === intentId(run, step));
  return { nodes: intent?.targets ?? [`hit by ${step}, which does not stand`] };
}

/** A plan is made before the run's own workload is there: then it says in words what aims at its nodes. */
function whenDeployed(fault: string, target: ClusterSelector): Pick<Refusal, 'untilDeployed'> {
  if (typeof target === 'string' || !('runs' in target)) return {};
  const { namespace, labels } = target.runs;
  return namespace === ownNamespace
    ? { untilDeployed: `${fault} where ${sayLabels(labels)} runs` }
    : {};
}

/** The cluster with only the nodes that are not picked yet: a fault never comes between a node and itself. */
function without(snapshot: Snapshot, picked: readonly NodeFacts[]): Snapshot {
  return { ...snapshot, nodes: snapshot.nodes.filter((node) => !picked.includes(node)) };
}

/** Designs every fault in turn, with those before it that have not been healed still standing. */
function planSteps(input: PlanInput, table: FaultTable): readonly PlannedStep[] | Refusal {
  const planned: PlannedStep[] = [];
  const standing = new Map<string, Intent>();
  const steps = unroll(input);
  if (isRefusal(steps)) return steps;
  for (const step of steps) {
    if (step.kind === 'heal') {
      if (step.step === 'all') standing.clear();
      else standing.delete(step.step);
    }
    if (step.kind !== 'fault') {
      planned.push(step);
      continue;
    }
    const intent = redesign(step, input.snapshot, input, [...standing.values()], table);
    if (isRefusal(intent)) {
      const { untilDeployed } = intent;
      if (untilDeployed === undefined || input.scenario.workload === undefined) return intent;
      planned.push({ ...step, untilDeployed });
      continue;
    }
    standing.set(step.id, intent);
    planned.push({ ...step, intent });
  }
  return planned;
}

/**
 * Predicts for the first fault of which something can be predicted: what comes after one depends on how that one went. Nothing is
 * predicted for members that hand over or still speak: no timer of the others runs out as it does after a crash.
 */
function predictFor(
  steps: readonly PlannedStep[],
  snapshot: Snapshot,
  scenario: Scenario,
  tolerationMs: number | undefined,
): { readonly predicted: Plan['predicted']; readonly step?: string } {
  for (const step of steps) {
    if (step.kind !== 'fault' || step.intent === undefined) continue;
    const { membersDown, loss } = step.intent;
    const predicted = [
      ...(loss === 'handed-over' || loss === 'deaf'
        ? []
        : predict(snapshot, { membersDown, lasting: loss !== 'brief' })),
      ...predictKubernetes(snapshot, step.intent, tolerationMs),
      ...predictAlerts(snapshot, step.intent, scenario),
    ];
    if (membersDown.length > 0 || predicted.length > 0) return { predicted, step: step.id };
  }
  return { predicted: [] };
}

/** The id of a step's intent: short, as it becomes part of names on nodes. */
export function intentId(run: string, step: string): string {
  const id = `${run.slice(-6)}-${step}`;
  if (!/^[0-9a-f]{6}-[a-z0-9-]{1,36}$/.test(id))
    throw new Error(`"${id}" cannot name an intent: the run "${run}" must end in six hex digits`);
  return id;
}
