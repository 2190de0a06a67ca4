import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { limit, type Limit } from '../model/fields.ts';
import type { Series } from '../model/plan.ts';
import { isSeen, longest, sayInstant, type Measured } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import { afterFaultOrHeal } from './after.ts';
import { notYet, sinceOf, type Since } from './injected.ts';
import { resumedOn } from './resumed.ts';
import { vacuous } from './sampling.ts';
import { samplesOf, seriesOf } from './series.ts';
import { timingClaim, type Finding } from './timing.ts';

export interface WorksAgainParams {
  readonly within: Limit;
  readonly after?: string | undefined;
}

/** A part of the cluster, by what becomes of something small that it is asked to do again and again. */
interface Part {
  readonly name: string;
  readonly summary: string;
  /** The probe that asks it, for the cluster or from each node. */
  readonly probe: string;
  readonly promise: string;
  /** What is done again, as the start of a sentence. */
  readonly says: string;
}

/**
 * A claim that a part of the cluster works again, and goes on for two seconds: by what it did, not by what it says of
 * itself. Asked from several nodes, it counts from the last of those that no fault hits.
 */
export function worksAgain({ name, summary, probe, promise, says }: Part): Claim<WorksAgainParams> {
  return timingClaim({
    name,
    summary,
    schema: z.strictObject({ within: limit, after: afterFaultOrHeal }),
    probes: [probe],
    fromHealing: true,
    promise,
    find: ({ after }, timeline) => find(probe, says, after, timeline),
  });
}

function find(probe: string, says: string, after: string | undefined, timeline: Timeline): Finding {
  const since = sinceOf(timeline, after);
  if (since === undefined) return { kind: 'pending', because: notYet(timeline) };
  const series = seriesOf(timeline, probe).filter(
    (one) => one.node === undefined || !since.hit.includes(one.node),
  );
  if (series.every((one) => samplesOf(timeline, one).length === 0))
    return { kind: 'invalid', because: `nothing sampled ${probe} in this run` };
  const vacant = vacuous(timeline, series, since.before);
  if (vacant !== undefined) return { kind: 'invalid', because: vacant };
  const found = series.map((one) => partOf(timeline, since, one));
  const evidence = found.map((one) => one.evidence);
  const [sparse] = found.flatMap((one) => one.sparse ?? []);
  if (sparse !== undefined) return { kind: 'invalid', because: sparse, evidence };
  const measured = longest(found.map((one) => one.measured));
  return {
    kind: 'measured',
    measured,
    ...(found.length > 1 && {
      clocks: Object.fromEntries(found.map((one) => [one.node, one.measured])),
    }),
    says: isSeen(measured) ? says : `it was not seen that ${says}`,
    evidence,
  };
}

interface Found {
  readonly node: string;
  readonly measured: Measured;
  /** Why the change was seen too coarsely to be called measured. */
  readonly sparse: string | undefined;
  readonly evidence: string;
}

function partOf(timeline: Timeline, since: Since, series: Series): Found {
  const { id, node = id } = series;
  const { measured, first, lastBad, sparse } = resumedOn(timeline, since, series);
  const evidence =
    (lastBad === undefined
      ? `${id} did not fail`
      : `${id} last failed when asked at ${sayInstant(lastBad.sent)} (${lastBad.error ?? 'no code'})`) +
    (first === undefined
      ? `, and did not succeed for two seconds on end until ${sayInstant(since.until)}`
      : `; first well again when asked at ${sayInstant(first.sent)}, answered at ${sayInstant(first.got)}`);
  return { node, measured, evidence, sparse: sparse && `${id}: ${sparse}` };
}
