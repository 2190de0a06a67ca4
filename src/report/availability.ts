/** What share of some requests was answered, and what that would be of a year. */
export interface Availability {
  readonly requests: number;
  readonly failed: number;
  /** The whole part of −log₁₀ of the share that failed: 3 for 99.9 %. */
  readonly nines: number;
  /** No request failed, so it may be more nines than so many requests can show. */
  readonly isBound: boolean;
  /** That share of a year; milliseconds. */
  readonly downtimeMs: number;
}

/** Of 365.25 days; milliseconds. */
const yearMs = 31_557_600_000;

/**
 * The availability that requests show. Requests of one outage fail together, so no interval of confidence is given.
 * @param failed of the requests; 0 to `requests`
 * @param requests at least 1
 * @see J. Gray, D. P. Siewiorek, High-Availability Computer Systems, IEEE Computer 24 (1991): classes of nines
 */
export function availabilityOf(failed: number, requests: number): Availability {
  const isBound = failed === 0;
  // What rounding takes from a power of ten would cost a whole class.
  const nines = Math.floor(Math.log10(requests / Math.max(1, failed)) + 1e-9);
  return { requests, failed, nines, isBound, downtimeMs: (failed / requests) * yearMs };
}

/** The downtime a year that so many nines allow; milliseconds. */
export function allowedMs(nines: number): number {
  return yearMs / 10 ** nines;
}
