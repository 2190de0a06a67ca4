import { predictionFor } from '../model/predicted.ts';
import { quorumWithout } from '../model/quorum.ts';
import {
  isWorker,
  memberOn,
  serviceNames,
  voters,
  type NodeFacts,
  type Snapshot,
} from '../model/snapshot.ts';
import type { Intent } from '../model/intent.ts';
import type { PlannedStep, Prediction } from '../model/plan.ts';
import {
  needNames,
  type FaultParams,
  type Scenario,
  type ScenarioClass,
} from '../model/scenario.ts';
import { ownNamespace } from '../model/namespace.ts';

/** Each guard is pure and gives the reason why not, or nothing. */
export type Reason = string | undefined;

/** Has the cluster consented to everything that the scenario may cost? */
export function consent(scenario: Scenario, allow: readonly ScenarioClass[]): Reason {
  const missing = scenario.class.filter((one) => !allow.includes(one));
  return missing.length === 0
    ? undefined
    : `${scenario.name} is of class ${missing.join(' and ')}, which the cluster does not allow ` +
        `(allow: [${allow.join(', ')}]); add it to allow in the cluster file if that is meant`;
}

/** Has the cluster what the scenario is about? Members count by their role, dead or alive: health is asked elsewhere. */
export function needs(scenario: Scenario, snapshot: Snapshot): Reason {
  const has = {
    voters: voters(snapshot).length,
    standbys: snapshot.datastore.members.filter((member) => member.role === 'stand-by').length,
    nodes: snapshot.nodes.length,
    'control-planes': snapshot.nodes.filter((node) => node.controlPlane).length,
    workers: snapshot.nodes.filter(isWorker).length,
    'schedulable-nodes': snapshot.nodes.filter(takesAnyPod).length,
    'datastore-nodes': snapshot.nodes.filter((node) => node.datastoreOnly === true).length,
    'endpoint-holders': snapshot.nodes.filter((node) => node.holdsEndpoint === true).length,
  };
  const short = needNames.flatMap((what) => {
    const needed = scenario.needs[what] ?? 0;
    return has[what] < needed ? [`${what} ≥ ${needed} (has ${has[what]})`] : [];
  });
  const free = (scenario.needs.leases ?? []).filter((lease) => !snapshot.leases[lease]);
  if (short.length > 0)
    return `${scenario.name} needs more of ${snapshot.cluster.name}: ${short.join(', ')}`;
  return free.length === 0
    ? undefined
    : `${scenario.name} needs somebody on ${snapshot.cluster.name} who holds the Lease ${free.join(' and ')}`;
}

function takesAnyPod({ schedulable, taints }: NodeFacts): boolean {
  return schedulable && taints.every((taint) => taint.endsWith(':PreferNoSchedule'));
}

/** Does anybody tell of alerts, if a claim reads them? @param read the probes that the claims read */
export function alertsTold(
  { name }: Scenario,
  read: ReadonlyMap<string, number>,
  isTold: boolean,
): Reason {
  return isTold || !read.has('alerts')
    ? undefined
    : `${name} claims that somebody is alerted, and the cluster file does not say whence alerts are known; ` +
        'write alerts: { alertmanager: URL } or alerts: { listen: ADDRESS:PORT } there';
}

/** Would a majority of the voters live through this, with what is down already? */
export function quorum(
  scenario: Scenario,
  snapshot: Snapshot,
  intent: Intent,
  standing: readonly Intent[],
): Reason {
  const { membersDown, membersApart = [] } = intent;
  if (scenario.class.includes('breaks-quorum') || membersDown.length + membersApart.length === 0)
    return undefined;
  const all = [...standing, intent];
  const down = all.flatMap((one) => one.membersDown);
  const apart = all.flatMap((one) => one.membersApart ?? []);
  const { live, majority, configured } = quorumWithout(snapshot, down, apart);
  return live >= majority
    ? undefined
    : `to ${intent.says} would leave ${live} of ${configured} voters, and ${majority} are needed for a quorum; ` +
        'heal before this step, or give the scenario the class breaks-quorum';
}

/**
 * Is something it holds held already by a fault that has not been taken back, or would one of both take a node down on
 * which the other has something to do?
 */
export function composition(intent: Intent, standing: readonly Intent[]): Reason {
  for (const other of standing) {
    const shared = intent.holds.find((one) => other.holds.includes(one));
    if (shared !== undefined)
      return (
        `to ${intent.says} is not possible while ${other.fault} (${other.id}) holds ${shared}; ` +
        'heal that one before this step'
      );
    const down = downUnder(intent, other) ?? downUnder(other, intent);
    if (down !== undefined)
      return (
        `to ${intent.says} is not possible while ${other.fault} (${other.id}) stands: ` +
        `one takes ${down} down, and the other has something to take back there; heal that one before this step`
      );
  }
  return undefined;
}

/** A node that one fault takes down and on which another acts, so that its boot would be an undo nobody ordered. */
function downUnder(one: Intent, other: Intent): string | undefined {
  const acted = [...other.prepare, ...other.inject, ...other.undo];
  return one.nodesDown?.find((node) => acted.some((act) => 'on' in act && act.on === node));
}

/** Would it change what is not ours, without the scenario's saying so? */
export function ownership(scenario: Scenario, { says, changes = [] }: Intent): Reason {
  if (scenario.class.includes('changes-workloads')) return undefined;
  const others = changes.filter((object) => namespaceOf(object) !== ownNamespace);
  return others.length === 0
    ? undefined
    : `to ${says} would change ${others.join(', ')}, which is not of the run’s own workload (namespace ${ownNamespace}); ` +
        'give the scenario the class changes-workloads if that is meant';
}

/** Would it end or cut off a pod, or change an object, of a namespace that the cluster protects? */
export function protection(intent: Intent, protect: readonly string[]): Reason {
  const isProtected = (name: string): boolean => protect.includes(namespaceOf(name));
  const changed = (intent.changes ?? []).filter(isProtected);
  if (changed.length > 0)
    return (
      `to ${intent.says} would change ${changed.join(', ')}, of a namespace that the cluster file protects; ` +
      'change another, or take the namespace out of protect'
    );
  const hit = intent.podsHit.filter(isProtected);
  if (hit.length === 0) return undefined;
  const more = hit.length > 3 ? ` and ${hit.length - 3} more` : '';
  return (
    `to ${intent.says} would hit ${hit.slice(0, 3).join(', ')}${more}, of a namespace that the cluster file protects; ` +
    'move those pods to another node, aim elsewhere, or take the namespace out of protect'
  );
}

/** @param name `namespace/name` */
function namespaceOf(name: string): string {
  return name.split('/')[0] ?? '';
}

/** Does the platform have the service that a fault is aimed at? */
export function serviceMissing(params: FaultParams, { services, cluster }: Snapshot): Reason {
  const service = serviceNames.find((name) => name === params['service']);
  return service === undefined || services[service] !== undefined
    ? undefined
    : `${cluster.platform} has no ${service} that Holdfast knows of`;
}

/** Is there such a service on every target? */
export function serviceThere(intent: Intent, snapshot: Snapshot): Reason {
  const without =
    intent.service === 'datastore'
      ? intent.targets.find((node) => memberOn(snapshot, node) === undefined)
      : undefined;
  return without === undefined
    ? undefined
    : `to ${intent.says} is not possible: no member of the datastore runs on ${without}`;
}

/**
 * Is there a prediction for each limit that is to be the predicted one, and for the fault that it is counted from?
 * @param step id of the fault that the predictions are for
 */
export function limitsPredicted(
  scenario: Scenario,
  steps: readonly PlannedStep[],
  predicted: readonly Prediction[],
  step: string | undefined,
): Reason {
  const first = steps.find(({ kind }) => kind === 'fault')?.id;
  const without = scenario.expect.find(
    ({ claim, params }) =>
      Object.values(params).includes('predicted') &&
      ((params['after'] ?? first) !== step ||
        predictionFor(predicted, claim, params) === undefined),
  );
  return without === undefined
    ? undefined
    : `${without.claim} has the limit predicted, and nothing predicts it for this fault on this cluster; ` +
        'write a duration instead';
}
