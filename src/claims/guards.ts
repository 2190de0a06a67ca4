import { harnessSummary } from '../model/harness.ts';
import { faultsOf } from '../model/fault-summary.ts';
import { sayInstant } from '../model/span.ts';
import type { Series } from '../model/plan.ts';
import type { FaultState, Timeline } from '../model/timeline.ts';
import { unseen } from './answers.ts';
import { injectedBy } from './injected.ts';
import { calmMs } from './sampling.ts';
import { eventsOf, samplesOf, seriesOf, usedOf } from './series.ts';

/** The largest share of slots that this machine may miss. */
const mostMissed = 0.05;

/** The longest delay of the sampler's event loop; milliseconds. */
const longestLoopDelayMs = 250;

/** A series has a slot, sent or missed, at least so often; of a slow one, every fifth. Milliseconds. */
const longestHoleMs = 3000;

/**
 * Why the timings of a run say nothing about the cluster: a fault not proved, a machine too slow to see, or one that did
 * not look.
 */
export function voidBecause(timeline: Timeline): string | undefined {
  return (
    unproved(timeline) ??
    dishonest(timeline) ??
    backwards(timeline) ??
    tooSlow(timeline) ??
    unsampled(timeline)
  );
}

/** The first fault of which it is not proved that it bit. */
function unproved(timeline: Timeline): string | undefined {
  for (const { step, events } of faultsOf(timeline)) {
    const has = (state: FaultState): boolean => events.some((event) => event.state === state);
    const missed = events.find(({ state }) => state === 'missed');
    const because = missed?.because ?? 'its proof did not say yes';
    const what = `the fault "${step.fault}" of step ${step.id}`;
    if (!has('fired'))
      return `${what} was never fired${missed === undefined ? '' : `: ${because}`}`;
    // A timer that undid the fault too early is told after the fault had bitten.
    if (missed !== undefined)
      return `${what} ${has('bit') ? 'did not last' : 'was fired and did not bite'}: ${because}`;
    if (!has('bit')) return `${what} was fired, and it was not proved that it bit`;
  }
  return undefined;
}

/** A probe that said yes and had seen nothing: it may have said so all the time. */
function dishonest(timeline: Timeline): string | undefined {
  for (const series of lookedBy(timeline)) {
    const found = usedOf(timeline, series).find(({ error }) => error === unseen);
    if (found !== undefined)
      return `${series.id} said yes at ${sayInstant(found.got)} and had seen no answer: its probe cannot be believed`;
  }
  return undefined;
}

/** An answer that came before its question: none of the instants can be believed then. */
function backwards(timeline: Timeline): string | undefined {
  for (const series of lookedBy(timeline)) {
    const found = usedOf(timeline, series).find(({ sent, got }) => got < sent);
    if (found !== undefined)
      return (
        `the clock of this machine went backwards: ${series.id}, sent at ${sayInstant(found.sent)}, ` +
        'was answered before it was asked'
      );
  }
  return undefined;
}

function tooSlow(timeline: Timeline): string | undefined {
  const summary = harnessSummary(timeline);
  const isSampled = lookedBy(timeline).some((series) => samplesOf(timeline, series).length > 0);
  if (summary === undefined && isSampled)
    return 'nothing tells how well this machine kept up: its sampler never said how late it was';
  const inAll = summary === undefined ? 0 : shareOf(summary.missedSlots, summary.slots);
  const missed = Math.max(inAll, missedSinceFault(timeline));
  if (missed > mostMissed)
    return (
      `this machine was too slow to see: it missed ${(missed * 100).toFixed(1)} % of the samples, ` +
      `and ${mostMissed * 100} % is the most that is good enough`
    );
  const delay = summary?.loopDelayP99Ms ?? 0;
  if (delay > longestLoopDelayMs)
    return (
      `this machine was too slow to see: its event loop was late by ${Math.round(delay)} ms (p99), ` +
      `and ${longestLoopDelayMs} ms is the most that is good enough`
    );
  return undefined;
}

/**
 * The first series that has no slots for a while in the time that is judged. Slots that this machine misses are written
 * down: where there are none, nobody looked, and that nothing bad was seen there means nothing.
 */
function unsampled(timeline: Timeline): string | undefined {
  const fired = injectedBy(timeline)?.fired.lo;
  if (fired === undefined) return undefined;
  const end = endOfLooking(timeline);
  for (const series of lookedBy(timeline)) {
    const dues = samplesOf(timeline, series)
      .map(({ due }) => due)
      .filter((due) => due > fired && due < end);
    const edges = [fired, ...dues, end];
    const hole = edges.findIndex(
      (due, index) => (edges[index + 1] ?? due) - due > Math.max(longestHoleMs, 5 * series.everyMs),
    );
    if (hole >= 0)
      return (
        `${series.id} was not sampled between ${sayInstant(edges[hole] ?? 0)} ` +
        `and ${sayInstant(edges[hole + 1] ?? 0)}: what happened then is not known`
      );
  }
  return undefined;
}

/**
 * The share of missed slots in the time that is judged, of the eyes or of a load, which has many more: neither that nor
 * a long calm before must hide them. Slots that were never written down, as those of a sampler that died, are missed
 * like the others.
 */
function missedSinceFault(timeline: Timeline): number {
  const fired = injectedBy(timeline)?.fired.lo;
  if (fired === undefined) return 0;
  const end = endOfLooking(timeline);
  const all = lookedBy(timeline);
  const loads = seriesOf(timeline, 'load');
  const eyes = all.filter((one) => !loads.includes(one));
  const load = all.filter((one) => loads.includes(one));
  return Math.max(...[eyes, load].map((some) => missedIn(timeline, some, fired, end)));
}

function missedIn(timeline: Timeline, all: readonly Series[], fired: number, end: number): number {
  let slots = 0;
  let missed = 0;
  for (const series of all) {
    const due = samplesOf(timeline, series).filter(
      (sample) => sample.due >= fired - calmMs && sample.due <= end,
    );
    const intended = Math.max(due.length, intendedIn(series, due[0]?.due, fired - calmMs, end));
    slots += intended;
    missed += intended - due.filter((sample) => sample.missed !== true).length;
  }
  return shareOf(missed, slots);
}

function shareOf(missed: number, slots: number): number {
  return slots === 0 ? 0 : missed / slots;
}

/** All series of the plan, but for those that this cluster never let us sample: the run says so, and no claim reads them. */
function lookedBy(timeline: Timeline): readonly Series[] {
  return timeline.plan.series.filter(
    (series) => series.optional !== true || samplesOf(timeline, series).length > 0,
  );
}

/** Sampling goes on until the survey after settling; where that never came, until the last that any series saw. */
function endOfLooking(timeline: Timeline): number {
  const after = eventsOf(timeline, 'state').find(({ when }) => when === 'after');
  const last = lookedBy(timeline).map((series) => samplesOf(timeline, series).at(-1)?.due ?? 0);
  return after?.at ?? Math.max(0, ...last);
}

/** How many slots a series has between two instants, whole ones, given the first that was written down. */
function intendedIn(
  { everyMs }: Series,
  first: number | undefined,
  from: number,
  to: number,
): number {
  return Math.max(0, Math.floor((to - (first ?? from)) / everyMs));
}
