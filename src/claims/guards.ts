import { harnessSummary } from '../model/harness.ts';
import { faultsOf } from '../model/fault-summary.ts';
import type { FaultState, Timeline } from '../model/timeline.ts';
import { sayInstant } from '../model/span.ts';
import { injectedBy, settledAt } from './injected.ts';
import { calmMs } from './sampling.ts';
import { eventsOf, samplesOf } from './series.ts';

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
  return unproved(timeline) ?? tooSlow(timeline) ?? unsampled(timeline);
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

function tooSlow(timeline: Timeline): string | undefined {
  const summary = harnessSummary(timeline);
  const shares = [missedSinceFault(timeline)];
  if (summary !== undefined && summary.slots > 0) shares.push(summary.missedSlots / summary.slots);
  const missed = Math.max(...shares);
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
  const { series: all } = timeline.plan;
  const last = all.map((series) => samplesOf(timeline, series).at(-1)?.due ?? 0);
  const after = eventsOf(timeline, 'state').find(({ when }) => when === 'after');
  // Where nothing was surveyed at the end, the series say among themselves how long they were sampled.
  const end = after?.at ?? Math.max(0, ...last);
  for (const series of all) {
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

/** The share of missed slots in the time that is judged: a long calm before must not hide them. */
function missedSinceFault(timeline: Timeline): number {
  const fired = injectedBy(timeline)?.fired.lo;
  if (fired === undefined) return 0;
  const end = settledAt(timeline);
  let slots = 0;
  let missed = 0;
  for (const series of timeline.plan.series)
    for (const sample of samplesOf(timeline, series)) {
      if (sample.due < fired - calmMs || sample.due > end) continue;
      slots++;
      if (sample.missed === true) missed++;
    }
  return slots === 0 ? 0 : missed / slots;
}
