/** Holds the failures that a run saw through the nodes' ports against what was done to them. */
import { pathOutage } from '../../../claims/path-outage.ts';
import { eventsOf, isUsed, samplesOf, seriesOf, type Used } from '../../../claims/series.ts';
import { isSeen } from '../../../model/span.ts';
import type { Phase, PhaseEvent, Timeline } from '../../../model/timeline.ts';
import type { Blink } from './blink.ts';

/** A request that was under way when a blink began may be refused, too. */
const underWayMs = 50;
/** Around a blink, where the good slots before and after it are found. */
const aroundMs = 1000;

export interface Seen {
  readonly blinks: number;
  readonly seen: number;
  /** How many of those that were seen have their length in the measured interval. */
  readonly inside: number;
  /** Requests that failed while nothing was wrong, and all that were made. */
  readonly invented: number;
  readonly requests: number;
}

/** Blinks are looked for in the series of new connections; failures at any other time in all. */
export function compareOutages(timeline: Timeline, all: readonly Blink[]): Seen {
  const onRun = (wallMs: number): number => wallMs - offsetOf(timeline);
  // While it is put there and taken away, the workload need not answer.
  const begun = phaseOf(timeline, 'steps').at;
  const ended = phaseOf(timeline, 'heal').at;
  let seen = 0;
  let inside = 0;
  let invented = 0;
  let requests = 0;
  for (const series of [...seriesOf(timeline, 'web-new'), ...seriesOf(timeline, 'web-reused')]) {
    const slots = samplesOf(timeline, series)
      .filter(isUsed)
      .filter(({ due }) => due >= begun && due <= ended);
    const own = all.filter(({ node }) => node === series.node);
    const within = (slot: Used): boolean =>
      own.some(
        ({ from, to }) =>
          slot.got >= onRun(from.lo) - underWayMs && slot.sent <= onRun(to.hi) + underWayMs,
      );
    invented += slots.filter((slot) => !slot.ok && !within(slot)).length;
    requests += slots.length;
    if (series.probe !== 'web-new') continue;
    for (const { from, to } of own) {
      const begins = onRun(from.lo);
      const around = slots.filter(
        ({ due }) => due >= begins - aroundMs && due <= onRun(to.hi) + aroundMs,
      );
      const measured = pathOutage(around, begins - aroundMs);
      if (!isSeen(measured) || !around.some(({ ok }) => !ok)) continue;
      seen += 1;
      if (measured.lo <= to.hi - from.lo && measured.hi >= to.lo - from.hi) inside += 1;
    }
  }
  return { blinks: all.length, seen, inside, invented, requests };
}

/** What to take off the wall clock for the run's own; both are of this machine. */
function offsetOf(timeline: Timeline): number {
  const { wall, at } = phaseOf(timeline, 'steps');
  return Date.parse(wall) - at;
}

function phaseOf(timeline: Timeline, name: Phase): PhaseEvent {
  const found = eventsOf(timeline, 'phase').find(({ phase }) => phase === name);
  if (found === undefined) throw new Error(`the run never came to its phase ${name}`);
  return found;
}
