import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { limit, type Limit } from '../model/fields.ts';
import type { Series } from '../model/plan.ts';
import { between, longest, type Measured, sayInstant } from '../model/span.ts';
import type { Timeline, WatchSeen, WriteSeen } from '../model/timeline.ts';
import { afterFaultOrHeal } from './after.ts';
import { notYet, sinceOf, type Since } from './injected.ts';
import { tooSparse } from './sampling.ts';
import { seriesOf, usedFrom, usedOf, type Used } from './series.ts';
import {
  choicesInWords,
  noServer,
  sayServers,
  serversOf,
  whichServers,
  type ServerChoice,
} from './servers.ts';
import { timingClaim, type Finding } from './timing.ts';
import { writtenThrough } from './written.ts';

interface WatchesAliveParams {
  readonly within: Limit;
  readonly on: ServerChoice;
  readonly after?: string | undefined;
}

/** What was acknowledged so long ago, a watch that lives has told: it may be late on a busy cluster, and not silent. */
const slackMs = 3000;
/** A watch of an object that nobody has written to for so long says nothing of itself. */
const idleMs = 8000;
/** So many looks must have told whether a watch lives. */
const enoughTold = 5;

/**
 * A watch that was open on each API server before the fault goes on telling what is written through another one. One
 * that broke is opened again, as clients do; one that is silent while reads and writes work is what this finds.
 * @see https://github.com/kubernetes/kubernetes/issues/65427 for what a silent watch does to its clients
 */
export const watchesAlive: Claim<WatchesAliveParams> = timingClaim({
  name: 'watches-alive',
  summary: 'a watch on each API server tells what is written through the others',
  schema: z.strictObject({
    within: limit,
    on: whichServers.default('every').describe(`On which API servers: ${choicesInWords}`),
    after: afterFaultOrHeal,
  }),
  probes: ['watch', 'write'],
  fromHealing: true,
  promise: ({ on }) => `watches on ${sayServers(on)} tell what is written`,
  find,
});

function find({ after, on, within }: WatchesAliveParams, timeline: Timeline): Finding {
  const since = sinceOf(timeline, after);
  if (since === undefined) return { kind: 'pending', because: notYet(timeline) };
  const meant = serversOf(timeline, on, since, 'watch');
  if (meant.length === 0) return { kind: 'not-applicable', because: noServer(on) };
  const watches = meant.map((series) => watchOf(timeline, series, since, within));
  const evidence = watches.map((one) => one.evidence);
  const dumb = watches.find(({ because }) => because !== undefined);
  const invented = meant.map((series) => inventedBy(timeline, series)).find((one) => one);
  if (invented !== undefined) return { kind: 'fail', because: invented, evidence };
  if (dumb?.because !== undefined) return { kind: 'invalid', because: dumb.because, evidence };
  const silent = watches.filter(({ measured }) => 'atLeast' in measured);
  const names = (silent.length > 0 ? silent : watches).map(({ node }) => node).join(', ');
  return {
    kind: 'measured',
    measured: longest(watches.map(({ measured }) => measured)),
    clocks: Object.fromEntries(watches.map(({ node, measured }) => [node, measured])),
    says:
      silent.length > 0
        ? `what was written was not told any more by the watch on ${names}`
        : `the watches on ${names} told what was written`,
    evidence,
  };
}

interface Watch {
  readonly node: string;
  readonly measured: Measured;
  /** Why nothing can be said of it. */
  readonly because?: string;
  readonly evidence: string;
}

interface Told extends Used {
  readonly alive: boolean;
}

function watchOf(timeline: Timeline, series: Series, since: Since, within: Limit): Watch {
  const node = series.node ?? series.id;
  const before = news(timeline, series, since.before);
  const after = told(timeline, series, since.at.hi, since.until);
  const lastSilent = after.findLastIndex(({ alive }) => !alive);
  const first = after[lastSilent + 1];
  const silent = after[lastSilent];
  const few = before.length < enoughTold ? before : after.length < enoughTold ? after : undefined;
  const head = { node, measured: { atLeast: 0 } };
  if (few !== undefined) {
    const when = few === before ? 'before the fault' : 'since then';
    const because = `${few.length} looks at the watch on ${node} told anything ${when}, and ${enoughTold} are needed: was nothing written?`;
    return { ...head, because, evidence: because };
  }
  const deniedUntil = silent?.sent ?? since.at.hi;
  const last =
    silent === undefined
      ? ', and none behind'
      : `; last behind at ${sayInstant(silent.sent)} (${saySilent(silent)})`;
  if (first === undefined)
    return {
      node,
      measured: { atLeast: deniedUntil - since.at.hi },
      evidence: `${series.id}: no look until the end, ${sayInstant(since.until)}, found it alive${last}`,
    };
  const span = { lo: deniedUntil, hi: first.got };
  const sparse = silent && tooSparse(span, series.everyMs, within);
  return {
    node,
    measured: between(since.at, span),
    ...(sparse !== undefined && { because: `${series.id}: ${sparse}` }),
    evidence: `${series.id}: ${after.length - lastSilent - 1} looks up to the end found it alive${last}`,
  };
}

function saySilent({ ok, error, value }: Used): string {
  if (!ok) return error ?? 'closed';
  const { of, n } = value as WatchSeen;
  return `it had told ${n} of ${of}`;
}

/** A watch that tells what nobody has written is no watch of it: whatever it tells, it is not believed. */
function inventedBy(timeline: Timeline, series: Series): string | undefined {
  for (const { ok, got, value } of usedOf(timeline, series)) {
    if (!ok) continue;
    const { of, n } = value as WatchSeen;
    if (writtenThrough(timeline, of)?.(n, got) !== false) continue;
    return `the watch on ${series.node ?? series.id} told ${n} of ${of} at ${sayInstant(got)}, which nobody had written`;
  }
  return undefined;
}

/** The looks before an instant that found something new told: a watch that lives does so from its first second on. */
function news(timeline: Timeline, series: Series, before: number): readonly Used[] {
  let newest = 0;
  return usedOf(timeline, series).filter(({ ok, got, value }) => {
    const { n } = (value ?? { n: 0 }) as Pick<WatchSeen, 'n'>;
    const isNew = ok && got <= before && n > newest;
    if (isNew) newest = n;
    return isNew;
  });
}

/** The looks between two instants that tell whether a watch lives. */
function told(timeline: Timeline, series: Series, from: number, until: number): readonly Told[] {
  return usedFrom(timeline, series, from)
    .filter(({ sent }) => sent >= from && sent <= until)
    .flatMap((look) => {
      if (!look.ok) return [{ ...look, alive: false }];
      const { of, n } = look.value as WatchSeen;
      const newest = newestOf(timeline, of, look.sent - idleMs, look.sent - slackMs);
      return newest === undefined ? [] : [{ ...look, alive: n >= newest }];
    });
}

/** The newest number that was acknowledged through an API server between two instants. */
function newestOf(
  timeline: Timeline,
  node: string,
  from: number,
  until: number,
): number | undefined {
  const [series] = seriesOf(timeline, 'write', node);
  if (series === undefined) return undefined;
  const numbers = usedFrom(timeline, series, from)
    .filter(({ ok, got }) => ok && got >= from && got <= until)
    .map(({ value }) => (value as WriteSeen).n);
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}
