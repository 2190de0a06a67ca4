import { countOf } from '../model/countof.ts';
import { sayInstant } from '../model/span.ts';
import type { PodSeen, Timeline } from '../model/timeline.ts';
import { lastBefore } from './clocks/kind.ts';
import type { Since } from './injected.ts';
import { notTold, podLooks, readyIn } from './pod-looks.ts';
import { findTold } from './pods-told.ts';
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
  const before = lastBefore({ timeline, since }, looks);
  if (before === undefined) return { kind: 'invalid', because: notTold };
  const wanted = readyIn(before);
  const left = readyIn(before, counts);
  if (left === wanted) return { kind: 'not-applicable', because: `the fault ${none(wanted)}` };
  return findTold(timeline, since, looks, {
    isSo: (look) => readyIn(look, countsAgain) >= wanted,
    before: `${were(wanted, 'pod')} ready before, ${left} of them ${kept}`,
    shown: {
      says: `${were(wanted, 'pod')} ready ${again}`,
      evidence: ({ lo, hi }) =>
        `${were(wanted, 'other')} told between ${sayInstant(lo)} and ${sayInstant(hi)}`,
    },
    missed: {
      says: `${were(wanted, 'ready pod')} not seen again`,
      evidence: (denied) => `fewer were told until ${sayInstant(denied)} at least`,
    },
  });
}

function were(n: number, noun: string): string {
  return `${countOf(n, noun)} ${n === 1 ? 'was' : 'were'}`;
}
