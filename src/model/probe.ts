/** Where a probe looks from or at; a series is made for each such node, or one for the cluster. */
export type ProbedAt = 'voter' | 'control-plane' | 'node' | 'cluster';

/** What planning needs to know of a kind of probe; how it samples is the probe's own. */
export interface ProbeKind {
  /** One line for the docs. */
  readonly summary: string;
  readonly at: ProbedAt;
  /** Milliseconds between intended times; prime. Absent where the scenario sets the rate: no series without one. */
  readonly everyMs?: number;
  /** The same where nobody asks for more: it costs the datastore a part of what it can do; prime. */
  readonly calmMs?: number;
  /** It probes the scenario's workload: no series without one. */
  readonly ofWorkload?: true;
  /** It asks by the way in from outside: from each node where that is a port of all, once where it is one address. */
  readonly outside?: true;
  /** It makes the cluster work: sampled only where a claim reads it. */
  readonly onDemand?: true;
  /** Not every cluster lets it be sampled; a claim that reads it is invalid there. */
  readonly optional?: true;
}
