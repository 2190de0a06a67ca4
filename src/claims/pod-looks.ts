import { sayInstant, saySeconds } from '../model/span.ts';
import type { PodSeen, PodsSeen, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Since } from './injected.ts';
import { calmMs, widestChange } from './sampling.ts';
import { everyMsOf, seriesOf, usedFrom, type Used } from './series.ts';

/** What a claim on pods says where they were not told in the two seconds before a fault. */
export const notTold = 'no API server told the pods just before the fault';

/** What API servers told from a little before the fault on, in the order of asking: each reads from the datastore. */
export function podLooks(timeline: Timeline, before: number): readonly Used[] {
  return seriesOf(timeline, 'pods')
    .flatMap((series) => usedFrom(timeline, series, before - calmMs))
    .filter(({ ok, sent }) => ok && sent >= before - calmMs)
    .sort((a, b) => a.sent - b.sent);
}

export function podsOf({ value }: Used): readonly PodSeen[] {
  return (value as PodsSeen).pods;
}

/** How many pods are ready, of all or of those that count. */
export function readyIn(look: Used, counts: (pod: PodSeen) => boolean = () => true): number {
  return podsOf(look).filter((pod) => pod.ready && counts(pod)).length;
}

/** Is a pod one that the fault leaves alone? */
export function leftBy({ intents, targets }: Since): (pod: PodSeen) => boolean {
  const hit = new Set(intents.flatMap(({ podsHit }) => podsHit));
  // A fault that hits no pod leaves those on its targets at work, as the crash of a datastore's member does.
  const isAway = ({ node }: PodSeen): boolean =>
    hit.size > 0 && targets.some((target) => target === node);
  return (pod) => !hit.has(pod.name) && !isAway(pod);
}

/** Is a pod one that was not there before, or not on its node? */
export function madeAfter(before: Used): (pod: PodSeen) => boolean {
  const known = podsOf(before);
  return ({ name, node }) => !known.some((one) => one.name === name && one.node === node);
}

/** What a claim on the places of pods says where none was made anew: it was not put to the test. */
export function untested(
  before: Used,
  since: Since,
): Pick<Verdict, 'outcome' | 'because' | 'evidence'> {
  const ready = podsOf(before).filter((pod) => pod.ready);
  const hit = ready.filter((pod) => !leftBy(since)(pod));
  return hit.length === 0
    ? {
        outcome: 'not-applicable',
        because: `the fault ${sayHitsNone(ready.length)}, and none was made anew`,
        evidence: [],
      }
    : {
        outcome: 'unknown',
        because: `none was made in place of ${hit.map(({ name }) => name).join(', ')} before the fault was taken back`,
        evidence: [],
      };
}

/** What a fault does that leaves all of the workload's pods. @param ready how many were ready */
export function sayHitsNone(ready: number): string {
  return ready === 1
    ? 'does not hit the only ready pod of the workload'
    : `hits none of the ${ready} ready pods of the workload`;
}

/** Why looks are too far apart to tell what was between them; undefined if they are not. */
export function tooFewLooks(
  timeline: Timeline,
  looks: readonly Used[],
  from: number,
  until: number,
): string | undefined {
  const widest = widestChange(everyMsOf(timeline, 'pods'));
  const instants = [from, ...looks.map(({ sent }) => sent), until];
  for (const [index, at] of instants.entries()) {
    const next = instants[index + 1] ?? at;
    if (next - at > widest)
      return `no API server told the pods for ${saySeconds(next - at)} from ${sayInstant(at)} on`;
  }
  return undefined;
}
