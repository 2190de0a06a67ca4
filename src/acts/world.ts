import type { Links } from '../links/open.ts';
import type { PowerDevice } from '../power/power.ts';

/** What acts and proofs reach the cluster by, and the run's clock. */
export interface World {
  readonly links: Links;
  /** Names of the control planes; never empty. */
  readonly controlPlanes: readonly string[];
  /** By node; a node without a device is not in here. */
  readonly power: ReadonlyMap<string, PowerDevice>;
  /** Milliseconds on the run's monotonic clock. */
  readonly now: () => number;
}

/** An act that was tried and not done. */
export class ActError extends Error {
  override readonly name = 'ActError';
}

/** The device that switches a node. @throws ActError if it has none */
export function deviceOf(node: string, { power }: World): PowerDevice {
  const device = power.get(node);
  if (device === undefined)
    throw new ActError(
      `the cluster file names no power device of ${node}; add one under its power`,
    );
  return device;
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
