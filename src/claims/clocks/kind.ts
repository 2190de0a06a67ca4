import type { Clock } from '../../model/clock.ts';
import { between, type Measured } from '../../model/span.ts';
import type { Timeline } from '../../model/timeline.ts';
import type { Since } from '../injected.ts';
import type { MembersBefore } from '../members.ts';
import { calmMs } from '../sampling.ts';
import { seriesOf, usedFrom, type Used } from '../series.ts';
import type { NoMeasurement, Finding } from '../timing.ts';

/** A kind of clock: a pure function from a timeline to durations, which no limit is held against. */
export interface ClockKind {
  /** What it is the time until, or the length of, for people. */
  readonly summary: string;
  readonly read: (about: About) => readonly Reading[];
}

/** A clock without its name and title. */
export type Reading = Omit<Clock, 'clock' | 'title'>;

/** What looks are told from: a run, and since when they count. */
export interface Looking {
  readonly timeline: Timeline;
  readonly since: Since;
}

/** What is known of the first fault, until it was taken back, that clocks count from. */
export interface About extends Looking {
  readonly before: MembersBefore;
}

/** What a claim found, as a clock. */
export function readingOf(finding: Finding): Reading {
  if (isMeasured(finding)) return { measuredMs: finding.measured };
  return { because: finding.because };
}

function isMeasured(finding: Finding): finding is Exclude<Finding, NoMeasurement> {
  return finding.kind === 'measured';
}

/** The good looks of a probe by whichever API server, from a little before the fault to its healing, as they were sent. */
export function looksOf({ timeline, since }: Looking, probe: string): readonly Used[] {
  const from = since.before - calmMs;
  return seriesOf(timeline, probe)
    .flatMap((series) => usedFrom(timeline, series, from))
    .filter(({ ok, sent }) => ok && sent >= from && sent <= since.until)
    .sort((a, b) => a.sent - b.sent);
}

/** The last look whose answer had come before the fault. */
export function lastBefore({ since }: Looking, looks: readonly Used[]): Used | undefined {
  return looks.findLast(({ got }) => got <= since.before);
}

/**
 * When something was first told: not before the last look that denied it was sent, and before the answer of the first that
 * shows it had come.
 */
export function firstShown(
  { since }: Looking,
  looks: readonly Used[],
  shows: (look: Used) => boolean,
): Measured {
  const later = looks.filter(({ sent }) => sent >= since.at.lo);
  const first = later.findIndex(shows);
  const denied = later.slice(0, first < 0 ? undefined : first).at(-1)?.sent ?? since.at.lo;
  const shown = later[first];
  if (shown === undefined) return { atLeast: Math.max(0, denied - since.at.hi) };
  return between(since.at, { lo: denied, hi: shown.got });
}
