import type { Clock } from '../../model/clock.ts';
import type { Timeline } from '../../model/timeline.ts';
import { voidBecause } from '../guards.ts';
import { sinceOf } from '../injected.ts';
import { membersBefore } from '../members.ts';
import type { About, ClockKind, Reading } from './kind.ts';
import { clockKinds } from './table.ts';

/**
 * All that a run tells of its first fault besides its verdicts; nothing where no fault was fired, or where its timings
 * mean nothing.
 */
export function clocksOf(timeline: Timeline): readonly Clock[] {
  const since = sinceOf(timeline);
  if (since === undefined || voidBecause(timeline) !== undefined) return [];
  const about = { timeline, since, before: membersBefore(timeline, since.before) };
  return Object.entries<ClockKind>(clockKinds).flatMap(([clock, kind]) =>
    readingsOf(kind, about).map((reading) => ({ clock, title: kind.summary, ...reading })),
  );
}

/** A clock that cannot be read is no reason to lose the others, nor the verdicts. */
function readingsOf(kind: ClockKind, about: About): readonly Reading[] {
  try {
    return kind.read(about);
  } catch (error) {
    return [
      {
        because: `it could not be read: ${error instanceof Error ? error.message : String(error)}`,
      },
    ];
  }
}
