import type { Series } from '../model/plan.ts';
import type { Event, Sample, Timeline } from '../model/timeline.ts';
import { believed } from './answers.ts';

/** A slot that was used: it was sent, and an answer, an error or its deadline came. */
export interface Used extends Sample {
  readonly sent: number;
  readonly got: number;
  readonly ok: boolean;
}

type Other = Exclude<Event, Sample>;

interface Index {
  /** How many events are in here. */
  read: number;
  /** The latest instant in any event. */
  latest: number;
  readonly slots: Map<string, Slots>;
  /** By the id of its series. */
  readonly probes: ReadonlyMap<string, string>;
  readonly others: Other[];
}

/** The slots of a series, in the order of their intended times. */
interface Slots {
  readonly all: Sample[];
  readonly used: Used[];
}

/** No slot is sent later than this after its intended time: it would have been missed. Milliseconds. */
const latestSendMs = 2000;

// A run asks of the same growing array again and again: what was read once is kept, and only the new events are read.
const indexes = new WeakMap<readonly Event[], Index>();

/** The series of a probe, in the plan's order; with `node`, only the one of that node. */
export function seriesOf(timeline: Timeline, probe: string, node?: string): readonly Series[] {
  return timeline.plan.series.filter(
    (series) => series.probe === probe && (node === undefined || series.node === node),
  );
}

/** The period of a probe's series, the longest; milliseconds, 0 where it has none. */
export function everyMsOf(timeline: Timeline, probe: string): number {
  return Math.max(0, ...seriesOf(timeline, probe).map(({ everyMs }) => everyMs));
}

/** The slots of a series in the order of their intended times, in whatever order they were written down. */
export function samplesOf(timeline: Timeline, series: Series): readonly Sample[] {
  return slotsOf(timeline, series).all;
}

/** The used slots of a series, in the order of their intended times. */
export function usedOf(timeline: Timeline, series: Series): readonly Used[] {
  return slotsOf(timeline, series).used;
}

/** The used slots of a series that may have been sent at or after an instant. */
export function usedFrom(timeline: Timeline, series: Series, from: number): readonly Used[] {
  const used = usedOf(timeline, series);
  return used.slice(used.findLastIndex(({ due }) => due < from - latestSendMs) + 1);
}

/** The events of a type other than samples, in the order of their instants. */
export function eventsOf<Type extends Other['type']>(
  timeline: Timeline,
  type: Type,
): readonly Extract<Other, { readonly type: Type }>[] {
  return indexOf(timeline)
    .others.filter((event): event is Extract<Other, { readonly type: Type }> => event.type === type)
    .sort((a, b) => a.at - b.at);
}

/** The latest instant that the timeline has reached. */
export function latestInstant(timeline: Timeline): number {
  return indexOf(timeline).latest;
}

export function isUsed(sample: Sample): sample is Used {
  return sample.sent !== undefined && sample.got !== undefined && sample.ok !== undefined;
}

function indexOf({ plan, events }: Timeline): Index {
  let index = indexes.get(events);
  if (index === undefined) {
    const probes = new Map(plan.series.map(({ id, probe }) => [id, probe]));
    index = { read: 0, latest: 0, slots: new Map(), probes, others: [] };
    indexes.set(events, index);
  }
  for (const event of events.slice(index.read)) add(index, event);
  index.read = events.length;
  return index;
}

function add(index: Index, event: Event): void {
  if (event.type !== 'sample') {
    index.latest = Math.max(index.latest, event.at);
    index.others.push(event);
    return;
  }
  index.latest = Math.max(index.latest, event.got ?? event.due);
  let slots = index.slots.get(event.series);
  if (slots === undefined) {
    slots = { all: [], used: [] };
    index.slots.set(event.series, slots);
  }
  const sample = believed(event, index.probes.get(event.series));
  insert(slots.all, sample);
  if (isUsed(sample)) insert(slots.used, sample);
}

/** Nearly always at the end: slots are written down as their answers come. */
function insert<Slot extends Sample>(slots: Slot[], slot: Slot): void {
  slots.splice(slots.findLastIndex(({ due }) => due <= slot.due) + 1, 0, slot);
}

function slotsOf(timeline: Timeline, series: Series): Slots {
  return indexOf(timeline).slots.get(series.id) ?? { all: [], used: [] };
}
