import type { Intent } from '../model/intent.ts';
import type { Plan } from '../model/plan.ts';
import type { Span } from '../model/span.ts';
import { voters } from '../model/snapshot.ts';
import type {
  FaultEvent,
  FaultState,
  LeaderSeen,
  Phase,
  Sample,
  Timeline,
} from '../model/timeline.ts';
import { grouped } from '../model/grouped.ts';

/** What became of the fault of one step. */
export interface FaultStory {
  readonly step: string;
  /** As it was designed just before it fired. */
  readonly intent?: Intent;
  /** In the order in which they were reached; never empty. */
  readonly events: readonly FaultEvent[];
  readonly fired?: Span;
  readonly undone?: Span;
}

/** A phase and the interval it took; milliseconds on the run's clock. */
export interface PhaseStory {
  readonly phase: Phase;
  readonly from: number;
  readonly to: number;
}

/** The faults of a run in the order in which they were first heard of. */
export function faultsOf(timeline: Timeline): readonly FaultStory[] {
  const all = timeline.events.filter((event) => event.type === 'fault');
  return [...grouped(all, (event) => event.step)].map(([step, events]) => {
    const intent = events.findLast((event) => event.intent !== undefined)?.intent;
    const fired = spanOf(events, 'fired');
    const undone = spanOf(events, 'undone');
    return {
      step,
      events,
      ...(intent !== undefined && { intent }),
      ...(fired !== undefined && { fired }),
      ...(undone !== undefined && { undone }),
    };
  });
}

/** Has the fault been in that state? */
export function was(fault: FaultStory, state: FaultState): boolean {
  return fault.events.some((event) => event.state === state);
}

/** How a fault was not what it was meant to be: what is told after it had bitten is that something ended it early. */
export function howMissed(fault: FaultStory): string {
  return was(fault, 'bit') ? 'did not last' : 'did not bite';
}

/** The phases that happened, each up to the next. The last one, if it is not *done*, ends with the timeline. */
export function phasesOf(timeline: Timeline): readonly PhaseStory[] {
  const begun = timeline.events.filter((event) => event.type === 'phase');
  const end = endOf(timeline);
  return begun.map(({ phase, at }, index) => ({
    phase,
    from: at,
    to: begun[index + 1]?.at ?? Math.max(at, end),
  }));
}

/** The last instant of a timeline, in milliseconds on the run's clock; 0 if it is empty. */
export function endOf(timeline: Timeline): number {
  let end = 0;
  for (const event of timeline.events) {
    end = Math.max(end, event.type === 'sample' ? (event.got ?? event.due) : event.at);
  }
  return end;
}

/** The samples of each series in the order of their intended times. */
export function samplesBySeries(timeline: Timeline): ReadonlyMap<string, readonly Sample[]> {
  const samples = timeline.events.filter((event) => event.type === 'sample');
  const bySeries = grouped(samples, (sample) => sample.series);
  return new Map(
    [...bySeries].map(([series, list]) => [series, list.toSorted((a, b) => a.due - b.due)]),
  );
}

/** The node that a datastore member runs on, or the id itself if no node has it. */
export function nodeOfMember(plan: Plan, id: string): string {
  return plan.snapshot.datastore.members.find((member) => member.id === id)?.node ?? id;
}

/**
 * The node that a majority of the configured voters first called leader after an instant, itself among them, and that
 * did not lead before. It serves to name the leader in a sentence; when it was elected is for the claim to judge.
 */
export function newLeader(timeline: Timeline, afterMs: number): string | undefined {
  const { plan } = timeline;
  const before = plan.snapshot.datastore.leader;
  const majority = Math.floor(voters(plan.snapshot).length / 2) + 1;
  const nodeOf = new Map(plan.series.map((series) => [series.id, series.node]));
  const probeOf = new Map(plan.series.map((series) => [series.id, series.probe]));
  const named = new Map<string, string>();
  for (const event of timeline.events) {
    if (event.type !== 'sample' || (event.sent ?? event.due) <= afterMs) continue;
    const node = nodeOf.get(event.series);
    if (probeOf.get(event.series) !== 'leader' || node === undefined) continue;
    named.set(node, event.ok === true ? (event.value as LeaderSeen).leader : '');
    const id = named.get(node) ?? '';
    if (id === '' || id === before) continue;
    const leader = nodeOfMember(plan, id);
    const agree = [...named.values()].filter((other) => other === id).length;
    if (agree >= majority && named.get(leader) === id) return leader;
  }
  return undefined;
}

/** An event without a span of its own is an instant. */
function spanOf(events: readonly FaultEvent[], state: FaultState): Span | undefined {
  const event = events.findLast((event) => event.state === state);
  return event && (event.span ?? { lo: event.at, hi: event.at });
}
