import type { Series } from '../model/plan.ts';
import { voters } from '../model/snapshot.ts';
import type { LeaderSeen, Sample, Timeline } from '../model/timeline.ts';

const windowMs = 2000;
/** Of the slots in the window, more than the half that claims ask for before a fault: fewer were not enough to see. */
const leastShare = 0.7;

/**
 * What was not well in the last two seconds of sampling, in words; undefined if all was: every series answered and
 * nothing failed, and a majority of the voters named one leader.
 * @param sampled the series of the plan that can be sampled here
 */
export function unsteady(
  timeline: Timeline,
  sampled: readonly Series[],
  now: number,
): string | undefined {
  const recent = lastSamples(timeline, now - windowMs);
  const { plan } = timeline;
  for (const series of sampled) {
    if (series.probe === 'leader') continue;
    const bad = badness(series, recent.get(series.id) ?? []);
    if (bad !== undefined) return bad;
  }
  const leaders = sampled.filter(({ probe }) => probe === 'leader');
  // A scenario that claims nothing of leadership does not sample it.
  if (leaders.length === 0) return undefined;
  const named = leaders.map(
    ({ id }) => (recent.get(id)?.[0]?.value as LeaderSeen | undefined)?.leader ?? '',
  );
  const majority = Math.floor(voters(plan.snapshot).length / 2) + 1;
  const most = Math.max(
    0,
    ...named.filter((id) => id !== '').map((id) => named.filter((other) => other === id).length),
  );
  return most >= majority ? undefined : 'no leader that a majority of the voters names';
}

function badness(series: Series, samples: readonly Sample[]): string | undefined {
  const expected = windowMs / series.everyMs;
  if (samples.length < Math.max(1, expected * leastShare - 1))
    return `${series.id}: too few answers`;
  const failed = samples.find(({ ok }) => ok !== true);
  return failed === undefined ? undefined : `${series.id}: ${failed.error ?? 'missed'}`;
}

/** The samples due since an instant, by series, the newest first. */
function lastSamples(timeline: Timeline, since: number): ReadonlyMap<string, readonly Sample[]> {
  const found = new Map<string, Sample[]>();
  // Answers come up to a deadline late: a little further back is looked at than asked for.
  const stopBefore = since - 2000;
  for (let i = timeline.events.length - 1; i >= 0; i--) {
    const event = timeline.events[i];
    if (event?.type !== 'sample') continue;
    if (event.due < stopBefore) break;
    if (event.due < since) continue;
    const list = found.get(event.series);
    if (list === undefined) found.set(event.series, [event]);
    else list.push(event);
  }
  return found;
}
