import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { duration, share, wrong } from '../model/fields.ts';
import type { Series } from '../model/plan.ts';
import {
  againstLimit,
  isSeen,
  longest,
  sayDuration,
  saySeconds,
  sayInstant,
} from '../model/span.ts';
import type { AgainstLimit, Measured, Span } from '../model/span.ts';
import type { Sample, Timeline } from '../model/timeline.ts';
import type { Latencies, Verdict } from '../model/verdict.ts';
import { afterFault } from './after.ts';
import { hitToTheEnd, neverFired, settledAt, sinceOf, type Since } from './injected.ts';
import { apart, leftOut } from './left-out.ts';
import { latenciesOf, sayLatencies, sayLatency } from './latencies.ts';
import { endOfSampling } from './outages.ts';
import { pathOutage } from './path-outage.ts';
import { quietSince, vacuous } from './sampling.ts';
import { isUsed, samplesOf, seriesOf, type Used } from './series.ts';
import { sayLimit } from './timing.ts';

interface WorkloadAvailableParams {
  readonly failed: number;
  readonly 'longest-outage': number;
  readonly p99?: number | undefined;
  readonly on: 'every' | 'every-survivor';
  readonly after?: string | undefined;
}

const name = 'workload-available';
const probes = ['web-new', 'web-reused'];
/** Of a workload that nobody reaches from outside. */
const insideProbes = ['inside-new', 'inside-reused'];

/** A request that is not answered within this has failed; milliseconds. */
const deadlineMs = 1000;

const withinDeadline = duration.refine((ms) => ms <= deadlineMs, {
  error: wrong('at most 1s, after which a request has failed'),
});

/**
 * Requests of users succeed, from the fault to the end of settling.
 * The share of failures counts over all intended slots of all series; a slot that this machine missed may have failed
 * or not, so it widens the share to an interval. The longest outage is that of the worst series: at least from its
 * first bad slot to its last, at most from the good one before to the good one after.
 */
export const workloadAvailable: Claim<WorkloadAvailableParams> = {
  summary: 'few requests to the workload fail, and no outage is long',
  schema: z.strictObject({
    failed: share.describe('The largest share of requests that may fail'),
    'longest-outage': duration.describe('The longest time for which a path may fail on end'),
    p99: withinDeadline
      .optional()
      .describe('The longest time within which 99 % of all requests are answered; at most 1s'),
    on: z
      .enum(['every', 'every-survivor'])
      .default('every')
      .describe(
        'Through the ports of which nodes: every (the default), or every-survivor: one of a node that a fault is ' +
          'aimed at does not count until it answers again after that',
      ),
    after: afterFault,
  }),
  probes,
  title,
  seen: (params, timeline) =>
    quietSince(timeline, params.after, (since) => meant(params, timeline, since)),
  judge: (params, timeline) => {
    const head = { claim: name, title: title(params), limitMs: params['longest-outage'] };
    const since = sinceOf(timeline, params.after);
    const all = webSeries(timeline);
    const why = since === undefined ? neverFired : unwatched(timeline, all, since);
    if (since === undefined || why !== undefined)
      return { ...head, outcome: 'invalid', because: why ?? neverFired, evidence: [] };
    const counts = all.map((one) => countsOf(timeline, one, since, all, params));
    if (counts.every(({ intended }) => intended === 0)) {
      const because = 'the fault is aimed at every node through which the workload is asked';
      return { ...head, outcome: 'not-applicable', because, evidence: [] };
    }
    return judged(params, head, counts);
  },
};

function title(params: WorkloadAvailableParams): string {
  const where = params.on === 'every' ? '' : ' through the nodes that survive';
  const quick = params.p99 === undefined ? '' : `, and 99 % are answered within ${params.p99} ms`;
  return `at most ${sayShare(params.failed)} of requests fail${where}, and no outage is longer than ${sayLimit(params['longest-outage'])}${quick}`;
}

function webSeries(timeline: Timeline): readonly Series[] {
  const of = (some: readonly string[]): readonly Series[] =>
    some.flatMap((probe) => seriesOf(timeline, probe));
  const outside = of([...probes, 'load']);
  return outside.length > 0 ? outside : of(insideProbes);
}

/** Does a slot tell how its request fared? A pod of ours that does not answer tells nothing of what it asks. */
function tells({ probe }: Series): (slot: Sample) => slot is Used {
  return (slot): slot is Used =>
    isUsed(slot) && (slot.value !== undefined || !insideProbes.includes(probe));
}

/** The series that must be quiet before there is nothing more to be seen. */
function meant(
  { on }: WorkloadAvailableParams,
  timeline: Timeline,
  since: Since,
): readonly Series[] {
  const hit = hitToTheEnd(timeline, since);
  return webSeries(timeline).filter(
    ({ node }) => on === 'every' || !hit.some((one) => one === node),
  );
}

function unwatched(
  timeline: Timeline,
  series: readonly Series[],
  { before }: Since,
): string | undefined {
  if (series.length === 0) return 'no series samples the workload';
  return vacuous(timeline, series, before);
}

interface Counts {
  readonly probe: string;
  readonly failed: number;
  /** Slots of which nothing is known. */
  readonly untold: number;
  readonly intended: number;
  /** From its intended time to its answer, of each that was answered well. */
  readonly answeredMs: readonly number[];
  readonly outage: Measured;
  readonly evidence: string;
}

function countsOf(
  timeline: Timeline,
  series: Series,
  { at }: Since,
  all: readonly Series[],
  { on }: WorkloadAvailableParams,
): Counts {
  const end = endOfSampling(timeline, all, settledAt(timeline));
  const slots = samplesOf(timeline, series).filter(({ due }) => due <= end);
  const spans = on === 'every' ? [] : leftOut(timeline, series);
  const { between, within } = apart(slots, spans);
  const counted = between.flat().filter(({ due }) => due >= at.lo);
  const told = counted.filter(tells(series));
  const bad = told.filter(({ ok }) => !ok);
  // Slots that were never written down, as those of a sampler that died, count like those that were missed.
  const first = slots.find(({ due }) => due >= at.lo)?.due ?? at.lo;
  const until = Math.min(end, ...spans.filter(({ hi }) => hi > end).map(({ lo }) => lo));
  const whole = Math.floor((until - first) / series.everyMs) + 1;
  const left = within.filter(({ due }) => due >= at.lo && due <= until).length;
  const intended = Math.max(counted.length, whole - left);
  return {
    probe: series.probe,
    failed: bad.length,
    untold: intended - told.length,
    intended,
    answeredMs: told.filter(({ ok }) => ok).map(({ due, got }) => got - due),
    outage: longest(
      between.map((stretch, index) =>
        pathOutage(stretch.filter(tells(series)), at.lo, spans[index]?.lo),
      ),
    ),
    evidence: [
      `${series.id}: ${bad.length} of ${intended} failed${sayWhen(bad)}`,
      ...spans.map((span) => sayLeftOut(span, apart(slots, [span]).within)),
    ].join('; '),
  };
}

function sayLeftOut(span: Span, slots: readonly Sample[]): string {
  const failed = slots.filter(({ ok }) => ok === false).length;
  const until = span.hi === Infinity ? 'to the end' : `to ${sayInstant(span.hi)}`;
  return `not counted from ${sayInstant(span.lo)} ${until}, as a fault was aimed at its node: ${failed} of ${slots.length} failed`;
}

function judged(
  params: WorkloadAvailableParams,
  head: Pick<Verdict, 'claim' | 'title' | 'limitMs'>,
  counts: readonly Counts[],
): Verdict {
  const sum = (pick: (one: Counts) => number): number =>
    counts.reduce((total, one) => total + pick(one), 0);
  const failed = sum((one) => one.failed);
  const requests = sum((one) => one.intended);
  const untold = sum((one) => one.untold);
  const longestOutageMs = longest(counts.map((one) => one.outage));
  const byShare = againstLimit(
    { lo: failed / requests, hi: (failed + untold) / requests },
    params.failed,
  );
  const byOutage = againstLimit(longestOutageMs, params['longest-outage']);
  const isLoaded = counts.some(({ probe }) => probe === 'load');
  const latencyMs =
    params.p99 === undefined && !isLoaded
      ? undefined
      : latenciesOf({ answeredMs: counts.flatMap((one) => one.answeredMs), failed, untold });
  const byLatency = latencyVerdict(latencyMs, params.p99);
  return {
    ...head,
    outcome: worst([byShare, byOutage, byLatency.against]),
    failed,
    requests,
    ...(untold > 0 && { untold }),
    longestOutageMs,
    ...(latencyMs !== undefined && { latencyMs }),
    because: [
      sayFailures(failed, untold, requests, byShare, params.failed),
      sayOutage(longestOutageMs, byOutage, params['longest-outage']),
      ...byLatency.says,
    ].join('; '),
    evidence: [
      ...counts.map((one) => one.evidence),
      ...(latencyMs === undefined ? [] : [sayLatencies(latencyMs)]),
    ],
  };
}

function worst(all: readonly AgainstLimit[]): AgainstLimit {
  return (['fail', 'unknown'] as const).find((one) => all.includes(one)) ?? 'pass';
}

function latencyVerdict(
  latencies: Latencies | undefined,
  limitMs: number | undefined,
): { readonly against: AgainstLimit; readonly says: readonly string[] } {
  if (latencies === undefined || limitMs === undefined) return { against: 'pass', says: [] };
  const against = againstLimit(latencies.p99, limitMs);
  const { p99 } = latencies;
  const said = isSeen(p99)
    ? `99 % of requests were answered within ${sayLatency(p99)}`
    : `99 % of requests were answered only after ${sayLatency(p99)}, or never`;
  if (against === 'pass') return { against, says: [said] };
  const tail =
    against === 'fail' ? 'beyond the limit of' : 'which does not decide about the limit of';
  return { against, says: [`${said}, ${tail} ${limitMs} ms`] };
}

function sayFailures(
  failed: number,
  untold: number,
  requests: number,
  against: AgainstLimit,
  limit: number,
): string {
  const share = `${failed} of ${requests} requests failed (${sayShare(failed / requests)})`;
  if (against === 'pass') return failed === 0 ? 'no request failed' : share;
  return against === 'fail'
    ? `${share}, more than ${sayShare(limit)}`
    : `${share}, and the ${untold} slots of which nothing is known decide about ${sayShare(limit)}`;
}

function sayOutage(outage: Measured, against: AgainstLimit, limitMs: number): string {
  const longest = !isSeen(outage)
    ? `an outage of ${saySeconds(outage.atLeast)} at least had not ended`
    : outage.lo === 0
      ? `no outage was longer than ${saySeconds(outage.hi)}`
      : `the longest outage was ${sayDuration(outage)}`;
  if (against === 'pass') return longest;
  const limit = sayLimit(limitMs);
  return against === 'fail'
    ? `${longest}, beyond the limit of ${limit}`
    : `${longest}, which does not decide about the limit of ${limit}`;
}

function sayWhen(bad: readonly Sample[]): string {
  const [first] = bad;
  if (first === undefined) return '';
  const last = bad.at(-1) ?? first;
  const codes = [...new Set(bad.map(({ error }) => error ?? 'no code'))].sort();
  return ` between ${sayInstant(first.due)} and ${sayInstant(last.due)} (${codes.join(', ')})`;
}

/** A share as a percentage with at most three decimals. */
function sayShare(share: number): string {
  return `${Number((share * 100).toFixed(3))} %`;
}
