import type { Series } from '../model/plan.ts';
import type { Measured, Span } from '../model/span.ts';
import type { ReplicasSeen, Timeline } from '../model/timeline.ts';
import { podsOf } from './pod-looks.ts';
import { calmMs } from './sampling.ts';
import { everyMsOf, seriesOf, usedFrom, type Used } from './series.ts';

/** How many replicas one look told to be ready. */
export interface Tale {
  /** Who told it: "the watch on pi2". */
  readonly by: string;
  readonly sent: number;
  readonly got: number;
  readonly ready: number;
  /** The fewest since the look before, of a watch; of a list, as many. */
  readonly least: number;
}

/** A time in which somebody told fewer than are wanted. */
export interface Dip {
  readonly by: string;
  readonly least: number;
  readonly begins: Span;
  readonly lasted: Measured;
  /** When the last look came that told of it. */
  readonly until: number;
  /** When it was last there at a look, and not only between two of them; absent if it never was. */
  readonly seen?: number;
}

/** All that was told from a little before an instant on, by each watch and by each server's lists. */
export function talesFrom(timeline: Timeline, from: number): readonly (readonly Tale[])[] {
  const looks = (probe: string): readonly (readonly [Series, readonly Used[]])[] =>
    seriesOf(timeline, probe).map((series) => [series, soundLooks(timeline, series, from)]);
  return [
    ...looks('replicas').map(([{ node, id }, watched]) =>
      watched.map(({ sent, got, value }): Tale => {
        const { ready, least } = value as ReplicasSeen;
        return { by: `the watch on ${node ?? id}`, sent, got, ready, least };
      }),
    ),
    ...looks('pods').map(([{ node, id }, listed]) =>
      listed.map((look): Tale => {
        const { sent, got } = look;
        const ready = podsOf(look).filter((pod) => pod.ready).length;
        return { by: `a list through ${node ?? id}`, sent, got, ready, least: ready };
      }),
    ),
  ];
}

function soundLooks(timeline: Timeline, series: Series, from: number): readonly Used[] {
  return looksFrom(timeline, series, from).filter(({ ok }) => ok);
}

/** What a series asked from a little before an instant on. */
function looksFrom(timeline: Timeline, series: Series, from: number): readonly Used[] {
  return usedFrom(timeline, series, from - calmMs);
}

/** The times in which one of them told fewer than are wanted. @param tales of one teller, in their order */
export function dipsIn(tales: readonly Tale[], wanted: number): readonly Dip[] {
  const isBelow = (index: number): boolean => (tales[index]?.least ?? wanted) < wanted;
  return [...tales.entries()]
    .filter(([index]) => isBelow(index) && !isBelow(index - 1))
    .map(([first, begin]) => dipOf(begin, tales.slice(first), tales[first - 1], wanted));
}

/**
 * @param begin the first that tells of fewer
 * @param tales from that one on
 * @param before the one before it, if there is one
 */
function dipOf(begin: Tale, tales: readonly Tale[], before: Tale | undefined, wanted: number): Dip {
  const next = tales.findIndex(({ least }) => least >= wanted);
  const run = next === -1 ? tales : tales.slice(0, next);
  const begins = { lo: before?.sent ?? begin.sent, hi: begin.got };
  const below = run.filter(({ ready }) => ready < wanted);
  const seen = below.at(-1)?.sent;
  const least = Math.max(0, (seen ?? 0) - (below[0]?.got ?? 0));
  const last = run.at(-1) ?? begin;
  const end = last.ready >= wanted ? last : tales[next];
  return {
    by: begin.by,
    least: Math.min(...run.map((tale) => tale.least)),
    begins,
    lasted: end === undefined ? { atLeast: least } : { lo: least, hi: end.got - begins.lo },
    until: last.got,
    ...(seen !== undefined && { seen }),
  };
}

/** So much may be missing at the end, where sampling ends; slots of the lists. */
const slotsAtEnd = 3;

/**
 * When no watch can be relied on. A watch that is not broken is told of every change, in its order; that it is not silent
 * for ever is shown by a list from the datastore through the same API server, which counts for all that came before.
 */
export function unwatched(timeline: Timeline, from: number, until: number): readonly Span[] {
  const sound = seriesOf(timeline, 'replicas')
    .flatMap((series) => soundIn(timeline, series, from))
    .sort((a, b) => a.lo - b.lo);
  const end = until - slotsAtEnd * everyMsOf(timeline, 'pods');
  const gaps: Span[] = [];
  let reached = from;
  for (const { lo, hi } of sound) {
    if (lo > reached && reached < end) gaps.push({ lo: reached, hi: Math.min(lo, end) });
    reached = Math.max(reached, hi);
  }
  return reached < end ? [...gaps, { lo: reached, hi: end }] : gaps;
}

/** A time in which a watch answered, as the one that was opened for the so-manieth time. */
interface Stretch {
  readonly opened: number;
  readonly lo: number;
  hi: number;
}

/** The times in which one watch was never closed, as far as lists show that it was told of what there was. */
function soundIn(timeline: Timeline, series: Series, from: number): readonly Span[] {
  const listed = seriesOf(timeline, 'pods', series.node).flatMap((one) =>
    soundLooks(timeline, one, from),
  );
  const stretches: Stretch[] = [];
  let going: Stretch | undefined;
  for (const { ok, sent, value } of looksFrom(timeline, series, from)) {
    if (!ok) {
      going = undefined;
      continue;
    }
    const { opened } = value as ReplicasSeen;
    if (going?.opened === opened) going.hi = sent;
    else stretches.push((going = { opened, lo: sent, hi: sent }));
  }
  return stretches.flatMap(({ lo, hi }) => {
    const shown = listed.findLast(({ sent }) => sent >= lo && sent <= hi)?.sent;
    return shown === undefined ? [] : [{ lo, hi: shown }];
  });
}
