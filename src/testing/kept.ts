import { places, stretchesOf } from '../model/kept.ts';
import type { Series } from '../model/plan.ts';
import type { Event, ReadSeen, Sample, WatchSeen, WriteSeen } from '../model/timeline.ts';

/** Acknowledged writes that reads do not show: those through a node that were sent between two instants. */
export interface Loss {
  readonly node: string;
  /** Milliseconds after the fault. */
  readonly from: number;
  readonly to: number;
  /** From when on they are gone, and until when if they are only not shown for a while. */
  readonly goneAt: number;
  readonly backAt?: number;
}

/** A watch that tells nothing more, though it is open. */
export interface Silence {
  /** Whose API server. */
  readonly node: string;
  /** Milliseconds after the fault. */
  readonly from: number;
  readonly to: number;
}

interface Scripted {
  readonly fired: number;
  readonly silences?: readonly Silence[];
  readonly losses?: readonly Loss[];
}

interface Done {
  readonly n: number;
  readonly sent: number;
  readonly at: number;
}

/** Gives the writes of a scripted run their numbers, and its reads what is there then. */
export function withKept(
  events: readonly Event[],
  series: readonly Series[],
  script: Scripted,
): Event[] {
  const nodes = series.filter(({ probe }) => probe === 'write').flatMap(({ node }) => node ?? []);
  const numbers = new Map<Sample, number>();
  const done = new Map(nodes.map((node) => [node, writesOf(`write@${node}`, events, numbers)]));
  const looks = new Map<string, number>();
  return events.map((event) => {
    if (event.type !== 'sample' || event.sent === undefined || event.got === undefined)
      return event;
    const n = numbers.get(event);
    if (n !== undefined && event.ok === true)
      return { ...event, value: { status: 200, n } satisfies WriteSeen };
    if (event.series.startsWith('watch@') && event.ok === true)
      return { ...event, value: watchedBy(event, nodes, done, script) };
    if (!event.series.startsWith('read@')) return event;
    const reader = event.series.slice('read@'.length);
    const look = (looks.get(reader) ?? nodes.indexOf(reader)) + 1;
    looks.set(reader, look);
    if (event.ok !== true) return event;
    const of = nodes[look % nodes.length] ?? '';
    const at = (event.sent + event.got) / 2;
    return { ...event, value: { of, kept: keptOf(of, done.get(of) ?? [], at, script) } };
  });
}

/** The writes of a series that were carried out; those that failed were not. */
function writesOf(id: string, events: readonly Event[], numbers: Map<Sample, number>): Done[] {
  const used = events
    .filter((event): event is Sample => event.type === 'sample' && event.series === id)
    .filter(({ sent }) => sent !== undefined)
    .sort((a, b) => a.due - b.due);
  return used.flatMap((sample, index) => {
    numbers.set(sample, index + 1);
    const { sent = 0, got = 0, ok } = sample;
    return ok === true ? [{ n: index + 1, sent, at: (sent + got) / 2 }] : [];
  });
}

function keptOf(
  node: string,
  done: readonly Done[],
  at: number,
  { fired, losses = [] }: Scripted,
): ReadSeen['kept'] {
  const gone = ({ sent }: Done): boolean =>
    losses.some(
      (loss) =>
        loss.node === node &&
        sent >= fired + loss.from &&
        sent <= fired + loss.to &&
        at >= fired + loss.goneAt &&
        at < fired + (loss.backAt ?? Infinity),
    );
  const inPlace = new Map<number, number>();
  for (const one of done)
    if (one.at <= at && !gone(one))
      inPlace.set(one.n % places, Math.max(one.n, inPlace.get(one.n % places) ?? 0));
  return stretchesOf([...inPlace.values()]);
}

function watchedBy(
  { series, sent = 0 }: Sample,
  nodes: readonly string[],
  done: ReadonlyMap<string, readonly Done[]>,
  { fired, silences = [] }: Scripted,
): WatchSeen {
  const node = series.slice('watch@'.length);
  const of = nodes[(nodes.indexOf(node) + 1) % nodes.length] ?? '';
  const silence = silences.find(
    (one) => one.node === node && sent >= fired + one.from && sent < fired + one.to,
  );
  const until = silence === undefined ? sent : fired + silence.from;
  const n = Math.max(0, ...(done.get(of) ?? []).filter(({ at }) => at <= until).map(({ n }) => n));
  return { of, n, opened: 1 };
}
