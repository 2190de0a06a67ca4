import type { Intent } from './intent.ts';
import type { Scenario, Step } from './scenario.ts';
import type { Snapshot } from './snapshot.ts';

/** What a run will do, decided before it begins; printing it is the dry run, storing it is run.json. */
export interface Plan {
  readonly schema: 'holdfast.dev/plan/v1';
  /** Id of the run, which is the name of its folder: `2026-11-21T07-10-00Z-leader-loss-3f9a1c`. */
  readonly run: string;
  readonly scenario: Scenario;
  /** The scenario file as it was written, and its name. */
  readonly text: string;
  readonly file: string;
  /** 32 bits; every choice of the run comes from it. */
  readonly seed: number;
  /** How long after steady state the first step waits, so that trials meet every phase of periodic work; ms. */
  readonly phaseMs: number;
  readonly snapshot: Snapshot;
  /** Namespaces whose pods no fault may hit. */
  readonly protect: readonly string[];
  readonly steps: readonly PlannedStep[];
  readonly series: readonly Series[];
  readonly predicted: readonly Prediction[];
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * A step and, of a fault, what it would do to the cluster as surveyed; it is designed again before it fires. One that
 * aims at the run's own workload has no intent before that is deployed, and says in words what it is going to be.
 */
export type PlannedStep = Step & { readonly intent?: Intent; readonly untilDeployed?: string };

/** One thing sampled at intended times throughout a run: plain data, so that it crosses to the worker. */
export interface Series {
  /** `probe@node`, or `probe` if it belongs to no node. */
  readonly id: string;
  readonly probe: string;
  readonly node?: string;
  /** Milliseconds between intended times; prime, so that it does not lock to the cluster's own ticks. */
  readonly everyMs: number;
  /** Not every cluster lets it be sampled; where it never was, nothing is concluded of that. */
  readonly optional?: true;
}

/** What the cluster's own settings say a claim's duration should be. */
export interface Prediction {
  readonly claim: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** How it was derived, with the settings it used. */
  readonly from: string;
  /** What it is a prediction for, where the clock of its name tells of several things; of all of them, without. */
  readonly of?: readonly string[];
}
