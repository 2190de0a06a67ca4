import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { limit, type Limit } from '../model/fields.ts';
import type { Series } from '../model/plan.ts';
import { between, isSeen, longest, type Measured, type Span, sayInstant } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import { afterFaultOrHeal } from './after.ts';
import { notYet, sinceOf, type Since } from './injected.ts';
import { tooSparse, vacuous } from './sampling.ts';
import { usedFrom, type Used } from './series.ts';
import {
  choicesInWords,
  noServer,
  sayServers,
  serversOf,
  whichServers,
  type ServerChoice,
} from './servers.ts';
import { timingClaim, type Finding } from './timing.ts';

interface WritesResumeParams {
  readonly within: Limit;
  readonly on: ServerChoice;
  readonly after?: string | undefined;
}

/** A write counts as resumed only if no slot is bad for so long after it; milliseconds. */
const sustainedMs = 2000;

/**
 * Each of some API servers acknowledges a write sent after the fault, or after its healing, and goes on doing so. An
 * answer 409 or a deadline is indeterminate, so it never counts as acknowledged.
 */
export const writesResume: Claim<WritesResumeParams> = timingClaim({
  name: 'writes-resume',
  summary: 'writes are acknowledged again through each API server, for two seconds and on',
  schema: z.strictObject({
    within: limit,
    on: whichServers
      .default('every-survivor')
      .describe(`Through which API servers: ${choicesInWords}`),
    after: afterFaultOrHeal,
  }),
  probes: ['write'],
  fromHealing: true,
  promise: ({ on }) => `writes through ${sayServers(on)}`,
  find,
});

function find({ after, on }: WritesResumeParams, timeline: Timeline): Finding {
  const since = sinceOf(timeline, after);
  if (since === undefined) return { kind: 'pending', because: notYet(timeline) };
  const meant = serversOf(timeline, on, since);
  if (meant.length === 0) return { kind: 'not-applicable', because: noServer(on) };
  const vacant = vacuous(timeline, meant, since.before);
  if (vacant !== undefined) return { kind: 'invalid', because: vacant };
  const servers = meant.map((series) => serverOf(timeline, since, series));
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

function serverOf(timeline: Timeline, { at, until }: Since, series: Series): Server {
  const slots = usedFrom(timeline, series, at.hi).filter(({ sent }) => sent >= at.hi);
  const found = resumption(slots, series.everyMs);
  if (found === undefined || found.first.sent > until) {
    const last = slots.findLast(({ ok, sent }) => !ok && sent <= until);
    // Until its last refusal it had certainly not resumed; with refusals up to the end, that is the whole horizon.
    return {
      series,
      measured: { atLeast: Math.max(0, (last?.sent ?? at.hi) - at.hi) },
      interrupted: true,
      evidence: `${series.id} acknowledged no write for two seconds on end until ${sayInstant(until)}`,
    };
  }
  const { first, span, lastBad } = found;
  const later = slots.filter(({ ok, due }) => !ok && due > first.due).length;
  const sparse = lastBad && tooSparse({ lo: lastBad.due, hi: first.due }, series.everyMs);
  return {
    series,
    measured: between(at, span),
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
