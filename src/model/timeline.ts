import type { Stop } from './conclude.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Stretches } from './kept.ts';
import type { LogSearch } from './log-search.ts';
import type { Plan } from './plan.ts';
import type { Intent } from './intent.ts';
import type { Span } from './span.ts';
import type { Role, Snapshot } from './snapshot.ts';

/** Everything a run did and saw, in the order in which it was written down. Claims read this and nothing else. */
export interface Timeline {
  readonly plan: Plan;
  readonly events: readonly Event[];
}

/** Instants are milliseconds on the run's monotonic clock, zero at its start. */
export type Event =
  | PhaseEvent
  | FaultEvent
  | EvictionEvent
  | Sample
  | NoteEvent
  | HarnessEvent
  | StateEvent
  | FingerprintEvent
  | LogEvent
  | EndEvent;

export const phases = [
  'preflight',
  'workload',
  'steady',
  'steps',
  'heal',
  'settle',
  'done',
] as const;
export type Phase = (typeof phases)[number];

export interface PhaseEvent {
  readonly type: 'phase';
  readonly at: number;
  readonly phase: Phase;
  /** ISO 8601, to find this instant in other logs; never subtracted. */
  readonly wall: string;
}

/** *residue*: it could not be taken back. *missed*: it was fired and its proof did not say yes. */
export const faultStates = [
  'journaled',
  'armed',
  'fired',
  'bit',
  'missed',
  'undone',
  'gone',
  'residue',
] as const;
export type FaultState = (typeof faultStates)[number];

export interface FaultEvent {
  readonly type: 'fault';
  readonly at: number;
  /** Id of the step. */
  readonly step: string;
  readonly state: FaultState;
  /** With *journaled*: the intent as designed from the snapshot just before it fires. */
  readonly intent?: Intent;
  /** With *fired* and *undone*: the interval in which the deed was done. */
  readonly span?: Span;
  readonly because?: string;
}

/** What the API answered to one request for an eviction; a pod that its budget holds back is asked for again and again. */
export interface EvictionEvent {
  readonly type: 'eviction';
  readonly at: number;
  /** Id of the step. */
  readonly step: string;
  /** From its sending to the receipt of the answer. */
  readonly span: Span;
  /** `namespace/name` */
  readonly pod: string;
  /** Below 400: it was accepted. 429: its disruption budget does not let it go. */
  readonly status: number;
  /** The API's own words, of a refusal. */
  readonly message?: string;
}

/** One slot of a series. A slot that this machine was too slow to use has `missed` and nothing else. */
export interface Sample {
  readonly type: 'sample';
  readonly series: string;
  /** The intended time; latency and availability count from here. */
  readonly due: number;
  readonly sent?: number;
  /** When the answer or the error came. */
  readonly got?: number;
  readonly ok?: boolean;
  /** Its shape belongs to the probe: LeaderSeen, RolesSeen, WriteSeen and so on. */
  readonly value?: unknown;
  /** A short code such as ECONNREFUSED, EDEADLINE or HTTP 500. */
  readonly error?: string;
  readonly missed?: true;
}

/** What a voter says: the id of the leader it knows, decimal, or empty. Probe `leader`. */
export interface LeaderSeen {
  readonly leader: string;
}

/** The configuration as one member knows it. Probe `roles`. */
export interface RolesSeen {
  readonly members: readonly { readonly id: string; readonly role: Role }[];
}

/** An acknowledged write has the status 200; others are not ok. Probe `write`. */
export interface WriteSeen {
  readonly status: number;
  /** What was written: from 1, one more with each slot that was used. */
  readonly n: number;
}

/** What the object of a node holds. Probe `read`. */
export interface ReadSeen {
  readonly of: string;
  readonly kept: Stretches;
}

/** What a watch on one API server has told of the object that is written through another. Probe `watch`. */
export interface WatchSeen {
  readonly of: string;
  /** The newest number; 0 for none. */
  readonly n: number;
  /** How often it was opened. */
  readonly opened: number;
}

/** What was asked of an object that all API servers share, and what came of it. Probe `history`. */
export type HistorySeen = {
  readonly object: string;
  /** As in histories/operation.ts: a change that had no good answer may have happened at any time since, or never. */
  readonly outcome: 'done' | 'refused' | 'indeterminate';
} & (
  | {
      readonly kind: 'read' | 'cached-read';
      /** Without one, there was no such object. */
      readonly value?: string;
      readonly version?: string;
    }
  | {
      readonly kind: 'write';
      readonly value: string;
      readonly on: { readonly version: string } | { readonly absent: true };
      readonly version?: string;
      readonly conflicted?: true;
    }
  | { readonly kind: 'add'; readonly element: string }
  | { readonly kind: 'read-set'; readonly elements?: readonly string[] }
  | { readonly kind: 'increment'; readonly by: number }
  | { readonly kind: 'read-counter'; readonly count?: number }
);

/** The answer of the workload, or of the pod that asked it. Probes `web-new`, `web-reused`, `load`, `inside-new`, `inside-reused`, `inside-named`, `names`; of the API by its endpoint, `endpoint`. */
export interface HttpSeen {
  readonly status: number;
  /** Name of the pod that answered, if it said so. */
  readonly pod?: string;
  /** Version of the workload that answered, if it said so. */
  readonly version?: string;
}

/** Readiness of each node as one API server tells it. Probe `nodes`. */
export interface NodesSeen {
  readonly ready: Readonly<Record<string, boolean>>;
  /** When each kubelet last renewed its Lease, by its own clock: to compare with what was seen before, not to count. */
  readonly renewed: Readonly<Record<string, string>>;
}

/** Who holds which lease of kube-system. Probe `leases`. */
export interface LeasesSeen {
  readonly leases: Readonly<Record<string, LeaseSeen>>;
}

export interface LeaseSeen {
  /** Empty for nobody. */
  readonly holder: string;
  /** By the holder's own clock: to compare with what was seen before, not to count. */
  readonly renewed: string;
}

/** The node that a pod of ours was given. Probe `scheduled`. */
export interface ScheduledSeen {
  readonly node: string;
}

/** The number of the change that its controller took note of. Probe `reconciled`. */
export interface ReconciledSeen {
  readonly generation: number;
}

/** What the leaders of the workload have written down, each in its term. Probe `acts`. */
export interface ActsSeen {
  readonly acts: readonly Act[];
}

export interface Act {
  /** One more with each leader. */
  readonly term: number;
  /** Its pod. */
  readonly by: string;
  /** How often it has acted in this term. */
  readonly count: number;
}

/** Whether a node has the address of the endpoint. Probe `address`. */
export interface AddressSeen {
  readonly holds: boolean;
}

/** How many ready endpoints of the workload's Service are on each node. Probe `endpoints`. */
export interface EndpointsSeen {
  readonly ready: Readonly<Record<string, number>>;
}

/** How each pod that the Service leads to answered a pod of ours on one node. Probe `each-endpoint`. */
export interface EachEndpointSeen {
  /** Those that are listed as ready; one that is not listed is not asked. */
  readonly endpoints: readonly EndpointSeen[];
}

export interface EndpointSeen {
  /** `namespace/name`; the address of what is no pod. */
  readonly pod: string;
  /** With its port. */
  readonly address: string;
  readonly node?: string;
  /** Why its answer was not the good one; absent if it was. `HTTP 502` of one that refuses, `HTTP 504` of a silent one. */
  readonly error?: string;
}

/** The pods of the workload's namespace as one API server tells them. Probe `pods`. */
export interface PodsSeen {
  readonly pods: readonly PodSeen[];
}

export interface PodSeen {
  /** `namespace/name` */
  readonly name: string;
  /** Absent while it waits for a place. */
  readonly node?: string;
  /** By its condition, and not on its way out. */
  readonly ready: boolean;
  /** Why the scheduler finds no place for it, in its own words. */
  readonly pending?: string;
}

/** How many pods of the workload a watch on one API server tells to be ready. Probe `replicas`. */
export interface ReplicasSeen {
  readonly ready: number;
  /** The fewest since the look before. */
  readonly least: number;
  /** How often it was opened: what changed while it was not open is not known. */
  readonly opened: number;
}

/** The alerts that are active, as Alertmanager tells them or has posted them to us. Probe `alerts`. */
export interface AlertsSeen {
  readonly alerts: readonly AlertSeen[];
}

export interface AlertSeen {
  /** Its label `alertname`. */
  readonly name: string;
  /** The other labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** ISO 8601, by the clock of whoever raised it: to tell an old alert from a new one, never subtracted. */
  readonly startsAt: string;
}

export interface NoteEvent {
  readonly type: 'note';
  readonly at: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly text: string;
}

/** How well this machine kept up, at the end of sampling and once a second before. */
export interface HarnessEvent {
  readonly type: 'harness';
  readonly at: number;
  /** Of the worker's slots so far. */
  readonly slots: number;
  readonly missedSlots: number;
  /** Of the worker's event loop over the last second; ms. */
  readonly loopDelayP99Ms: number;
  /** Of one core, main thread and worker together, over the last second. */
  readonly cpuPercent: number;
  readonly rssBytes: number;
}

/** A survey: `before` the first step, and `after` settling with what differs still. */
export interface StateEvent {
  readonly type: 'state';
  readonly at: number;
  readonly when: 'before' | 'after';
  readonly snapshot: Snapshot;
  /** With `after`: one line for each thing that is not as it was before; empty if all is. */
  readonly differences: readonly string[];
}

/** What the nodes were like before anything was done, and once all was taken back, what differs. */
export interface FingerprintEvent {
  readonly type: 'fingerprint';
  readonly at: number;
  readonly before?: Fingerprint;
  /** One line for each thing; empty if the nodes are as before. */
  readonly differences?: readonly string[];
}

/** What a search of the log of one service of one node found, once all was taken back. */
export interface LogEvent extends LogSearch {
  readonly type: 'log';
  readonly at: number;
  /** Those that match, the first of them, in their order; empty if there are none. */
  readonly lines: readonly LoggedLine[];
  /** Why it could not be searched, or not wholly; then it has no lines, which says nothing. */
  readonly because?: string;
}

export interface LoggedLine {
  /** When it was written; the node's own clock, compared with ours. */
  readonly span: Span;
  /** Without its instant; cut if it is long. */
  readonly text: string;
}

/** The last event: how the run ended, apart from what its claims say. */
export interface EndEvent {
  readonly type: 'end';
  readonly at: number;
  readonly interrupted?: 'SIGINT' | 'SIGTERM';
  readonly stopped?: Stop;
  /** What Holdfast made besides its faults and could not remove: a namespace, a lock; a line each. */
  readonly residue: readonly string[];
  /** Put there when it is written down. */
  readonly seal?: Seal;
}

/** What shows that a stored run is as it was written: nothing of it was lost, added or changed since. */
export interface Seal {
  /** Events before this one. */
  readonly lines: number;
  /** SHA-256, hexadecimal, of the plan's file and of all lines, this one without its seal. */
  readonly sha256: string;
}
