import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { limit, type Limit } from '../model/fields.ts';
import type { Series } from '../model/plan.ts';
import { between, isSeen, longest, type Measured, type Span } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import { afterFault } from './after.ts';
import { horizonOf, injectedBy, neverFired, type Injected } from './injected.ts';
import { sayInstant, tooSparse, vacuous } from './sampling.ts';
import { seriesOf, usedFrom, type Used } from './series.ts';
import { timingClaim, type Finding } from './timing.ts';

interface WritesResumeParams {
  readonly within: Limit;
  readonly on: 'every-survivor';
  readonly after?: string | undefined;
}

/** A write counts as resumed only if no slot is bad for so long after it; milliseconds. */
const sustainedMs = 2000;

/**
 * Each API server on a node that was not aimed at acknowledges a write sent after the fault, and goes on doing so.
 * A survivor is a control plane that the fault did not target: killing a datastore member takes the store of the API
 * server beside it away. An answer 409 or a deadline is indeterminate, so it never counts as acknowledged.
 */
export const writesResume: Claim<WritesResumeParams> = timingClaim({
  name: 'writes-resume',
  summary:
    'writes are acknowledged again through every surviving API server, for two seconds and on',
  schema: z.strictObject({
    within: limit,
    on: z.enum(['every-survivor']).default('every-survivor').describe('Which API servers'),
    after: afterFault,
  }),
  probes: ['write'],
  promise: 'writes through every surviving API server',
  since: 'the fault',
  find,
});

function find({ after }: WritesResumeParams, timeline: Timeline): Finding {
  const injected = injectedBy(timeline, after);
  if (injected === undefined) return { kind: 'pending', because: neverFired };
  const survivors = seriesOf(timeline, 'write').filter(
    ({ node }) => node !== undefined && !injected.intent.targets.includes(node),
  );
  if (survivors.length === 0)
    return { kind: 'not-applicable', because: 'the fault leaves no API server that is sampled' };
  const vacant = vacuous(timeline, survivors, injected.fired.lo);
  if (vacant !== undefined) return { kind: 'invalid', because: vacant };
  const servers = survivors.map((series) => serverOf(timeline, injected, series));
  const evidence = servers.map((server) => server.evidence);
  const sparse = servers.find((server) => server.sparse !== undefined);
  if (sparse?.sparse !== undefined)
    return { kind: 'invalid', because: `${sparse.series.id}: ${sparse.sparse}`, evidence };
  return {
    kind: 'measured',
    measured: longest(servers.map((server) => server.measured)),
    clocks: Object.fromEntries(
      servers.map(({ series, measured }) => [series.node ?? series.id, measured]),
    ),
    says: saysOf(servers),
    evidence,
  };
}

interface Server {
  readonly series: Series;
  readonly measured: Measured;
  readonly interrupted: boolean;
  readonly sparse?: string;
  readonly evidence: string;
}

function serverOf(timeline: Timeline, injected: Injected, series: Series): Server {
  const until = horizonOf(timeline, injected);
  const slots = usedFrom(timeline, series, injected.fired.hi).filter(
    ({ sent }) => sent >= injected.fired.hi,
  );
  const found = resumption(slots, series.everyMs);
  if (found === undefined || found.first.sent > until) {
    const last = slots.findLast(({ ok, sent }) => !ok && sent <= until);
    // Until its last refusal it had certainly not resumed; with refusals up to the end, that is the whole horizon.
    return {
      series,
      measured: { atLeast: Math.max(0, (last?.sent ?? injected.fired.hi) - injected.fired.hi) },
      interrupted: true,
      evidence: `${series.id} acknowledged no write for two seconds on end until ${sayInstant(until)}`,
    };
  }
  const { first, span, lastBad } = found;
  const later = slots.filter(({ ok, due }) => !ok && due > first.due).length;
  const sparse = lastBad && tooSparse({ lo: lastBad.due, hi: first.due }, series.everyMs);
  return {
    series,
    measured: between(injected.fired, span),
    interrupted: lastBad !== undefined,
    ...(sparse === undefined ? {} : { sparse }),
    evidence:
      `${series.id} ` +
      (lastBad === undefined
        ? 'was not interrupted'
        : `last failed a write sent at ${sayInstant(lastBad.sent)} (${lastBad.error ?? 'no code'})`) +
      `; first acknowledged sent at ${sayInstant(first.sent)}, received at ${sayInstant(first.got)}` +
      (later > 0 ? `; ${later} failed later on` : ''),
  };
}

interface Resumption {
  readonly first: Used;
  readonly span: Span;
  /** Absent if no write failed before. */
  readonly lastBad?: Used;
}

/** The first good slot after which no slot is bad for two seconds that were seen to pass. */
function resumption(slots: readonly Used[], everyMs: number): Resumption | undefined {
  let first: Used | undefined;
  let lastBad: Used | undefined;
  for (const slot of slots) {
    if (first !== undefined && slot.due > first.due + sustainedMs) break;
    if (!slot.ok) {
      lastBad = slot;
      first = undefined;
    } else first ??= slot;
  }
  if (first === undefined) return undefined;
  const { due, sent } = first;
  const sustained = slots.filter((slot) => slot.due >= due && slot.due <= due + sustainedMs);
  // The two seconds must have passed, and enough of their slots must have been used to say that none was bad.
  const enough = sustainedMs / everyMs / 2;
  if ((slots.at(-1)?.due ?? due) < due + sustainedMs || sustained.length < enough) return undefined;
  // Writes sent around the first good slot may have been answered in another order: the first receipt counts.
  const hi = Math.min(...sustained.map(({ got }) => got));
  const lo = Math.min(sent, lastBad?.sent ?? sent);
  return { first, span: { lo, hi }, ...(lastBad === undefined ? {} : { lastBad }) };
}

function saysOf(servers: readonly Server[]): string {
  const missing = servers.filter(({ measured }) => !isSeen(measured));
  const names = (some: readonly Server[]): string =>
    some.map(({ series }) => series.node ?? series.id).join(', ');
  if (missing.length > 0) return `writes through ${names(missing)} were not seen to resume`;
  if (servers.every(({ interrupted }) => !interrupted))
    return `writes were not interrupted, the first through each of ${names(servers)} was acknowledged`;
  const worst = servers.reduce((a, b) => (hiOf(b) > hiOf(a) ? b : a));
  return `writes through ${names([worst])}, the last of ${servers.length} API servers, resumed`;
}

function hiOf({ measured }: Server): number {
  return isSeen(measured) ? measured.hi : Infinity;
}
