import type { Intent } from '../model/intent.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Span } from '../model/span.ts';
import type { FaultEvent, Timeline } from '../model/timeline.ts';
import { eventsOf, latestInstant } from './series.ts';

/** A fault as it really happened: what it was, when it was done, and when it was taken back. */
export interface Injected {
  readonly step: string;
  /** As designed just before it fired. */
  readonly intent: Intent;
  readonly fired: Span;
  /** Absent while it has not been taken back. */
  readonly undone?: Span;
}

/** What a claim says where the fault it waits for has not been fired. */
export const neverFired = 'the fault was never fired';

/** Why there is nothing to count from yet. */
export function notYet(timeline: Timeline): string {
  return injectedBy(timeline) === undefined ? neverFired : 'the faults were not taken back';
}

/**
 * The fault a claim is about, if it has been fired.
 * @param after id of its step; without it, the first fault of the plan
 */
export function injectedBy(timeline: Timeline, after?: string): Injected | undefined {
  const step = timeline.plan.steps.find(
    (step) => step.kind === 'fault' && (after === undefined || step.id === after),
  );
  return step && injectedIn(timeline, step);
}

/** Every fault that has been fired, in the order of the steps. */
export function allInjected(timeline: Timeline): readonly Injected[] {
  return timeline.plan.steps.flatMap((step) => injectedIn(timeline, step) ?? []);
}

function injectedIn(timeline: Timeline, step: PlannedStep): Injected | undefined {
  if (step.kind !== 'fault') return undefined;
  const events = eventsOf(timeline, 'fault').filter((event) => event.step === step.id);
  const fired = spanOf(events, 'fired');
  const intent = events.findLast((event) => event.intent !== undefined)?.intent ?? step.intent;
  if (fired === undefined || intent === undefined) return undefined;
  const undone = spanOf(events, 'undone');
  return { step: step.id, intent, fired, ...(undone === undefined ? {} : { undone }) };
}

/** What a claim counts from, until when its question lasts, and whom the faults it is about were aimed at. */
export interface Since {
  /** The deed: a fault, or the taking back of the last one. */
  readonly at: Span;
  readonly until: number;
  /** Just before the fault, or the first of them: series must have worked then. */
  readonly before: number;
  /** Of the claim's fault; after healing, of all faults. */
  readonly intents: readonly Intent[];
  /** The nodes that those were aimed at. */
  readonly targets: readonly string[];
  /** The nodes that this or another fault was aimed at that stood meanwhile. */
  readonly hit: readonly string[];
  /** Ids of the datastore members that those faults took down. */
  readonly down: readonly string[];
}

/**
 * What a claim counts from; absent as long as it has not happened.
 * @param after id of a fault's step, or `heal`; without it, the first fault of the plan
 */
export function sinceOf(timeline: Timeline, after?: string): Since | undefined {
  const all = allInjected(timeline);
  if (after === 'heal') {
    const at = healedAt(timeline);
    const targets = targetsOf(all);
    const before = Math.min(...all.map(({ fired }) => fired.lo));
    const intents = all.map(({ intent }) => intent);
    return (
      at && {
        at,
        until: settledAt(timeline),
        before,
        intents,
        targets,
        hit: targets,
        down: downOf(all),
      }
    );
  }
  const injected = injectedBy(timeline, after);
  if (injected === undefined) return undefined;
  const until = horizonOf(timeline, injected);
  const standing = all.filter(
    ({ fired, undone }) => fired.lo <= until && (undone?.hi ?? Infinity) >= injected.fired.lo,
  );
  return {
    at: injected.fired,
    until,
    before: injected.fired.lo,
    intents: [injected.intent],
    targets: injected.intent.targets,
    hit: targetsOf(standing),
    down: downOf(standing),
  };
}

function downOf(all: readonly Injected[]): readonly string[] {
  return [...new Set(all.flatMap(({ intent }) => intent.membersDown))];
}

function targetsOf(all: readonly Injected[]): readonly string[] {
  return [...new Set(all.flatMap(({ intent }) => intent.targets))];
}

/** The nodes that were hit in a window that lasts to the end of the run: by a fault that stood meanwhile, or a later one. */
export function hitToTheEnd(timeline: Timeline, { at, hit }: Since): readonly string[] {
  const later = allInjected(timeline).filter(({ fired }) => fired.lo >= at.lo);
  return [...new Set([...hit, ...targetsOf(later)])];
}

/** Until when a claim may still see its end: healing ends the question, and so does the end of the timeline. */
export function horizonOf(timeline: Timeline, injected: Injected): number {
  return injected.undone?.lo ?? latestInstant(timeline);
}

/** When all faults had been taken back; absent as long as they have not. */
export function healedAt(timeline: Timeline): Span | undefined {
  const events = eventsOf(timeline, 'fault');
  const steps = new Set(
    events.filter((event) => event.state === 'fired').map((event) => event.step),
  );
  const undone = [...steps].flatMap((step) => {
    const ofStep = events.filter((event) => event.step === step);
    return spanOf(ofStep, 'undone') ?? [];
  });
  if (undone.length === 0 || undone.length < steps.size) return undefined;
  return {
    lo: Math.max(...undone.map(({ lo }) => lo)),
    hi: Math.max(...undone.map(({ hi }) => hi)),
  };
}

/** The end of settling: the survey after it, or the end of the run, or of what there is of it. */
export function settledAt(timeline: Timeline): number {
  const after = eventsOf(timeline, 'state').find((event) => event.when === 'after');
  const done = eventsOf(timeline, 'phase').find((event) => event.phase === 'done');
  return after?.at ?? done?.at ?? latestInstant(timeline);
}

/** When a deed was first done; without a span of its own, it lies between what was done before it and its event. */
function spanOf(events: readonly FaultEvent[], state: 'fired' | 'undone'): Span | undefined {
  const event = events.find((event) => event.state === state);
  if (event === undefined) return undefined;
  const before = events.findLast((other) => other.state !== state && other.at <= event.at);
  return event.span ?? { lo: before?.at ?? event.at, hi: event.at };
}
