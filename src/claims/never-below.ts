import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { countOf } from '../model/countof.ts';
import { sayDuration, sayInstant, saySeconds } from '../model/span.ts';
import type { EndpointsSeen, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { afterFault } from './after.ts';
import { injectedBy, neverFired, settledAt } from './injected.ts';
import { dipsIn, talesFrom, unwatched, type Dip } from './ready-replicas.ts';
import { vacuous } from './sampling.ts';
import { seriesOf, usedFrom } from './series.ts';

interface NeverBelowParams {
  readonly ready: number;
  readonly after?: string | undefined;
}

const name = 'never-below';

/**
 * Never fewer replicas of the workload are ready, from the fault to the end of settling, by every word of every API server:
 * of a watch, which is told of each change, and of lists, which come from the datastore.
 */
export const neverBelow: Claim<NeverBelowParams> = {
  summary: 'never fewer ready replicas of the workload',
  schema: z.strictObject({
    ready: z.int().min(1).max(1000).describe('So many at least, at every moment'),
    after: afterFault,
  }),
  probes: ['replicas', 'pods'],
  title,
  // It has no end of its own to wait for.
  seen: ({ after }, timeline) => injectedBy(timeline, after) !== undefined,
  judge: (params, timeline) => ({ claim: name, title: title(params), ...judged(params, timeline) }),
};

function title({ ready }: NeverBelowParams): string {
  return `never fewer than ${countOf(ready, 'ready replica')}`;
}

type Judged = Pick<Verdict, 'outcome' | 'because' | 'evidence'>;

function judged({ ready, after }: NeverBelowParams, timeline: Timeline): Judged {
  const invalid = (because: string): Judged => ({ outcome: 'invalid', because, evidence: [] });
  const injected = injectedBy(timeline, after);
  if (injected === undefined) return invalid(neverFired);
  const watches = seriesOf(timeline, 'replicas');
  if (watches.length === 0) return invalid('nobody watched the pods of the workload');
  const from = injected.fired.lo;
  const vacant = vacuous(timeline, [...watches, ...seriesOf(timeline, 'pods')], from);
  if (vacant !== undefined) return invalid(vacant);

  const tellers = talesFrom(timeline, from);
  const tales = tellers.flat().sort((a, b) => a.got - b.got);
  const before = tales.findLast(({ got }) => got <= from);
  if (before === undefined || before.ready < ready)
    return invalid(
      `${sayReplicas(before?.ready ?? 0)} before the fault, fewer than ${ready} already`,
    );
  const told = tales.filter(({ got }) => got > from);
  const fewest = told.reduce((a, b) => (b.least < a.least ? b : a), before);
  const dips = tellers
    .flatMap((one) => dipsIn(one, ready))
    .filter(({ until }) => until > from)
    .sort((a, b) => a.begins.hi - b.begins.hi);
  const evidence = [
    `the fewest that were told to be ready were ${fewest.least}, first by ${fewest.by} at ${sayInstant(fewest.got)}`,
    ...endpointsOf(timeline, from),
    ...dips.map(sayDip),
  ];
  // What is told of the time between two looks may have been before the fault if that was.
  const certain = dips.find(({ begins, seen }) => Math.max(begins.lo, seen ?? 0) >= from);
  const [first] = dips;
  if (certain !== undefined)
    return {
      outcome: 'fail',
      because: `${sayDip(certain)}; at least ${ready} were promised`,
      evidence,
    };
  if (first !== undefined)
    return {
      outcome: 'unknown',
      because: `${sayDip(first)}, which may have been before the fault`,
      evidence,
    };
  const gaps = unwatched(timeline, from, settledAt(timeline));
  const [gap] = gaps;
  if (gap !== undefined) {
    const total = gaps.reduce((sum, { lo, hi }) => sum + hi - lo, 0);
    const because =
      `no watch can be relied on for ${saySeconds(total)}, first at ${sayInstant(gap.lo)}: ` +
      `fewer than ${ready} may have been ready then`;
    return { outcome: 'unknown', because, evidence };
  }
  const because = `never fewer than ${fewest.least} were told to be ready, by ${countOf(watches.length, 'watch', 'watches')} and by lists`;
  return { outcome: 'pass', because, evidence };
}

function sayReplicas(ready: number): string {
  return `${countOf(ready, 'replica')} ${ready === 1 ? 'was' : 'were'} ready`;
}

function sayDip({ by, least, begins, lasted }: Dip): string {
  return `${by} told at ${sayInstant(begins.hi)} that ${sayReplicas(least)}, for ${sayDuration(lasted)}`;
}

/** From a cache, and later than the pods themselves: told, and not judged. */
function endpointsOf(timeline: Timeline, from: number): readonly string[] {
  const counts = seriesOf(timeline, 'endpoints')
    .flatMap((series) => usedFrom(timeline, series, from))
    .filter(({ ok, sent }) => ok && sent >= from)
    .map(({ value }) => Object.values((value as EndpointsSeen).ready).reduce((a, b) => a + b, 0));
  return counts.length === 0
    ? []
    : [`the Service led to ${Math.min(...counts)} of them at the least`];
}
