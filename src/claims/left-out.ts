import type { Series } from '../model/plan.ts';
import type { Span } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import { allInjected } from './injected.ts';
import { usedFrom } from './series.ts';

/**
 * When nobody comes by a node whose balancer leaves out what does not serve: from each fault that is aimed at the node
 * until its own series succeeds again after the fault was taken back. One that never does is left out only while the
 * fault stands. In order, none touching another; the last may end at Infinity.
 */
export function leftOut(timeline: Timeline, series: Series): readonly Span[] {
  const spans = allInjected(timeline)
    .filter(({ intent }) => series.node !== undefined && intent.targets.includes(series.node))
    .map(({ fired, undone }): Span => {
      if (undone === undefined) return { lo: fired.lo, hi: Infinity };
      const back = usedFrom(timeline, series, undone.hi).find(
        ({ ok, due }) => ok && due >= undone.hi,
      );
      return { lo: fired.lo, hi: back?.due ?? undone.hi };
    })
    .sort((a, b) => a.lo - b.lo);
  return spans.reduce<readonly Span[]>((joined, span) => {
    const last = joined.at(-1);
    if (last === undefined || last.hi < span.lo) return [...joined, span];
    return [...joined.slice(0, -1), { lo: last.lo, hi: Math.max(last.hi, span.hi) }];
  }, []);
}

/** Splits what is in order into the stretches between the spans, and what is within them. */
export function apart<Slot extends { readonly due: number }>(
  slots: readonly Slot[],
  spans: readonly Span[],
): { readonly between: readonly (readonly Slot[])[]; readonly within: readonly Slot[] } {
  const isWithin = ({ due }: Slot): boolean => spans.some(({ lo, hi }) => due >= lo && due < hi);
  const between = [...spans, { lo: Infinity, hi: Infinity }].map(({ lo }, index) => {
    const from = spans[index - 1]?.hi ?? -Infinity;
    return slots.filter(({ due }) => due >= from && due < lo);
  });
  return { between, within: slots.filter(isWithin) };
}
