import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { duration, wrong } from '../model/fields.ts';
import type { LogSearch } from '../model/log-search.ts';
import { serviceNames } from '../model/snapshot.ts';
import { between, isSeen, longest, sayInstant, type Measured } from '../model/span.ts';
import type { LogEvent, LoggedLine, Timeline } from '../model/timeline.ts';
import { afterFault } from './after.ts';
import { neverFired, sinceOf, type Since } from './injected.ts';
import { eventsOf, latestInstant } from './series.ts';
import { timingClaim, type Finding } from './timing.ts';

const choices = ['targets', 'every-survivor', 'any-survivor', 'any'] as const;

interface LoggedParams {
  readonly service: string;
  readonly pattern: string;
  /** On each of the first two, on one of the others. */
  readonly on: (typeof choices)[number];
  readonly within: number;
  readonly after?: string | undefined;
}

const serviceAsText = {
  error: wrong(`one of: ${serviceNames.join(', ')}; or a unit of systemd, such as ssh.service`),
};
const patternAsText = {
  error: wrong('a regular expression, such as "Main process exited, code=(killed|exited)"'),
};

/** What was in the journal so long before the fault already proves nothing; milliseconds. */
const lookBackMs = 10_000;

const found: Claim<LoggedParams> = timingClaim({
  name: 'logged',
  summary: 'a line that a pattern matches is in the journal of a node',
  schema: z.strictObject({
    service: z
      .string(serviceAsText)
      .refine(isService, serviceAsText)
      .describe(
        'Whose journal: a service as faults call it, or a unit of systemd by its full name',
      ),
    pattern: z
      .string(patternAsText)
      .min(1)
      .refine(isPattern, patternAsText)
      .describe('A regular expression that some part of the line matches'),
    on: z
      .enum(choices)
      .default('targets')
      .describe(
        'Of which nodes: targets (each that the fault was aimed at), every-survivor (each other one), any-survivor or any (one of them)',
      ),
    within: duration,
    after: afterFault,
  }),
  probes: [],
  promise: ({ service, pattern, on }) => `/${pattern}/ is logged by ${service} on ${said[on]}`,
  find,
});

const said: Readonly<Record<LoggedParams['on'], string>> = {
  targets: 'every target',
  'every-survivor': 'every surviving node',
  'any-survivor': 'a surviving node',
  any: 'a node',
};

/**
 * A fault is in the journal of a node, where whoever looks for its cause would find it. Journals are read once the faults
 * were taken back; what they say has the node's own clock, which was compared with ours.
 */
export const logged: Claim<LoggedParams> = {
  ...found,
  // Nothing is found before the end; as soon as the limit has passed, nothing is to be waited for.
  seen: ({ within, after }, timeline) => {
    const since = sinceOf(timeline, after);
    return since !== undefined && latestInstant(timeline) > since.at.hi + within;
  },
};

/** What must be searched for the claims of a run to be judged; nothing for a fault that was never fired. */
export function searchesOf(timeline: Timeline): readonly LogSearch[] {
  return timeline.plan.scenario.expect.flatMap(({ claim, params }) => {
    if (claim !== 'logged') return [];
    const asked = params as unknown as LoggedParams;
    const since = sinceOf(timeline, asked.after);
    return since === undefined ? [] : searchesFor(asked, since, timeline);
  });
}

function searchesFor(
  { service, pattern, on }: LoggedParams,
  { at, targets, hit }: Since,
  timeline: Timeline,
): readonly LogSearch[] {
  const others = nodesWith(service, timeline).filter((name) => !hit.includes(name));
  const nodes = on === 'targets' ? targets : on === 'any' ? nodesWith(service, timeline) : others;
  return nodes.map((node) => ({ node, service, pattern, since: at.lo - lookBackMs }));
}

/** The nodes on which there may be such a service. */
function nodesWith(service: string, { plan }: Timeline): readonly string[] {
  const { nodes, datastore } = plan.snapshot;
  const names = (some: typeof nodes): readonly string[] => some.map(({ name }) => name);
  switch (service) {
    case 'datastore':
      return datastore.members.flatMap(({ node }) => node ?? []);
    case 'kubelet':
    case 'containers':
      return names(nodes.filter(({ datastoreOnly }) => datastoreOnly !== true));
    case 'api-server':
    case 'scheduler':
    case 'controller-manager':
    case 'load-balancer':
      return names(nodes.filter(({ controlPlane }) => controlPlane));
    default:
      return names(nodes);
  }
}

function find(params: LoggedParams, timeline: Timeline): Finding {
  const since = sinceOf(timeline, params.after);
  if (since === undefined) return { kind: 'pending', because: neverFired };
  const searches = searchesFor(params, since, timeline);
  if (searches.length === 0)
    return {
      kind: 'not-applicable',
      because: `there is no node of whose ${params.service} it is claimed`,
    };
  const events = eventsOf(timeline, 'log');
  const all = searches.map((search) => foundBy(search, since, events));
  const evidence = all.map(({ says }) => says);
  if (all.some(({ isBefore }) => isBefore))
    return {
      kind: 'invalid',
      because:
        'such a line was there before the fault already: that there is one after it proves nothing',
      evidence,
    };
  const isEach = params.on === 'targets' || params.on === 'every-survivor';
  const unread = all.find(({ because }) => because !== undefined);
  const measured = isEach ? longest(all.map((one) => one.measured)) : firstOf(all);
  if (unread?.because !== undefined && (isEach || !isSeen(measured)))
    return { kind: 'invalid', because: unread.because, evidence };
  return {
    kind: 'measured',
    measured,
    ...(isEach &&
      all.length > 1 && {
        clocks: Object.fromEntries(all.map((one) => [one.node, one.measured])),
      }),
    says: isSeen(measured)
      ? `/${params.pattern}/ was logged`
      : `/${params.pattern}/ was not logged on ${said[params.on]}`,
    evidence,
  };
}

/** What the search of one node's journal says. */
interface Found {
  readonly node: string;
  readonly measured: Measured;
  readonly isBefore: boolean;
  /** Why nothing can be told from it. */
  readonly because?: string;
  readonly says: string;
}

function foundBy(search: LogSearch, since: Since, events: readonly LogEvent[]): Found {
  const { node, service } = search;
  const event = events.find((one) => isOf(search, one));
  const nothing = { node, measured: { atLeast: 0 }, isBefore: false };
  if (event === undefined) {
    const because = `what ${service} of ${node} logged was not searched`;
    return { ...nothing, because, says: because };
  }
  if (event.because !== undefined)
    return { ...nothing, because: event.because, says: event.because };
  const early = event.lines.find(({ span }) => span.hi < since.at.lo);
  if (early !== undefined) return { ...nothing, isBefore: true, says: sayLine(node, early) };
  const line = event.lines.find(({ span }) => span.lo <= since.until);
  if (line === undefined)
    return {
      ...nothing,
      measured: { atLeast: Math.max(0, since.until - since.at.hi) },
      says: `${node}: no such line, of all that was searched`,
    };
  return { ...nothing, measured: between(since.at, line.span), says: sayLine(node, line) };
}

function isOf(search: LogSearch, event: LogEvent): boolean {
  return (
    event.node === search.node &&
    event.service === search.service &&
    event.pattern === search.pattern &&
    event.since === search.since
  );
}

/** The first of all; of a node that could not be searched, it may be at any time before. */
function firstOf(all: readonly Found[]): Measured {
  const spans = all.flatMap(({ measured }) => (isSeen(measured) ? [measured] : []));
  const isWhole = all.every(({ because }) => because === undefined);
  if (spans.length === 0) return longest(all.map(({ measured }) => measured));
  return {
    lo: isWhole ? Math.min(...spans.map(({ lo }) => lo)) : 0,
    hi: Math.min(...spans.map(({ hi }) => hi)),
  };
}

function sayLine(node: string, { span, text }: LoggedLine): string {
  return `${node}, between ${sayInstant(span.lo)} and ${sayInstant(span.hi)}: ${text}`;
}

function isService(text: string): boolean {
  return (
    (serviceNames as readonly string[]).includes(text) ||
    /^[A-Za-z0-9][A-Za-z0-9:_.@\\-]{0,200}\.(?:service|socket|mount|timer|scope|slice|target)$/.test(
      text,
    )
  );
}

function isPattern(text: string): boolean {
  try {
    RegExp(text);
    return !text.includes('\n');
  } catch {
    return false;
  }
}
