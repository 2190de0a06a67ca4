/**
 * Under what a trial was run. Trials that differ in any of it are never pooled; two sets of trials can be compared if
 * they differ in nothing but `settings` and `versions`, which are what an upgrade changes.
 */
export interface Configuration {
  /** uid of the namespace kube-system. */
  readonly cluster: string;
  readonly platform: string;
  /** Such as `4 nodes, 4 control planes; dqlite: 3 voters, 1 stand-by`. */
  readonly topology: string;
  readonly scenario: string;
  /** Of what the scenario does and claims: not of its words for people. Twelve hexadecimal digits. */
  readonly scenarioHash: string;
  /** The kinds of faults, sorted. */
  readonly faults: readonly string[];
  /** Of what was sampled, and how often. */
  readonly probes: string;
  /** Of the datastore and of Kubernetes, as far as they predict timings. */
  readonly settings: Readonly<Record<string, number>>;
  /** Of Kubernetes, the datastore and Holdfast. */
  readonly versions: Readonly<Record<string, string>>;
}
