import type { Trial } from '../model/result.ts';
import { counts } from '../model/claim-verdicts.ts';
import { formatMinutes } from '../model/minutes.ts';
import {
  availabilityOf,
  classes,
  downtimeOf,
  requestsToShow,
  standing,
  yearMs,
  type Availability,
} from './availability.ts';

/** All requests of some trials; undefined where none was counted. */
export function availabilityIn(trials: readonly Trial[]): Availability | undefined {
  const counted = trials.flatMap(({ verdicts }) =>
    verdicts.filter((one) => (one.requests ?? 0) > 0 && counts(one)),
  );
  if (counted.length === 0) return undefined;
  const sum = (pick: (one: (typeof counted)[number]) => number | undefined): number =>
    counted.reduce((total, one) => total + (pick(one) ?? 0), 0);
  return availabilityOf(
    sum(({ failed }) => failed),
    sum(({ requests }) => requests),
    sum(({ untold }) => untold),
  );
}

/** In one line: what was measured, with its interval, as downtime, and which classes that proves. */
export function sayAvailability(availability: Availability): string {
  const { share } = availability;
  const down = downtimeOf(share, yearMs);
  const yearly = down === 0 ? 'no downtime seen' : `${sayDowntime(down)} of downtime a year`;
  return (
    `Available under faults: ${saySeen(availability)} (95 % confidence: ${sayInterval(availability)}), ` +
    `${yearly} if such faults never ceased. ${sayProof(availability)}`
  );
}

/** What so many requests prove of the classes, and how many would prove the next. */
export function sayProof(availability: Availability): string {
  const { requests, failed } = availability;
  const head = failed === 0 ? `${requests} requests without a failure` : `${requests} requests`;
  const shown = classes.filter((one) => standing(availability, one) === 'shown').at(-1);
  const missed = classes.find((one) => standing(availability, one) === 'missed');
  const open = classes.filter((one) => standing(availability, one) === 'open');
  const next = open[0];
  const parts = [
    shown === undefined ? undefined : `prove ${sayShare(shown)}`,
    missed === undefined ? undefined : `rule out ${sayShare(missed)}`,
    next === undefined
      ? undefined
      : `cannot tell about ${open.map(sayShare).join(', ')}` +
        (requestsToShow(next) > requests
          ? ` (${sayShare(next)} takes ${requestsToShow(next)} without a failure)`
          : ''),
  ];
  return `${head} ${parts.filter((part) => part !== undefined).join(', ')}.`;
}

/** A class as it is written: `99.95 %`. */
export function sayShare(share: number): string {
  return `${Number((share * 100).toFixed(3))} %`;
}

/** Rounded down, as more was not seen. */
export function saySeen({ share, failed, nines }: Availability): string {
  return failed === 0 ? '100 %' : floored(share, nines);
}

/** Rounded outwards, with as many digits as its lower end has use for. */
export function sayInterval({ interval: { lo, hi } }: Availability): string {
  const nines = Math.max(0, Math.floor(-Math.log10(1 - lo) + 1e-9));
  return hi === 1
    ? `${floored(lo, nines)} or more`
    : `${floored(lo, nines)} to ${floored(hi, nines, 1)}`;
}

/** As a percentage with two digits that are no nine; a unit of the last one more for its upper neighbour. */
function floored(share: number, nines: number, more = 0): string {
  const digits = Math.max(1, nines);
  const unit = 10 ** (digits + 2);
  const units = Math.min(unit, Math.floor(share * unit + 1e-6) + more);
  return `${(units / (unit / 100)).toFixed(digits)} %`;
}

/** As `formatMinutes`; days from two on, and below ten seconds to a tenth, or milliseconds. */
export function sayDowntime(ms: number): string {
  const days = ms / 86_400_000;
  if (days >= 2) return `${days.toFixed(days < 10 ? 1 : 0)} days`;
  if (ms >= 10_000) return formatMinutes(ms);
  return ms >= 1000 || ms === 0 ? `${Number((ms / 1000).toFixed(1))} s` : `${Math.round(ms)} ms`;
}
