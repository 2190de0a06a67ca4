/** The device that gives one node its power. */
export interface PowerDevice {
  /** Can it switch on again by itself after a time that it is told with `off`? */
  readonly reverts: boolean;
  /**
   * Takes the power away.
   * @param forMs switch on again by itself after so long, where the device can
   * @throws PowerError
   */
  readonly off: (forMs?: number) => Promise<void>;
  /** Gives it back; does nothing to a node that has it. @throws PowerError */
  readonly on: () => Promise<void>;
  /** What the device says it does now. @throws PowerError */
  readonly state: () => Promise<'on' | 'off'>;
}

/** A power device did not do, or did not say, what was asked of it. */
export class PowerError extends Error {
  override readonly name = 'PowerError';
}
