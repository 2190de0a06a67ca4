import { countOf } from '../model/countof.ts';
import { between, sayInstant, type Span } from '../model/span.ts';
import type { PodSeen, Timeline } from '../model/timeline.ts';
import type { Since } from './injected.ts';
import { notTold, podLooks, podsOf } from './pod-looks.ts';
import { tooSparse } from './sampling.ts';
import { everyMsOf, type Used } from './series.ts';
import type { Finding } from './timing.ts';

/** They run again only if no API server denies it for so long after it; milliseconds. */
const sustainedMs = 2000;

/** Which ready pods count as in place of those that are gone, and how that is said. */
export interface Replacing {
  /** Those that the fault leaves, and, unless it is said otherwise, those that come after it. */
  readonly counts: (pod: PodSeen) => boolean;
  readonly countsAgain?: (pod: PodSeen) => boolean;
  /** Completes "3 pods were ready before, 2 of them …". */
  readonly kept: string;
  /** Completes "3 pods were ready …". */
  readonly again: string;
  /** Completes "the fault …", where all that were ready count. */
  readonly none: (ready: number) => string;
}

/** When as many pods of the workload that count are ready as were ready before. */
export function findReplaced(
  timeline: Timeline,
  since: Since,
  { counts, countsAgain = counts, kept, again, none }: Replacing,
): Finding {
  const looks = podLooks(timeline, since.before);
  const before = looks.findLast(({ got }) => got <= since.before);
  if (before === undefined) return { kind: 'invalid', because: notTold };
  const readyIn = (look: Used, isCounted: (pod: PodSeen) => boolean): number =>
    podsOf(look).filter((pod) => pod.ready && isCounted(pod)).length;
  const wanted = readyIn(before, () => true);
  const left = readyIn(before, counts);
  if (left === wanted) return { kind: 'not-applicable', because: `the fault ${none(wanted)}` };
  const said = `${were(wanted, 'pod')} ready before, ${left} of them ${kept}`;
  const enough = (look: Used): boolean => readyIn(look, countsAgain) >= wanted;
  const later = looks.filter(({ sent }) => sent >= since.at.lo && sent <= since.until);
  const change = changeIn(later, enough, since.at.lo);
  if (change === undefined) {
    const denied = later.findLast((look) => !enough(look))?.sent ?? since.at.hi;
    return {
      kind: 'measured',
      measured: { atLeast: Math.max(0, denied - since.at.hi) },
      says: `${were(wanted, 'ready pod')} not seen again`,
      evidence: [said, `fewer were told until ${sayInstant(denied)} at least`],
    };
  }
  const evidence = [
    said,
    `${were(wanted, 'other')} told between ${sayInstant(change.lo)} and ${sayInstant(change.hi)}`,
  ];
  const sparse = tooSparse(change, everyMsOf(timeline, 'pods'));
  if (sparse !== undefined) return { kind: 'invalid', because: sparse, evidence };
  return {
    kind: 'measured',
    measured: between(since.at, change),
    says: `${were(wanted, 'pod')} ready ${again}`,
    evidence,
  };
}

function were(n: number, noun: string): string {
  return `${countOf(n, noun)} ${n === 1 ? 'was' : 'were'}`;
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
  const shown = looks.filter((look) => look.sent >= sent);
  // Looks may be answered in another order than they were sent: the first answer counts.
  return { lo: denied, hi: Math.min(...shown.map(({ got }) => got)) };
}
