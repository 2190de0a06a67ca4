import type { Links } from '../links/open.ts';

/** What acts and proofs reach the cluster by, and the run's clock. */
export interface World {
  readonly links: Links;
  /** Names of the control planes; never empty. */
  readonly controlPlanes: readonly string[];
  /** Milliseconds on the run's monotonic clock. */
  readonly now: () => number;
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
