import type { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { formatDuration } from '../model/duration.ts';
import type { Limit } from '../model/fields.ts';
import { predictionFor } from '../model/predicted.ts';
import { againstLimit, isSeen, sayDuration, saySeconds } from '../model/span.ts';
import type { Measured } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { healedAt } from './injected.ts';

/** What the timeline says of a duration. */
export type Finding = Measurement | NoMeasurement;

interface Measurement {
  readonly kind: 'measured';
  readonly measured: Measured;
  /** What happened, or what was not seen to happen, as the start of a sentence: "pi3 was elected". */
  readonly says: string;
  readonly evidence: readonly string[];
  readonly clocks?: Readonly<Record<string, Measured>>;
}

/** *pending*: what it is counted from has not happened yet; at the end of a run, that makes it invalid. */
export interface NoMeasurement {
  readonly kind: 'pending' | 'fail' | 'unknown' | 'invalid' | 'not-applicable';
  readonly because: string;
  readonly measured?: Measured;
  readonly evidence?: readonly string[];
}

interface TimingParams {
  readonly within: Limit;
  /** Id of the fault it is counted from, the first without; or `heal`. */
  readonly after?: string | undefined;
}

/** A claim that something happens within a time. */
export interface TimingClaim<Params> {
  readonly name: string;
  readonly summary: string;
  readonly schema: z.ZodType<Params>;
  readonly probes: readonly string[];
  readonly fromHealing?: true;
  readonly failureStands?: true;
  /** The promise without its limit: "a new leader". */
  readonly promise: string | ((params: Params) => string);
  readonly find: (params: Params, timeline: Timeline) => Finding;
}

/** Makes the claim from its measurement: the limit is applied in one way everywhere. */
export function timingClaim<Params extends TimingParams>(kind: TimingClaim<Params>): Claim<Params> {
  const { name, promise, find, ...rest } = kind;
  const title = (params: Params): string => {
    const says = typeof promise === 'string' ? promise : promise(params);
    const of = rest.fromHealing === true && params.after === 'heal' ? ' of healing' : '';
    return `${says} within ${sayLimit(params.within)}${of}`;
  };
  return {
    ...rest,
    title,
    seen: (params, timeline) =>
      // Before the healing, however long one waits, there is nothing of it to be seen.
      (params.after === 'heal' && healedAt(timeline) === undefined) ||
      isConclusive(find(params, timeline)),
    judge: (params, timeline) => {
      const limitMs = limitOf(name, params, timeline);
      const head = {
        claim: name,
        title: title(params),
        ...(limitMs === undefined ? {} : { limitMs }),
      };
      const since = params.after === 'heal' ? 'healing' : 'the fault';
      return conclusion(head, find(params, timeline), since);
    },
  };
}

/** Writes a limit for people: `5 s`, `2 min`, `19.8 s`. */
export function sayLimit(within: Limit): string {
  if (within === 'predicted') return 'the time that its settings predict';
  if (within > 1000 && within % 1000 !== 0) return `${within / 1000} s`;
  return formatDuration(within).replace(/[a-z]+/, (unit) => ` ${unit === 'm' ? 'min' : unit}`);
}

/** The limit that a claim is judged by; undefined if it is predicted, and the plan holds no prediction. */
export function limitOf(
  claim: string,
  params: TimingParams,
  { plan }: Timeline,
): number | undefined {
  if (params.within !== 'predicted') return params.within;
  const p95Ms = predictionFor(plan.predicted, claim, params)?.p95Ms;
  // No model knows it to the millisecond.
  return p95Ms === undefined ? undefined : Math.round(p95Ms / 100) * 100;
}

/** Nothing that may still come would change it, but for the end of what is awaited. */
function isConclusive(finding: Finding): boolean {
  return finding.kind === 'measured' ? isSeen(finding.measured) : finding.kind !== 'pending';
}

type Head = Pick<Verdict, 'claim' | 'title' | 'limitMs'>;

function conclusion(head: Head, finding: Finding, since: string): Verdict {
  const evidence = finding.evidence ?? [];
  const measured = finding.measured === undefined ? {} : { measuredMs: finding.measured };
  if (finding.kind !== 'measured') {
    const outcome = finding.kind === 'pending' ? 'invalid' : finding.kind;
    return { ...head, outcome, ...measured, because: finding.because, evidence };
  }
  const clocks = finding.clocks === undefined ? {} : { clocks: finding.clocks };
  const because = sentence(finding, since, head.limitMs);
  const outcome =
    head.limitMs === undefined ? 'unknown' : againstLimit(finding.measured, head.limitMs);
  return { ...head, outcome, ...measured, ...clocks, because, evidence };
}

function sentence({ says, measured }: Measurement, since: string, limitMs?: number): string {
  const when = isSeen(measured)
    ? `${says} ${sayDuration(measured)} after ${since}`
    : `${says} in the ${saySeconds(measured.atLeast)} after ${since}`;
  if (limitMs === undefined)
    return `${when}; the plan holds no prediction for it, so there is no limit to judge by`;
  return `${when}; ${sayAgainst(measured, limitMs)}`;
}

function sayAgainst(measured: Measured, limitMs: number): string {
  const limit = sayLimit(limitMs);
  switch (againstLimit(measured, limitMs)) {
    case 'pass':
      return `the limit is ${limit}`;
    case 'fail':
      return `that is beyond the limit of ${limit}`;
    case 'unknown':
      return isSeen(measured)
        ? `the limit of ${limit} lies inside that interval`
        : `the limit of ${limit} was not reached before the question ended`;
  }
}
