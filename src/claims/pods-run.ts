import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { limit, type Limit } from '../model/fields.ts';
import { between, type Span, sayInstant } from '../model/span.ts';
import type { PodSeen, PodsSeen, Timeline } from '../model/timeline.ts';
import { afterFault } from './after.ts';
import { neverFired, sinceOf, type Since } from './injected.ts';
import { calmMs, tooSparse } from './sampling.ts';
import { seriesOf, usedFrom, type Used } from './series.ts';
import { timingClaim, type Finding } from './timing.ts';

interface PodsRunParams {
  readonly within: Limit;
  readonly after?: string | undefined;
}

/** They run again only if no API server denies it for so long after it; milliseconds. */
const sustainedMs = 2000;

/**
 * As many pods of the workload are ready as before the fault, none of them one that the fault hits and none on a node
 * that it is aimed at. A pod on a dead node is told to be ready for a while; it does not count.
 */
export const podsRun: Claim<PodsRunParams> = timingClaim({
  name: 'pods-run',
  summary: 'as many pods of the workload are ready as before, in place of those that were hit',
  schema: z.strictObject({ within: limit, after: afterFault }),
  probes: ['pods'],
  promise: 'as many ready pods of the workload as before',
  find: findPodsRun,
});

/** When as many pods are ready in place of those that were hit. */
export function findPodsRun({ after }: Pick<PodsRunParams, 'after'>, timeline: Timeline): Finding {
  const since = sinceOf(timeline, after);
  if (since === undefined) return { kind: 'pending', because: neverFired };
  const looks = looksIn(timeline, since);
  const before = looks.findLast(({ got }) => got <= since.before);
  if (before === undefined)
    return { kind: 'invalid', because: 'no API server told the pods just before the fault' };
  const wanted = podsOf(before).filter(({ ready }) => ready).length;
  const counts = countsFor(since);
  const kept = podsOf(before).filter(counts).length;
  if (kept === wanted)
    return {
      kind: 'not-applicable',
      because: `the fault hits none of the ${wanted} ready pods of the workload`,
    };
  const said = `${wanted} pods were ready before, ${kept} of them not hit`;
  const enough = (look: Used): boolean => podsOf(look).filter(counts).length >= wanted;
  const later = looks.filter(({ sent }) => sent >= since.at.lo && sent <= since.until);
  const change = changeIn(later, enough, since.at.lo);
  if (change === undefined) {
    const denied = later.findLast((look) => !enough(look))?.sent ?? since.at.hi;
    return {
      kind: 'measured',
      measured: { atLeast: Math.max(0, denied - since.at.hi) },
      says: `${wanted} ready pods were not seen again`,
      evidence: [said, `fewer were told until ${sayInstant(denied)} at least`],
    };
  }
  const evidence = [
    said,
    `${wanted} others were told between ${sayInstant(change.lo)} and ${sayInstant(change.hi)}`,
  ];
  const sparse = tooSparse(change, seriesOf(timeline, 'pods')[0]?.everyMs ?? 0);
  if (sparse !== undefined) return { kind: 'invalid', because: sparse, evidence };
  return {
    kind: 'measured',
    measured: between(since.at, change),
    says: `${wanted} pods were ready in place of those that were hit`,
    evidence,
  };
}

/** What API servers told from a little before the fault on, in the order of asking: each reads from the datastore. */
function looksIn(timeline: Timeline, { before }: Since): readonly Used[] {
  return seriesOf(timeline, 'pods')
    .flatMap((series) => usedFrom(timeline, series, before - calmMs))
    .filter(({ ok, sent }) => ok && sent >= before - calmMs)
    .sort((a, b) => a.sent - b.sent);
}

function podsOf({ value }: Used): readonly PodSeen[] {
  return (value as PodsSeen).pods;
}

function countsFor({ intents, targets }: Since): (pod: PodSeen) => boolean {
  const hit = new Set(intents.flatMap(({ podsHit }) => podsHit));
  // A fault that hits no pod leaves those on its targets at work, as the crash of a datastore's member does.
  const away = hit.size === 0 ? [] : targets;
  return ({ name, node, ready }) =>
    ready && !hit.has(name) && (node === undefined || !away.includes(node));
}

/** From the last denial to the first look that shows enough, after which nobody denies it for two seconds. */
function changeIn(
  looks: readonly Used[],
  enough: (look: Used) => boolean,
  from: number,
): Span | undefined {
  let denied = from;
  let first: Used | undefined;
  for (const look of looks) {
    if (first !== undefined && look.sent > first.sent + sustainedMs) break;
    if (enough(look)) first ??= look;
    else {
      denied = look.sent;
      first = undefined;
    }
  }
  const last = looks.at(-1)?.sent ?? from;
  if (first === undefined || last < first.sent + sustainedMs) return undefined;
  const { sent } = first;
  const shown = looks.filter((look) => look.sent >= sent && look.sent <= sent + sustainedMs);
  // Looks may be answered in another order than they were sent: the first answer counts.
  return { lo: denied, hi: Math.min(...shown.map(({ got }) => got)) };
}
