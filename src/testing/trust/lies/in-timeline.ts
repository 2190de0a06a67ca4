/** Lies in a timeline: in the truth that the samples see, or in what of it is written down. */
import { resultOf } from '../../../claims/result.ts';
import { claims } from '../../../claims/table.ts';
import type { Event, Sample, Timeline } from '../../../model/timeline.ts';
import type { ClaimOutcome } from '../../../model/verdict.ts';
import type { Outcome } from '../../../model/outcome.ts';
import { leaderLoss, timelineOf, type Script } from '../../timelines.ts';
import type { Lie, Said } from './lie.ts';

type ClaimName = keyof typeof claims;

/** A lie in the run of a script that one claim is asked of. */
export interface InTimeline {
  readonly lie: string;
  /** With its parameters as a person would write them; `undefined` asks nothing. */
  readonly claim: readonly [ClaimName, Readonly<Record<string, unknown>>] | undefined;
  /** What the honest run has, too. */
  readonly world?: Partial<Script>;
  /** What is otherwise in truth. */
  readonly truth?: Partial<Script>;
  /** What is written down otherwise. */
  readonly written?: (timeline: Timeline) => Timeline;
  /** Of the run, and so its exit code. */
  readonly outcome: Exclude<Outcome, 'pass'>;
  /** Of the claim: that of the run unless it is another; *unasked* if nothing was judged. */
  readonly says?: ClaimOutcome | 'unasked';
  /** Of the honest run, if that is no pass. */
  readonly honestly?: Outcome;
  readonly because: RegExp;
}

export function inTimeline(entry: InTimeline): Lie {
  const { lie, claim, world = {}, truth = {}, written, outcome, says, honestly, because } = entry;
  const script = { ...(claim === undefined ? { expect: [] } : asking(claim)), ...world };
  return {
    lie,
    honest: () => honestSaid(script),
    honestOutcome: honestly ?? 'pass',
    told: () => {
      const timeline = timelineOf({ ...script, ...truth });
      return saidOf(written?.(timeline) ?? timeline);
    },
    outcome,
    ...(claim !== undefined && says !== 'unasked' && { claim: says ?? outcome }),
    because,
  };
}

/** The script of a run of which one claim is asked, with nothing sampled that it does not read. */
export function asking(claim: NonNullable<InTimeline['claim']>): Partial<Script> {
  return { expect: [expectation(...claim)], probes: claims[claim[0]].probes };
}

function expectation(
  claim: ClaimName,
  params: Readonly<Record<string, unknown>>,
): Script['expect'][number] {
  return {
    claim,
    params: claims[claim].schema.parse(params) as object as Script['expect'][number]['params'],
  };
}

/** What is said of honest runs; many lies share one. */
const honest = new Map<string, Said>();

function honestSaid(script: Partial<Script>): Said {
  const key = JSON.stringify(script);
  const known = honest.get(key) ?? saidOf(timelineOf(script));
  honest.set(key, known);
  return known;
}

export function saidOf(timeline: Timeline): Said {
  // As it comes from the disk: nothing that JSON does not keep may matter.
  const { outcome, reason, trials } = resultOf(JSON.parse(JSON.stringify(timeline)) as Timeline);
  const claim = trials[0]?.verdicts[0]?.outcome;
  return { outcome, because: reason, ...(claim !== undefined && { claim }) };
}

/** What of a sample is written down otherwise; undefined takes it away. */
export type Rewritten = { readonly [Field in keyof Sample]?: Sample[Field] | undefined };

/** Of a slot that was missed, nothing else is known. */
export const missed: Rewritten = {
  missed: true,
  sent: undefined,
  got: undefined,
  ok: undefined,
  value: undefined,
  error: undefined,
};

/**
 * Writes samples down otherwise than they were.
 * @param change what is otherwise, given the sample and its intended time after the fault; `gone` for not written at all
 */
export function samples(
  change: (sample: Sample, after: number) => Rewritten | 'gone',
): (timeline: Timeline) => Timeline {
  return events((event) => {
    if (event.type !== 'sample') return [event];
    const changed = change(event, event.due - leaderLoss.fired);
    return changed === 'gone' ? [] : [{ ...event, ...changed } as Sample];
  });
}

/** Writes events down otherwise, more than once, or not at all. */
export function events(
  change: (event: Event) => readonly Event[],
): (timeline: Timeline) => Timeline {
  return (timeline) => ({ ...timeline, events: timeline.events.flatMap(change) });
}

/** Adds events to what was written down. */
export function also(...more: readonly Event[]): (timeline: Timeline) => Timeline {
  return (timeline) => ({ ...timeline, events: [...timeline.events, ...more] });
}
