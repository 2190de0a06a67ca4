import type { Series } from '../../model/plan.ts';
import { isSeen, type Measured } from '../../model/span.ts';
import { hitToTheEnd, settledAt } from '../injected.ts';
import { pathOutage } from '../path-outage.ts';
import { calmMs, vacuous } from '../sampling.ts';
import { seriesOf, usedFrom } from '../series.ts';
import type { About, ClockKind, Reading } from './kind.ts';

const outside = ['web-new', 'web-reused'];
const inside = ['inside-new', 'inside-reused', 'names'];

/**
 * The longest time for which the workload, or the DNS, was not served through a node that no fault was aimed at, to the
 * end of settling: of the worst node. A pod inside that does not answer us says nothing of what it asks.
 */
export const longestOutage: ClockKind = {
  summary: 'the longest time without an answer, of the worst node that no fault was aimed at',
  read: (about) => [...outside, ...inside].map((probe) => worstOf(about, probe)),
};

function worstOf(about: About, probe: string): Reading {
  const { timeline, since } = about;
  const hit = hitToTheEnd(timeline, since);
  const all = seriesOf(timeline, probe);
  if (all.length === 0) return { of: probe, because: 'the scenario has no workload' };
  const surviving = all.filter(({ node = '' }) => !hit.includes(node));
  if (surviving.length === 0) return { of: probe, because: 'a fault was aimed at every node' };
  const because = vacuous(timeline, surviving, since.before);
  if (because !== undefined) return { of: probe, because };
  const worst = surviving
    .map((series) => ({
      of: [probe, series.node].join(' '),
      outage: outageOf(about, series),
    }))
    .reduce((a, b) => (longer(b.outage) > longer(a.outage) ? b : a));
  return { of: worst.of, measuredMs: worst.outage };
}

function outageOf({ timeline, since }: About, series: Series): Measured {
  const end = settledAt(timeline);
  const slots = usedFrom(timeline, series, since.at.lo - calmMs).filter(
    ({ due, value }) => due <= end && (value !== undefined || !inside.includes(series.probe)),
  );
  return pathOutage(slots, since.at.lo);
}

/** For comparing: what was not seen to end is longer than what was. */
function longer(outage: Measured): number {
  return isSeen(outage) ? outage.hi : 1e12 + outage.atLeast;
}
