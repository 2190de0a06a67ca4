import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { duration } from '../model/fields.ts';
import type { Series } from '../model/plan.ts';
import {
  againstLimit,
  isSeen,
  longest,
  sayDuration,
  saySeconds,
  sayInstant,
} from '../model/span.ts';
import type { Measured } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { afterFault } from './after.ts';
import { hitToTheEnd, neverFired, settledAt, sinceOf, type Since } from './injected.ts';
import {
  endOfSampling,
  lengthOf,
  longestOutage,
  outagesIn,
  type Gap,
  type Outages,
} from './outages.ts';
import { quietSince, vacuous } from './sampling.ts';
import {
  choicesInWords,
  noServer,
  sayServers,
  serverChoices,
  serversOf,
  type ServerChoice,
} from './servers.ts';
import { sayLimit } from './timing.ts';

interface WriteOutageParams {
  readonly longest: number;
  readonly on: ServerChoice | 'any';
  readonly except: number;
  readonly after?: string | undefined;
}

const name = 'write-outage';

/**
 * From the fault to the end of settling, there is no longer time without an acknowledged write, through each of some API
 * servers or through all of them together. What is counted is acknowledgements: writes that wait for a leader and then
 * succeed did not fail, and yet nothing was written meanwhile.
 */
export const writeOutage: Claim<WriteOutageParams> = {
  summary: 'no long time without an acknowledged write',
  schema: z.strictObject({
    longest: duration.describe('The longest time that may pass without an acknowledged write'),
    on: z
      .enum([...serverChoices, 'any'])
      .default('every-survivor')
      .describe(
        `Through which API servers: ${choicesInWords}, each by itself; any: as long as one acknowledges, all is well`,
      ),
    except: z
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .describe('So many outages of each API server may be longer; none without'),
    after: afterFault,
  }),
  probes: ['write'],
  title,
  seen: (params, timeline) =>
    quietSince(timeline, params.after, (since) => meant(params, timeline, since)),
  judge: (params, timeline) => {
    const head = { claim: name, title: title(params), limitMs: params.longest };
    const nothing = (outcome: 'invalid' | 'not-applicable', because: string): Verdict => ({
      ...head,
      outcome,
      because,
      evidence: [],
    });
    const since = sinceOf(timeline, params.after);
    if (since === undefined) return nothing('invalid', neverFired);
    const series = meant(params, timeline, since);
    if (series.length === 0)
      return nothing('not-applicable', noServer(params.on === 'any' ? 'every' : params.on));
    const vacant = vacuous(timeline, series, since.at.lo);
    if (vacant !== undefined) return nothing('invalid', vacant);
    return { ...head, ...judged(params, pathsOf(params, timeline, series, since)) };
  },
};

function title({ longest, on, except }: WriteOutageParams): string {
  const through = on === 'any' ? 'all API servers together' : sayServers(on);
  const exception = except === 0 ? '' : except === 1 ? ', but for one' : `, but for ${except}`;
  return `no write outage longer than ${sayLimit(longest)} through ${through}${exception}`;
}

function meant({ on }: WriteOutageParams, timeline: Timeline, since: Since): readonly Series[] {
  const hit = hitToTheEnd(timeline, since);
  return serversOf(timeline, on === 'any' ? 'every' : on, { targets: since.targets, hit });
}

/** An API server, or all of them together. */
interface Path {
  readonly name: string;
  readonly outages: Outages;
  readonly longest: Measured;
}

function pathsOf(
  { on, except }: WriteOutageParams,
  timeline: Timeline,
  series: readonly Series[],
  since: Since,
): readonly Path[] {
  const until = endOfSampling(timeline, series, settledAt(timeline));
  const groups =
    on === 'any'
      ? [{ name: 'all API servers together', group: series }]
      : series.map((one) => ({ name: one.node ?? one.id, group: [one] }));
  return groups.map(({ name, group }) => {
    const outages = outagesIn(timeline, group, since.at, until);
    return { name, outages, longest: longestOutage(outages, except) };
  });
}

function judged(
  { longest: limit, except }: WriteOutageParams,
  paths: readonly Path[],
): Pick<Verdict, 'outcome' | 'measuredMs' | 'clocks' | 'because' | 'evidence'> {
  const measured = longest(paths.map((path) => path.longest));
  const outcome = againstLimit(measured, limit);
  const worst = paths.reduce((a, b) => (longer(b.longest, a.longest) ? b : a));
  const which = except === 0 ? 'longest' : `${ordinal(except + 1)} longest`;
  const said = !isSeen(measured)
    ? `the ${which} time without an acknowledged write, through ${worst.name}, had not ended after ${saySeconds(measured.atLeast)}`
    : measured.lo === 0
      ? `no time without an acknowledged write was longer than ${saySeconds(measured.hi)}${except === 0 ? '' : `, but for ${except}`}`
      : `the ${which} time without an acknowledged write was ${sayDuration(measured)}, through ${worst.name}`;
  const against = {
    pass: `the limit is ${sayLimit(limit)}`,
    fail: `that is beyond the limit of ${sayLimit(limit)}`,
    unknown: `the limit of ${sayLimit(limit)} lies within what is possible`,
  };
  return {
    outcome,
    measuredMs: measured,
    ...(paths.length < 2
      ? {}
      : { clocks: Object.fromEntries(paths.map((path) => [path.name, path.longest])) }),
    because: `${said}; ${against[outcome]}`,
    evidence: paths.map((path) => sayPath(path, limit)),
  };
}

function longer(a: Measured, b: Measured): boolean {
  const most = (one: Measured): number => (isSeen(one) ? one.hi : Infinity);
  return most(a) > most(b);
}

/** How many outages of a path are told one by one. */
const toldOutages = 6;

function sayPath({ name, outages }: Path, limit: number): string {
  const { failed, attempts, atMost } = outages;
  // The widest is told in any case: it is what the verdict is of.
  const told = atMost
    .filter((gap, index) => index === 0 || lengthOf(gap) > limit)
    .slice(0, toldOutages);
  return `${name}: ${failed} of ${attempts} writes failed; none was acknowledged ${told.map(sayGap).join(', ')}`;
}

function sayGap({ from, to }: Gap): string {
  return to === Infinity
    ? `since ${sayInstant(from)}`
    : `between ${sayInstant(from)} and ${sayInstant(to)}`;
}

/** @param count from 2 */
function ordinal(count: number): string {
  return ['second', 'third'][count - 2] ?? `${count}${endings[ordinals.select(count)] ?? 'th'}`;
}

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });

/** Of 1, 2 and 3 and what ends with them, but for 11, 12 and 13. */
const endings: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };
