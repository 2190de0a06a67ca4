import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { limit, type Limit } from '../model/fields.ts';
import { isSeen, sayInstant } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import { afterFaultOrHeal } from './after.ts';
import { notYet, sinceOf } from './injected.ts';
import { resumedOn } from './resumed.ts';
import { vacuous } from './sampling.ts';
import { seriesOf } from './series.ts';
import { timingClaim, type Finding } from './timing.ts';

export interface CanaryParams {
  readonly within: Limit;
  readonly after?: string | undefined;
}

/** A controller of the control plane, by what becomes of something small that it is given to do again and again. */
interface Canary {
  readonly name: string;
  readonly summary: string;
  /** The probe that gives it to do. */
  readonly probe: string;
  readonly promise: string;
  /** What is done again, as the start of a sentence. */
  readonly says: string;
}

/** A claim that a controller works again, and goes on for two seconds: by what it did, not by what it says of itself. */
export function canaryClaim({ name, summary, probe, promise, says }: Canary): Claim<CanaryParams> {
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
  const series = seriesOf(timeline, probe);
  const [one] = series;
  if (one === undefined) return { kind: 'invalid', because: `the plan samples no ${probe}` };
  const vacant = vacuous(timeline, series, since.before);
  if (vacant !== undefined) return { kind: 'invalid', because: vacant };
  const { measured, first, lastBad, sparse } = resumedOn(timeline, since, one);
  const evidence = [
    (lastBad === undefined
      ? `${one.id} did not fail`
      : `${one.id} last failed when asked at ${sayInstant(lastBad.sent)} (${lastBad.error ?? 'no code'})`) +
      (first === undefined
        ? `, and did not succeed for two seconds on end until ${sayInstant(since.until)}`
        : `; first well again when asked at ${sayInstant(first.sent)}, answered at ${sayInstant(first.got)}`),
  ];
  if (sparse !== undefined) return { kind: 'invalid', because: `${one.id}: ${sparse}`, evidence };
  return {
    kind: 'measured',
    measured,
    says: isSeen(measured) ? says : `it was not seen that ${says}`,
    evidence,
  };
}
