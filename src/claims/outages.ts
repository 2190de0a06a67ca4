/**
 * Finds the times in which no write is acknowledged, through one API server or through none of several.
 *
 * A write that was acknowledged was carried out between its sending and its receipt. So a time in which none could be
 * ends at the latest with a receipt, and begins at the earliest with the latest sending among those received before:
 * that is its upper bound. The lower one is of the attempts that failed on end: from where each of the API servers had
 * certainly failed once to where each certainly failed for the last time.
 */
import type { Series } from '../model/plan.ts';
import type { Measured, Span } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import { calmMs, tooSparse } from './sampling.ts';
import { samplesOf, usedFrom, type Used } from './series.ts';

/** What a window shows; the times in which no write is acknowledged are also those between two writes that follow. */
export interface Outages {
  /** How long each of them certainly was, the longest first; ms. */
  readonly atLeast: readonly number[];
  /** Each of them at its widest, the widest first. */
  readonly atMost: readonly Gap[];
  /** Attempts in the window that were not acknowledged, and all of them. */
  readonly failed: number;
  readonly attempts: number;
}

/** A time that an outage may have filled; `to` is Infinity if it had not ended with the window. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/**
 * @param series of probe `write`; of several, the times in which none of them acknowledges
 * @param since what outages count from; @param until the end of the window; on the run's clock
 */
export function outagesIn(
  timeline: Timeline,
  series: readonly Series[],
  since: Span,
  until: number,
): Outages {
  const attempts = series
    .flatMap((one) => usedFrom(timeline, one, since.lo - calmMs))
    .filter(({ sent }) => sent <= until)
    .sort((a, b) => a.sent - b.sent);
  const counted = attempts.filter(({ sent }) => sent >= since.lo);
  const everyMs = Math.max(0, ...series.map((one) => one.everyMs));
  return {
    atLeast: failuresOnEnd(counted, everyMs)
      .map((run) => certainly(run, series))
      .sort((a, b) => b - a),
    atMost: gapsOf(attempts, since.lo, until).sort((a, b) => lengthOf(b) - lengthOf(a)),
    failed: counted.filter(({ ok }) => !ok).length,
    attempts: counted.length,
  };
}

/**
 * How long the longest outage was.
 * @param but so many longer ones are left out
 */
export function longestOutage({ atLeast, atMost }: Outages, but = 0): Measured {
  const lo = atLeast[but] ?? 0;
  const widest = atMost[but];
  if (widest?.to === Infinity) return { atLeast: lo };
  return { lo, hi: Math.max(lo, widest === undefined ? 0 : lengthOf(widest)) };
}

/** The last instant at which a series was still sampled, or the end of settling if that was before. */
export function endOfSampling(
  timeline: Timeline,
  series: readonly Series[],
  settled: number,
): number {
  const last = series.map((one) => samplesOf(timeline, one).at(-1)?.due ?? 0);
  return Math.min(settled, Math.max(0, ...last));
}

export function lengthOf({ from, to }: Gap): number {
  return to - from;
}

/** The times between the receipts of acknowledged writes, each from the latest sending among those received before. */
function gapsOf(attempts: readonly Used[], from: number, until: number): Gap[] {
  const gaps: Gap[] = [];
  let since = from;
  for (const { sent, got } of attempts.filter(({ ok }) => ok).sort((a, b) => a.got - b.got)) {
    if (got > from) gaps.push({ from: since, to: got });
    since = Math.max(since, sent);
  }
  if (until <= since) return gaps;
  // A write or two that were lost at the end are no outage that goes on.
  const goesOn = until - since > calmMs && attempts.some(({ ok, sent }) => !ok && sent > since);
  return [...gaps, { from: since, to: goesOn ? Infinity : until }];
}

/** The failures that follow each other without an acknowledged write or a long silence of ours between them. */
function failuresOnEnd(
  attempts: readonly Used[],
  everyMs: number,
): readonly (readonly [Used, ...Used[]])[] {
  const runs: [Used, ...Used[]][] = [];
  let last: Used | undefined;
  for (const attempt of attempts) {
    const follows =
      last?.ok === false && tooSparse({ lo: last.sent, hi: attempt.sent }, everyMs) === undefined;
    if (!attempt.ok && follows) runs.at(-1)?.push(attempt);
    else if (!attempt.ok) runs.push([attempt]);
    last = attempt;
  }
  return runs;
}

/** From where every series had failed once to where each failed for the last time; 0 if one had not failed at all. */
function certainly(run: readonly Used[], series: readonly Series[]): number {
  const ofEach = series.map(({ id }) => run.filter((attempt) => attempt.series === id));
  const begun = Math.max(...ofEach.map(([first]) => (first ? failing(first) : Infinity)));
  const last = Math.min(...ofEach.map((failures) => failures.at(-1)?.sent ?? -Infinity));
  return Math.max(0, last - begun);
}

/** From when an attempt certainly failed: one that ran into its deadline waited from the first; others, once they say so. */
function failing({ error, sent, got }: Used): number {
  return error === 'EDEADLINE' ? sent : got;
}
