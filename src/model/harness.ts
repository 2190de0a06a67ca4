import type { HarnessSummary } from './result.ts';
import type { HarnessEvent, Timeline } from './timeline.ts';

/** Of a hundred seconds, so many must have had a quick event loop; a single stall shows in its samples anyway. */
const secondsInHundred = 95;

/**
 * How well this machine kept up over a run; undefined if nothing was sampled.
 * `loopDelayP99Ms` is what 95 of 100 seconds stayed within, each by its own p99; `cpuPercent` is the mean and
 * `rssBytes` the largest of the seconds.
 */
export function harnessSummary({ events }: Timeline): HarnessSummary | undefined {
  const seconds = events.filter((event) => event.type === 'harness').sort((a, b) => a.at - b.at);
  const last = seconds.at(-1);
  if (last === undefined) return undefined;
  return {
    slots: Math.max(...seconds.map(({ slots }) => slots)),
    missedSlots: Math.max(...seconds.map(({ missedSlots }) => missedSlots)),
    loopDelayP99Ms: withinForMost(seconds),
    cpuPercent: mean(seconds.map(({ cpuPercent }) => cpuPercent)),
    rssBytes: Math.max(...seconds.map(({ rssBytes }) => rssBytes)),
  };
}

function withinForMost(seconds: readonly HarnessEvent[]): number {
  const sorted = seconds.map(({ loopDelayP99Ms }) => loopDelayP99Ms).sort((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * secondsInHundred) / 100) - 1] ?? 0;
}

/**
 * How late samples left after their intended time, 99 of 100 of them at most; milliseconds, to a hundredth. Undefined if
 * none left.
 */
export function latenessOf({ events }: Timeline): number | undefined {
  const late = events.flatMap((event) =>
    event.type === 'sample' && event.sent !== undefined ? [event.sent - event.due] : [],
  );
  const within = late.sort((a, b) => a - b)[Math.ceil(late.length * 0.99) - 1];
  return within === undefined ? undefined : Math.round(Math.max(0, within) * 100) / 100;
}

/** The mean, to a tenth: more digits would say more than is known. */
function mean(values: readonly number[]): number {
  const sum = values.toSorted((a, b) => a - b).reduce((total, value) => total + value, 0);
  return Math.round((sum / values.length) * 10) / 10;
}
