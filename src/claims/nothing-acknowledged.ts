import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import type { Series } from '../model/plan.ts';
import type { Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { sayInstant } from '../model/span.ts';
import { afterFault } from './after.ts';
import { injectedBy, neverFired } from './injected.ts';
import { vacuous } from './sampling.ts';
import { eventsOf, latestInstant, samplesOf, seriesOf, usedFrom, type Used } from './series.ts';
import { noServer, sayServers } from './servers.ts';

interface NothingAcknowledgedParams {
  readonly on: 'targets' | 'every';
  readonly after?: string | undefined;
}

const name = 'nothing-acknowledged';

/** So many attempts of each API server must have been made while the fault was in force, and half of those intended. */
const enoughAttempts = 10;

/**
 * While the fault is in force, no write is acknowledged by the API servers that it leaves without a majority: one
 * acknowledgement would be a promise that nobody keeps. In force means from when its proof said that it bit to the
 * beginning of its healing; a write counts if it was sent and acknowledged within. Its failure stands also where timings
 * are void, as it is a fact; that the fault was in force is for this claim to ask, then.
 */
export const nothingAcknowledged: Claim<NothingAcknowledgedParams> = {
  summary: 'no write is acknowledged where there is no majority',
  schema: z.strictObject({
    on: z
      .enum(['targets', 'every'])
      .describe('By which API servers: those of the nodes that the fault is aimed at, or every'),
    after: afterFault,
  }),
  probes: ['write', 'leader'],
  failureStands: true,
  title,
  seen: (params, timeline) => {
    const found = look(params, timeline);
    return 'outcome' in found
      ? found.outcome === 'not-applicable'
      : found.servers.every(({ tried, intended }) => isEnough(tried, intended));
  },
  judge: (params, timeline) => {
    const head = { claim: name, title: title(params) };
    const found = look(params, timeline);
    if ('outcome' in found) return { ...head, evidence: [], ...found };
    return { ...head, ...judged(found) };
  },
};

function title({ on }: NothingAcknowledgedParams): string {
  return `no write is acknowledged by ${sayServers(on)} during the fault`;
}

interface Looked {
  readonly from: number;
  readonly until: number;
  readonly servers: readonly Server[];
}

/** An API server while the fault was in force. */
interface Server {
  readonly series: Series;
  readonly tried: readonly Used[];
  readonly intended: number;
  readonly acknowledged: readonly Used[];
  /** Something on its node answered meanwhile, or refused to: what was tried could have come there. */
  readonly reached: boolean;
}

type NotLooked = Pick<Verdict, 'outcome' | 'because'>;

function look({ on, after }: NothingAcknowledgedParams, timeline: Timeline): Looked | NotLooked {
  const injected = injectedBy(timeline, after);
  if (injected === undefined) return { outcome: 'invalid', because: neverFired };
  const { targets } = injected.intent;
  const series = seriesOf(timeline, 'write').filter(
    ({ node }) => on === 'every' || targets.some((one) => one === node),
  );
  if (series.length === 0) return { outcome: 'not-applicable', because: noServer(on) };
  const vacant = vacuous(timeline, series, injected.fired.lo);
  if (vacant !== undefined) return { outcome: 'invalid', because: vacant };
  const events = eventsOf(timeline, 'fault').filter(({ step }) => step === injected.step);
  const bit = events.find(({ state }) => state === 'bit');
  const missed = events.find(({ state }) => state === 'missed');
  if (bit === undefined || missed !== undefined)
    return {
      outcome: 'invalid',
      because: `it was not proved that the fault was in force: ${missed?.because ?? 'its proof did not say yes'}`,
    };
  const from = Math.max(bit.at, injected.fired.hi);
  const until = injected.undone?.lo ?? latestInstant(timeline);
  return {
    from,
    until,
    servers: series.map((one) => serverOf(timeline, one, from, until)),
  };
}

function serverOf(timeline: Timeline, series: Series, from: number, until: number): Server {
  const within = (one: Series): readonly Used[] =>
    usedFrom(timeline, one, from).filter(({ sent, got }) => sent >= from && got <= until);
  const tried = within(series);
  const beside = timeline.plan.series.filter(({ node }) => node === series.node);
  return {
    series,
    tried,
    intended: samplesOf(timeline, series).filter(({ due }) => due >= from && due <= until).length,
    acknowledged: tried.filter(({ ok }) => ok),
    reached: beside.some((one) => within(one).some(isAnswer)),
  };
}

/** Codes of what a node itself says: somebody is there, or nobody listens. */
const refusals = ['ECONNREFUSED', 'ECONNRESET'];

function isAnswer({ ok, value, error }: Used): boolean {
  if (ok || value !== undefined) return true;
  return error !== undefined && (refusals.includes(error) || error.startsWith('HTTP '));
}

function isEnough(tried: readonly Used[], intended: number): boolean {
  return tried.length >= Math.max(enoughAttempts, intended / 2);
}

function judged({
  from,
  until,
  servers,
}: Looked): Pick<Verdict, 'outcome' | 'because' | 'evidence'> {
  const when = `between ${sayInstant(from)} and ${sayInstant(until)}`;
  const evidence = servers.map(sayServer);
  const broken = servers.filter(({ acknowledged }) => acknowledged.length > 0);
  if (broken.length > 0) {
    const count = broken.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
    const names = broken.map(({ series }) => series.node ?? series.id).join(', ');
    return {
      outcome: 'fail',
      because: `${count} ${count === 1 ? 'write was' : 'writes were'} acknowledged by ${names} while the fault was in force, ${when}`,
      evidence,
    };
  }
  const tooFew = servers.find(({ tried, intended }) => !isEnough(tried, intended));
  if (tooFew !== undefined)
    return {
      outcome: 'invalid',
      because:
        `${tooFew.series.id} was tried ${tooFew.tried.length} times while the fault was in force, ${when}, ` +
        `and that is too little to tell: it needs ${enoughAttempts}, and half of those intended`,
      evidence,
    };
  if (!servers.some(({ reached }) => reached))
    return {
      outcome: 'invalid',
      because: `nothing shows that a write came to ${servers.map(({ series }) => series.node).join(', ')} at all: nothing there answered ${when}`,
      evidence,
    };
  const tried = servers.reduce((sum, server) => sum + server.tried.length, 0);
  return {
    outcome: 'pass',
    because: `none of ${tried} writes was acknowledged while the fault was in force, ${when}`,
    evidence,
  };
}

/** How many acknowledgements are told one by one. */
const toldAcknowledgements = 5;

function sayServer({ series, tried, acknowledged, reached }: Server): string {
  const refused = tried.filter((one) => !one.ok && isAnswer(one)).length;
  const silent = tried.length - refused - acknowledged.length;
  const counts = `${series.id}: of ${tried.length} writes ${refused} were refused, ${silent} not answered (indeterminate)`;
  if (!reached) return `${counts}; nothing on its node answered: it may not have been reached`;
  if (acknowledged.length === 0) return `${counts}, none acknowledged`;
  const told = acknowledged
    .slice(0, toldAcknowledgements)
    .map(({ sent, got }) => `sent at ${sayInstant(sent)} and acknowledged at ${sayInstant(got)}`);
  const more = acknowledged.length - told.length;
  return `${counts}, ${acknowledged.length} acknowledged: ${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
