import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { duration } from '../model/fields.ts';
import type { Series } from '../model/plan.ts';
import { between, longest, sayInstant, type Measured, type Span } from '../model/span.ts';
import type { HttpSeen, Timeline } from '../model/timeline.ts';
import { afterFault } from './after.ts';
import { neverFired, sinceOf, type Since } from './injected.ts';
import { tooSparse, vacuous } from './sampling.ts';
import { seriesOf, usedFrom, type Used } from './series.ts';
import { timingClaim, type Finding } from './timing.ts';

interface VersionMixParams {
  readonly only: string;
  readonly within: number;
  readonly connections: 'every' | 'new';
  readonly after?: string | undefined;
}

/** Only one version answers if none but it was seen to for so long after; milliseconds. */
const sustainedMs = 2000;

const probes = ['web-new', 'web-reused'];
/** Looked at besides, where pods of ours ask. */
const inside = ['inside-new', 'inside-reused'];

/**
 * From a change until no answer comes from another version of the workload than one, on no path, to the end of the
 * question. An answer names its version in the header X-Version.
 */
export const versionMix: Claim<VersionMixParams> = timingClaim({
  name: 'version-mix',
  summary: 'after a change, only one version of the workload answers',
  schema: z.strictObject({
    only: z
      .string()
      .min(1)
      .describe('The version that answers, by the header X-Version of its answers'),
    within: duration.describe('How long another version may still answer'),
    connections: z
      .enum(['every', 'new'])
      .default('every')
      .describe(
        'On which connections: every (the default), or new ones alone: one that is kept may stay with the pod it has',
      ),
    after: afterFault,
  }),
  probes,
  promise: ({ only, connections }) =>
    `only version ${only} answers${connections === 'new' ? ' on new connections' : ''}`,
  find,
});

function find({ only, within, connections, after }: VersionMixParams, timeline: Timeline): Finding {
  const counts = (probe: string): boolean => connections === 'every' || probe.endsWith('-new');
  const since = sinceOf(timeline, after);
  if (since === undefined) return { kind: 'pending', because: neverFired };
  const asked = probes.filter(counts).flatMap((probe) => seriesOf(timeline, probe));
  if (asked.length === 0) return { kind: 'invalid', because: 'no series samples the workload' };
  const idle = vacuous(timeline, asked, since.before);
  if (idle !== undefined) return { kind: 'invalid', because: idle };
  const besides = inside.filter(counts).flatMap((probe) => seriesOf(timeline, probe));
  const answers = [...asked, ...besides].map((series) => answersOn(timeline, series, since));
  const untold = answers.find(({ nameless }) => nameless > 0);
  if (untold !== undefined)
    return {
      kind: 'invalid',
      because: `${untold.nameless} answers of ${untold.series.id} name no version (header X-Version): nobody can tell who gave them`,
    };
  const paths = answers
    .filter(({ named }) => named.length > 0)
    .map((one) => pathOf(one, only, since));
  return found(only, within, paths, sideBySide(answers, only));
}

/** What came back on one path from a deed until its question ends. */
interface Answers {
  readonly series: Series;
  /** In the order of their sending. */
  readonly named: readonly Named[];
  /** How many good ones name no version. */
  readonly nameless: number;
}

type Named = Used & { readonly version: string };

function answersOn(timeline: Timeline, series: Series, { at, until }: Since): Answers {
  const all = usedFrom(timeline, series, at.lo).filter(
    ({ sent, got }) => sent >= at.lo && got <= until,
  );
  const named = all.flatMap((one) => {
    const version = versionIn(one);
    return version === undefined ? [] : [{ ...one, version }];
  });
  const nameless = all.filter((one) => one.ok && versionIn(one) === undefined).length;
  return { series, named, nameless };
}

function versionIn({ value }: Used): string | undefined {
  return (value as Partial<HttpSeen> | undefined)?.version;
}

/** Since when only one version answers on a path. */
interface Path {
  readonly series: Series;
  readonly measured: Measured;
  /** From the last answer of another version to the first of this one after it; absent if that did not come. */
  readonly change?: Span;
  readonly says: string;
}

/** From the sending of the last answer of another version to the receipt of the first of this one after it. */
function pathOf({ series, named }: Answers, only: string, { at }: Since): Path {
  const other = named.findLast(({ version }) => version !== only);
  const lo = other?.sent ?? at.lo;
  const after = named.filter(({ sent }) => sent > (other?.sent ?? -Infinity));
  const hi = Math.min(...after.map(({ got }) => got));
  const isLasting = (after.at(-1)?.sent ?? lo) >= hi + sustainedMs;
  const last = other && `${other.version} last answered at ${sayInstant(other.sent)}`;
  if (!isLasting)
    return {
      series,
      measured: { atLeast: Math.max(0, lo - at.hi) },
      says: `${series.id}: ${last ?? `no other version was seen, nor ${only} for long`}`,
    };
  const change = { lo, hi };
  const first = `only ${only} from ${sayInstant(hi)}`;
  return {
    series,
    measured: between(at, change),
    change,
    says: `${series.id}: ${last === undefined ? first : `${last}, ${first}`}`,
  };
}

function found(
  only: string,
  within: number,
  paths: readonly Path[],
  mixed: Span | undefined,
): Finding {
  const measured = longest(paths.map((path) => path.measured));
  const evidence = paths.map(({ says }) => says);
  const [last] = paths.toSorted((a, b) => endOf(b) - endOf(a));
  if (last === undefined) return { kind: 'pending', because: 'nothing answered after the change' };
  const clocks = mixed === undefined ? {} : { clocks: { 'side-by-side': mixed } };
  if (last.change === undefined)
    return {
      kind: 'measured',
      measured,
      says: `it was not seen that only ${only} answers`,
      evidence,
      ...clocks,
    };
  const sparse = tooSparse(last.change, last.series.everyMs, within);
  if (sparse !== undefined) return { kind: 'invalid', because: sparse, evidence };
  return { kind: 'measured', measured, says: `only ${only} answered from`, evidence, ...clocks };
}

function endOf({ change }: Path): number {
  return change?.hi ?? Infinity;
}

/** From the first answer of this version to the last of another after it, on whatever paths; undefined for none. */
function sideBySide(answers: readonly Answers[], only: string): Span | undefined {
  const all = answers.flatMap(({ named }) => named).sort((a, b) => a.sent - b.sent);
  const first = all.find(({ version }) => version === only);
  const other = all.findLast(({ version }) => version !== only);
  if (first === undefined || other === undefined || other.sent < first.sent) return undefined;
  return { lo: Math.max(0, other.sent - first.got), hi: other.got - first.sent };
}
