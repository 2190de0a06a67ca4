import { lowerBound, trialsToDemonstrate } from '../stats/clopper-pearson.ts';

/** What share of some requests was answered, and what that would be of a year. */
export interface Availability {
  readonly requests: number;
  readonly failed: number;
  /** The whole part of −log₁₀ of the share that failed: 3 for 99.9 %. */
  readonly nines: number;
  /** No request failed, so it may be more nines than so many requests can show. */
  readonly isBound: boolean;
  /** The share that was answered. */
  readonly share: number;
  /** Where it truly lies with 95 % confidence: the exact interval of Clopper and Pearson. */
  readonly interval: { readonly lo: number; readonly hi: number };
}

/** What availabilities are compared with. */
export const classes = [0.99, 0.999, 0.9995, 0.9999, 0.99999] as const;

/** Of 365.25 days; milliseconds. */
export const yearMs = 31_557_600_000;

/** The parts of a year that downtime is told of, a month being a twelfth of it; milliseconds. */
export const periods = {
  'a year': yearMs,
  'a month': yearMs / 12,
  'a day': 86_400_000,
} as const;

/**
 * The availability that requests show. The interval takes each request for an independent trial; those of one outage fail
 * together, so it is the best that so many can prove.
 * @param failed of the requests; 0 to `requests`
 * @param requests at least 1
 * @param untold of the requests, of which nothing is known: at the worst they failed, at the best they did not
 * @see J. Gray, D. P. Siewiorek, High-Availability Computer Systems, IEEE Computer 24 (1991): classes of nines
 */
export function availabilityOf(failed: number, requests: number, untold = 0): Availability {
  const isBound = failed === 0;
  // What rounding takes from a power of ten would cost a whole class.
  const nines = Math.floor(Math.log10(requests / Math.max(1, failed)) + 1e-9);
  const share = (requests - failed) / requests;
  const interval = {
    lo: lowerBound(requests - failed - untold, requests),
    hi: 1 - lowerBound(failed, requests),
  };
  return { requests, failed, nines, isBound, share, interval };
}

/** What the requests say of a class: all of the interval is within it, none of it is, or neither. */
export function standing({ interval }: Availability, share: number): 'shown' | 'missed' | 'open' {
  if (interval.lo >= share) return 'shown';
  return interval.hi < share ? 'missed' : 'open';
}

/** The downtime that an availability is of a time, in its unit. */
export function downtimeOf(share: number, time: number): number {
  return (1 - share) * time;
}

/** How many requests without a failure would show a class. */
export function requestsToShow(share: number): number {
  // An interval leaves out as much on either side.
  return trialsToDemonstrate(share, 0.975);
}
