import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { limit, type Limit } from '../model/fields.ts';
import type { Series } from '../model/plan.ts';
import { isSeen, longest, sayInstant } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import { afterFaultOrHeal } from './after.ts';
import { notYet, sinceOf, type Since } from './injected.ts';
import { resumedOn, type Resumed } from './resumed.ts';
import { vacuous } from './sampling.ts';
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
  const [because] = servers.flatMap(({ series, sparse }) =>
    sparse === undefined ? [] : [`${series.id}: ${sparse}`],
  );
  if (because !== undefined) return { kind: 'invalid', because, evidence };
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

interface Server extends Resumed {
  readonly series: Series;
  readonly evidence: string;
}

function serverOf(timeline: Timeline, since: Since, series: Series): Server {
  const resumed = resumedOn(timeline, since, series);
  const { first, lastBad, laterBad } = resumed;
  const evidence =
    first === undefined
      ? `${series.id} acknowledged no write for two seconds on end until ${sayInstant(since.until)}`
      : `${series.id} ` +
        (lastBad === undefined
          ? 'was not interrupted'
          : `last failed a write sent at ${sayInstant(lastBad.sent)} (${lastBad.error ?? 'no code'})`) +
        `; first acknowledged sent at ${sayInstant(first.sent)}, received at ${sayInstant(first.got)}` +
        (laterBad > 0 ? `; ${laterBad} failed later on` : '');
  return { series, ...resumed, evidence };
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
