import type { PlannedStep } from './plan.ts';
import type { FaultSummary } from './result.ts';
import type { FaultEvent, FaultState, Timeline } from './timeline.ts';

/** Each fault of the plan and what became of it, in the order of the steps. */
export function faultSummaries(timeline: Timeline): readonly FaultSummary[] {
  return faultsOf(timeline).map(({ step, events }) => {
    const fired = last(events, 'fired');
    const firedMs = fired && (fired.span ?? { lo: fired.at, hi: fired.at });
    return {
      fault: step.fault,
      target: intentOf(step, events)?.targets.join(', ') ?? '',
      ...(firedMs === undefined ? {} : { firedMs }),
      bit: last(events, 'bit') !== undefined && last(events, 'missed') === undefined,
      gone: isGone(events),
    };
  });
}

/**
 * Lines about what could not be put back: what, where and why. Empty if all is well.
 * From the journal entry on, a fault must be seen to be gone: nobody knows how far arming it came.
 */
export function residueOf(timeline: Timeline): readonly string[] {
  const end = timeline.events.findLast((event) => event.type === 'end');
  const ofFaults = faultsOf(timeline).flatMap(({ step, events }) => {
    if (events.length === 0 || isGone(events)) return [];
    const says = intentOf(step, events)?.says ?? step.fault;
    return [
      last(events, 'residue')?.because ??
        `${says}: never seen to be taken back; take it back with: holdfast heal`,
    ];
  });
  // The end tells of them, too, if it was reached.
  const ofNodes = timeline.events.flatMap((event) =>
    event.type === 'fingerprint' ? (event.differences ?? []) : [],
  );
  return [...new Set([...ofFaults, ...ofNodes, ...(end?.residue ?? [])])];
}

type FaultStep = Extract<PlannedStep, { readonly kind: 'fault' }>;

interface FaultOfPlan {
  readonly step: FaultStep;
  /** In the order of their instants. */
  readonly events: readonly FaultEvent[];
}

/** The faults of the plan, each with its events. */
export function faultsOf({ plan, events }: Timeline): readonly FaultOfPlan[] {
  const all = events.filter((event) => event.type === 'fault').sort((a, b) => a.at - b.at);
  return plan.steps
    .filter((step) => step.kind === 'fault')
    .map((step) => ({ step, events: all.filter((event) => event.step === step.id) }));
}

function intentOf(step: FaultStep, events: readonly FaultEvent[]): FaultEvent['intent'] {
  return events.findLast((event) => event.intent !== undefined)?.intent ?? step.intent;
}

/** Seen to be gone, and not found to be left behind later. */
function isGone(events: readonly FaultEvent[]): boolean {
  const gone = last(events, 'gone');
  const residue = last(events, 'residue');
  return gone !== undefined && (residue === undefined || residue.at <= gone.at);
}

function last(events: readonly FaultEvent[], state: FaultState): FaultEvent | undefined {
  return events.findLast((event) => event.state === state);
}
