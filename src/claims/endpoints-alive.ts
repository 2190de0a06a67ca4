import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { countOf } from '../model/countof.ts';
import { limit, type Limit } from '../model/fields.ts';
import {
  againstLimit,
  isSeen,
  longest,
  sayDuration,
  sayInstant,
  saySeconds,
} from '../model/span.ts';
import type { Measured } from '../model/span.ts';
import type { Series } from '../model/plan.ts';
import type { EndpointSeen, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { afterFault } from './after.ts';
import { keyOf, pathsFrom, type Failure, type Path } from './endpoint-paths.ts';
import { hitToTheEnd, neverFired, sinceOf, type Since } from './injected.ts';
import { quietSince, vacuous } from './sampling.ts';
import { samplesOf, seriesOf } from './series.ts';
import { limitOf, sayLimit } from './timing.ts';

interface EndpointsAliveParams {
  readonly within: Limit;
  readonly after?: string | undefined;
}

const name = 'endpoints-alive';
const probe = 'each-endpoint';

/**
 * Whoever does not answer is not listed as ready for long: as long as it is, a part of all new connections ends there.
 * Each endpoint is asked by a pod on each node, past the Service; the longest time counts for which one of these pods got
 * no good answer from an endpoint that was listed all the while.
 */
export const endpointsAlive: Claim<EndpointsAliveParams> = {
  summary: 'the Service of the workload leads to nobody for long who does not answer',
  schema: z.strictObject({ within: limit, after: afterFault }),
  probes: [probe],
  title,
  seen: ({ after }, timeline) => quietSince(timeline, after, (since) => spared(timeline, since)),
  judge: (params, timeline) => {
    const limitMs = limitOf(name, params, timeline);
    const head = {
      claim: name,
      title: title(params),
      ...(limitMs !== undefined && { limitMs }),
    };
    const since = sinceOf(timeline, params.after);
    const why = since === undefined ? neverFired : unwatched(timeline, since);
    if (since === undefined || why !== undefined)
      return { ...head, outcome: 'invalid', because: why ?? neverFired, evidence: [] };
    const paths = seriesOf(timeline, probe).flatMap((one) => pathsFrom(timeline, one, since));
    return paths.length === 0 ? { ...head, ...untold(timeline, since) } : judged(head, paths);
  },
};

function title({ within }: EndpointsAliveParams): string {
  return `an endpoint that does not answer is listed for no longer than ${sayLimit(within)}`;
}

/** What is asked from nodes that no fault is aimed at, to the end of the run. */
function spared(timeline: Timeline, since: Since): readonly Series[] {
  const hit = hitToTheEnd(timeline, since);
  return seriesOf(timeline, probe).filter(({ node = '' }) => !hit.includes(node));
}

function untold(
  timeline: Timeline,
  since: Since,
): Pick<Verdict, 'outcome' | 'because' | 'evidence'> {
  return spared(timeline, since).length === 0
    ? {
        outcome: 'not-applicable',
        because: 'a fault is aimed at every node from which the endpoints are asked',
        evidence: [],
      }
    : {
        outcome: 'unknown',
        because: 'no pod of ours told of an endpoint after the fault',
        evidence: [],
      };
}

function unwatched(timeline: Timeline, since: Since): string | undefined {
  const series = seriesOf(timeline, probe);
  if (series.every((one) => samplesOf(timeline, one).length === 0))
    return `nothing sampled ${probe} in this run`;
  const asking = series.filter(({ node = '' }) => !since.hit.includes(node));
  return vacuous(timeline, asking, since.before);
}

function judged(
  head: Pick<Verdict, 'claim' | 'title' | 'limitMs'>,
  paths: readonly Path[],
): Verdict {
  const measuredMs = longest(paths.map(({ outage }) => outage));
  const { limitMs } = head;
  return {
    ...head,
    outcome: limitMs === undefined ? 'unknown' : againstLimit(measuredMs, limitMs),
    measuredMs,
    because: `${sayLongest(measuredMs)}; ${sayAgainst(measuredMs, limitMs)}`,
    evidence: evidenceOf(paths),
  };
}

function sayLongest(measured: Measured): string {
  if (!isSeen(measured))
    return `an endpoint that did not answer was listed to the end, for ${sayDuration(measured)}`;
  return measured.lo === 0
    ? `no endpoint was listed for longer than ${saySeconds(measured.hi)} without an answer`
    : `an endpoint that did not answer was listed for ${sayDuration(measured)}`;
}

function sayAgainst(measured: Measured, limitMs: number | undefined): string {
  if (limitMs === undefined)
    return 'the plan holds no prediction for it, so there is no limit to judge by';
  const limit = sayLimit(limitMs);
  const against = againstLimit(measured, limitMs);
  if (against === 'pass') return `the limit is ${limit}`;
  return against === 'fail'
    ? `that is beyond the limit of ${limit}`
    : `that does not decide about the limit of ${limit}`;
}

/** Each endpoint that did not answer somebody, and how large a part of the Service they were at the worst. */
function evidenceOf(paths: readonly Path[]): readonly string[] {
  const endpoints = new Map(paths.map(({ endpoint }) => [keyOf(endpoint), endpoint]));
  const failures = paths.flatMap((path) => path.failures);
  const asked = paths.reduce((total, path) => total + path.asked, 0);
  if (failures.length === 0)
    return [`${countOf(endpoints.size, 'endpoint')} answered each of ${asked} questions`];
  const { dead, listed } = failures.reduce((a, b) =>
    b.dead * a.listed > a.dead * b.listed ? b : a,
  );
  return [
    ...[...endpoints].flatMap(([key, endpoint]) => {
      const own = paths.filter((path) => keyOf(path.endpoint) === key);
      const bad = own.flatMap((path) => path.failures);
      if (bad.length === 0) return [];
      const of = own.reduce((total, path) => total + path.asked, 0);
      return `${sayEndpoint(endpoint)}: ${bad.length} of ${of} questions failed ${sayWhen(bad)}`;
    }),
    `at the worst ${dead} of ${listed} endpoints that were listed did not answer: that share of new connections ends there`,
  ];
}

function sayEndpoint({ pod, address, node }: EndpointSeen): string {
  return `${pod} at ${address}${node === undefined ? '' : ` on ${node}`}`;
}

function sayWhen(failures: readonly Failure[]): string {
  const dues = failures.map(({ due }) => due);
  const codes = [...new Set(failures.map(({ error }) => error))].sort();
  return `between ${sayInstant(Math.min(...dues))} and ${sayInstant(Math.max(...dues))} (${codes.join(', ')})`;
}
