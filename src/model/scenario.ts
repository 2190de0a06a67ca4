/** What a person wrote, checked: names are known, durations are milliseconds. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** The promise under test, in one sentence. */
  readonly claim: string;
  readonly source?: string;
  readonly class: readonly ScenarioClass[];
  readonly needs: Needs;
  /** What is asked throughout the run; absent for nothing. */
  readonly workload?: Workload;
  /** Requests to it at a set rate, besides those of the other probes; absent for none. */
  readonly load?: Load;
  readonly steps: readonly (Step | EachStep)[];
  readonly expect: readonly Expectation[];
}

/** The name of a file in scenarios/workloads/, which is deployed for the run; or a Service that is there already. */
export type Workload = string | ServiceWorkload;

/** A Service of the cluster's users. Nothing of theirs is made, changed or removed by asking it. */
export interface ServiceWorkload {
  readonly namespace: string;
  readonly service: string;
  /** One of its ports, by its number or its name; its first without. */
  readonly port?: number | string;
  /** What is asked for: it begins with a slash. */
  readonly path: string;
  /** The HTTP status of a good answer. */
  readonly expect: number;
  /** The way in from outside; `pod` for none: only pods of ours ask it then. */
  readonly by: 'node-port' | 'load-balancer' | 'pod' | IngressHost;
}

/** A host of an Ingress. Its name is in the request and asked of no DNS. */
export interface IngressHost {
  readonly ingress: string;
  /** Where it is; what the Ingress says of itself without. */
  readonly address?: string;
  /** 80 without, or 443 with https. */
  readonly port?: number;
  readonly https?: boolean;
}

/** How many requests leave in a second, over all ways in from outside together: 10 to 1000. */
export interface Load {
  readonly perSecond: number;
}

/** What people call a workload: the name of its file, or `namespace/service`. */
export function nameOfWorkload(workload: Workload): string {
  return typeof workload === 'string' ? workload : `${workload.namespace}/${workload.service}`;
}

/** What a scenario may cost; a cluster consents to each by its `allow`. */
export const scenarioClasses = [
  'reversible',
  'changes-workloads',
  'power',
  'breaks-quorum',
  'may-need-hands',
  'destroys-data',
] as const;
export type ScenarioClass = (typeof scenarioClasses)[number];

/** What a cluster must have, so many at least, else the scenario is skipped. */
export interface Needs {
  readonly voters?: number;
  readonly standbys?: number;
  readonly nodes?: number;
  readonly 'control-planes'?: number;
  /** Nodes that are no control plane. */
  readonly workers?: number;
  /** Nodes that a pod may be placed on which tolerates nothing: not cordoned, and without a taint that forbids it. */
  readonly 'schedulable-nodes'?: number;
  /** Machines for the datastore alone: those of an external etcd. */
  readonly 'datastore-nodes'?: number;
  /** Nodes that have the address of the endpoint, where it can move. */
  readonly 'endpoint-holders'?: number;
  /** `<namespace>/<name>` of each, held by somebody. */
  readonly leases?: readonly string[];
}

/** What a scenario may need so many of, by its name in the file. */
export const needNames = [
  'voters',
  'standbys',
  'nodes',
  'control-planes',
  'workers',
  'schedulable-nodes',
  'datastore-nodes',
  'endpoint-holders',
] as const satisfies readonly Exclude<keyof Needs, 'leases'>[];

export type Step =
  | {
      readonly kind: 'fault';
      readonly id: string;
      readonly fault: string;
      readonly params: FaultParams;
    }
  | { readonly kind: 'hold'; readonly id: string; readonly forMs: number }
  /** Goes on as soon as every claim's end was seen. */
  | { readonly kind: 'until-seen'; readonly id: string; readonly atMostMs: number }
  /** Goes on as soon as the cluster is as it was before the first step; if it is not in time, nothing more is broken. */
  | { readonly kind: 'until-well'; readonly id: string; readonly atMostMs: number }
  /** `step` is the id of the fault to take back, or `all`. */
  | { readonly kind: 'heal'; readonly id: string; readonly step: string };

/** Steps that are done for each of some nodes in turn, to which `it` refers; in an order that the seed gives. */
export interface EachStep {
  readonly kind: 'each';
  readonly id: string;
  readonly of: EachOf;
  readonly steps: readonly Step[];
}

/** `node` is any. */
export type EachOf = SelectorWord | 'node' | { readonly nodes: readonly string[] };

/**
 * The parameters of a fault: its own schema has checked them; `target` is there if it aims at nodes, with `count` if it
 * may aim at several; `from` if it comes between them and some others.
 */
export type FaultParams = Readonly<Record<string, unknown>> & {
  readonly target?: Selector;
  readonly count?: Count;
  readonly from?: Selector;
};

/** Words for nodes by what they do; roles are those of their datastore members. */
export const selectorWords = [
  'leader',
  'follower',
  'voter',
  'stand-by',
  'control-plane',
  'worker',
  'endpoint-holder',
] as const;
export type SelectorWord = (typeof selectorWords)[number];

/**
 * Which nodes a fault aims at; `holder-of` is the node that holds a Lease of kube-system, `runs` are those that a pod with
 * all of some labels stands on, `hit-by` are those that the
 * fault of an earlier step hit, which has not been taken back; `it` is the node whose turn it is in an `each`.
 */
export type Selector = ClusterSelector | { readonly 'hit-by': string } | 'it';

/** One that the cluster alone answers. */
export type ClusterSelector =
  | SelectorWord
  | { readonly node: string }
  | { readonly nodes: readonly string[] }
  | { readonly 'holder-of': string }
  | { readonly runs: PodSelector };

/** Pods by their namespace and all of some labels. */
export interface PodSelector {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** How many of those that a selector fits, chosen by the seed: as many as one can lose, as many as decide, or a number. */
export type Count = 'one' | 'minority' | 'majority' | 'all' | number;

export interface Expectation {
  /** Name of the claim in the table of claims. */
  readonly claim: string;
  /** Checked by the claim's own schema; durations in milliseconds. */
  readonly params: Readonly<Record<string, unknown>>;
}
