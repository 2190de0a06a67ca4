import type { GamedayScenario } from './campaign-result.ts';
import type { Concluded, Result } from './result.ts';

/** A cluster as a fleet tells it apart from the others. */
export interface FleetCluster {
  /** uid of the namespace kube-system. */
  readonly id: string;
  /** Absent if it was never surveyed. */
  readonly name?: string;
}

/** A run, a campaign or a game day in a fleet; or that there is none of a cluster that was to have one. */
export interface FleetMember extends Pick<Result, 'outcome' | 'exitCode' | 'reason'> {
  /** What the report calls its cluster: the name, with the beginning of the id where two share one. */
  readonly on: string;
  /** Absent if nothing says which it was. */
  readonly cluster?: FleetCluster;
  /** As it was given; absent if none was. */
  readonly folder?: string;
  /** Absent if nothing could be read. */
  readonly source?: FleetSource;
}

export interface FleetSource extends Pick<
  Result,
  'run' | 'scenario' | 'seed' | 'startedAt' | 'finishedAt'
> {
  readonly kind: 'run' | 'campaign' | 'gameday';
}

/**
 * What the trials of one scenario under one configuration say together, whichever of the members they are from: so never
 * those of two clusters.
 */
export interface FleetScenario extends GamedayScenario {
  readonly on: string;
  readonly cluster?: FleetCluster;
  /** Ids of the members whose trials these are. */
  readonly sources: readonly string[];
}

/** result.json of `merge`: what was done on many clusters, side by side. */
export interface FleetResult extends Omit<Concluded, 'scenario' | 'cluster' | 'seed'> {
  readonly kind: 'fleet';
  readonly members: readonly FleetMember[];
  readonly scenarios: readonly FleetScenario[];
}
