import { countOf } from '../model/countof.ts';
import { between, sayInstant } from '../model/span.ts';
import type { PodSeen, Timeline } from '../model/timeline.ts';
import type { Since } from './injected.ts';
import { notTold, podLooks, podsOf } from './pod-looks.ts';
import { toldFrom } from './pods-told.ts';
import { tooSparse } from './sampling.ts';
import { everyMsOf, type Used } from './series.ts';
import type { Finding } from './timing.ts';

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
  const { denied, shown } = toldFrom(later, enough, since.at.lo);
  if (shown === undefined)
    return {
      kind: 'measured',
      measured: { atLeast: Math.max(0, denied - since.at.hi) },
      says: `${were(wanted, 'ready pod')} not seen again`,
      evidence: [said, `fewer were told until ${sayInstant(denied)} at least`],
    };
  const evidence = [
    said,
    `${were(wanted, 'other')} told between ${sayInstant(shown.lo)} and ${sayInstant(shown.hi)}`,
  ];
  const sparse = tooSparse(shown, everyMsOf(timeline, 'pods'));
  if (sparse !== undefined) return { kind: 'invalid', because: sparse, evidence };
  return {
    kind: 'measured',
    measured: between(since.at, shown),
    says: `${were(wanted, 'pod')} ready ${again}`,
    evidence,
  };
}

function were(n: number, noun: string): string {
  return `${countOf(n, noun)} ${n === 1 ? 'was' : 'were'}`;
}
