/** Why there is no plan: `skipped` if the cluster is too small for the scenario, else `refused`. */
export interface Refusal {
  readonly outcome: 'refused' | 'skipped';
  readonly reason: string;
  /** Of a fault that lacks nothing but the run's own workload: what it will do once that is deployed, in words. */
  readonly untilDeployed?: string;
}

export function isRefusal(value: object): value is Refusal {
  return 'outcome' in value && 'reason' in value;
}
