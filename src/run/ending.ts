import type { Stop } from '../model/conclude.ts';

/** A run that cannot go on: it heals, and ends with this outcome. */
export class StopRun extends Error {
  override readonly name = 'StopRun';
  readonly stop: Stop;

  constructor(outcome: Stop['outcome'], reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.stop = { outcome, reason };
  }
}
