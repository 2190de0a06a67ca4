/** The run's one clock: milliseconds since its start, monotonic, the same in every thread of this process. */
export interface Clock {
  readonly now: () => number;
  /** What another thread needs to make the same clock. */
  readonly origin: bigint;
}

/** A clock that starts now, or at another thread's origin. */
export function startClock(origin: bigint = process.hrtime.bigint()): Clock {
  return { origin, now: () => Number(process.hrtime.bigint() - origin) / 1e6 };
}
