import type { Snapshot } from '../model/snapshot.ts';
import { voters } from '../model/snapshot.ts';
import type { Series } from '../model/plan.ts';
import type { LeaderSeen, RolesSeen, Timeline } from '../model/timeline.ts';
import { calmMs } from './sampling.ts';
import { seriesOf, usedFrom, type Used } from './series.ts';

/** The datastore as it was just before an instant. */
export interface MembersBefore {
  /** Id of the leader that a majority of the configured voters named last; absent if they did not agree. */
  readonly leader?: string;
  /** Ids of the configured voters: by the leader's own configuration, else as surveyed. */
  readonly voters: readonly string[];
}

/** How many of so many voters decide. */
export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** The node a member runs on, or the member's id if no node of the cluster is known to have it. */
export function nodeOf(snapshot: Snapshot, id: string): string {
  return snapshot.datastore.members.find((member) => member.id === id)?.node ?? id;
}

/** Who led and who voted just before an instant, by the last answers that had come by then. */
export function membersBefore(timeline: Timeline, before: number): MembersBefore {
  const { snapshot } = timeline.plan;
  const named = new Map<string | undefined, string>();
  for (const series of seriesOf(timeline, 'leader')) {
    // Whoever names nobody has no good answer.
    const last = lastBefore(timeline, series, before);
    const leader = last && leaderNamed(last);
    if (leader !== undefined) named.set(series.node, leader);
  }
  const top = mostFrequent([...named.values()]);
  const ids =
    (top === undefined ? undefined : votersAsToldBy(timeline, nodeOf(snapshot, top), before)) ??
    voters(snapshot).map((member) => member.id);
  const behind = ids.filter((id) => named.get(nodeOf(snapshot, id)) === top).length;
  return top !== undefined && behind >= majorityOf(ids.length)
    ? { leader: top, voters: ids }
    : { voters: ids };
}

/**
 * The id of the leader that a poll of probe `leader` was told, empty for none; undefined if it tells nothing.
 * A refused connection is an answer of the kernel: no process is there that could name a leader. Other errors (a deadline,
 * a broken link) say nothing of what the member believes.
 */
export function leaderNamed({ value, error }: Used): string | undefined {
  return error === 'ECONNREFUSED' ? '' : (value as LeaderSeen | undefined)?.leader;
}

/** The ids of the voters in a sample of probe `roles`; undefined if it did not answer. */
export function votersIn(sample: Used): readonly string[] | undefined {
  if (!sample.ok) return undefined;
  return (sample.value as RolesSeen).members
    .filter((member) => member.role === 'voter')
    .map((member) => member.id);
}

function votersAsToldBy(
  timeline: Timeline,
  node: string,
  before: number,
): readonly string[] | undefined {
  const [series] = seriesOf(timeline, 'roles', node);
  const last = series && lastBefore(timeline, series, before);
  return last && votersIn(last);
}

/** The last good sample that had come by an instant, unless it is too old to tell of that instant. */
function lastBefore(timeline: Timeline, series: Series, before: number): Used | undefined {
  return usedFrom(timeline, series, before - calmMs).findLast(
    ({ ok, sent, got }) => ok && got <= before && sent >= before - calmMs,
  );
}

function mostFrequent(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  // Equal counts are put in the order of the names, so that the same samples always give the same answer.
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}
