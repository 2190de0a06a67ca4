/** What became of the writes of a run: which were acknowledged, and which of these were seen again or were missed. */
import { byPlace, places } from '../model/kept.ts';
import type { Series } from '../model/plan.ts';
import type { ReadSeen, Timeline, WriteSeen } from '../model/timeline.ts';
import { seriesOf, usedOf, type Used } from './series.ts';
import { writtenThrough } from './written.ts';

/** A write that was acknowledged. */
export interface Acknowledged {
  /** The node through whose API server it went, and whose object it is in. */
  readonly node: string;
  readonly n: number;
  readonly sent: number;
  readonly got: number;
}

/** A read that shows that something is wrong with a write. */
export interface Shown {
  readonly write: Acknowledged;
  /** The read: through which API server, and when. */
  readonly through: string;
  readonly sent: number;
  readonly got: number;
  /** What was in the place of it; undefined for nothing. */
  readonly instead: number | undefined;
}

export interface KeptWrites {
  readonly acknowledged: readonly Acknowledged[];
  /** Those that a read sent after the acknowledgement has found. */
  readonly found: ReadonlySet<Acknowledged>;
  /** Those that a read sent after the acknowledgement has missed, and none has found since; with the first such read. */
  readonly lost: readonly Shown[];
  /** Those that a read has missed that was sent after the acknowledgement, and a later one has found. */
  readonly stale: readonly Shown[];
  /** Numbers that were read and that nobody had sent by then. */
  readonly invented: readonly {
    readonly through: string;
    readonly got: number;
    readonly n: number;
  }[];
  /** Reads that had an answer. */
  readonly reads: number;
}

/** Follows every write from its acknowledgement to the reads after it. */
export function keptWrites(timeline: Timeline): KeptWrites {
  const objects = seriesOf(timeline, 'write').map((series) => objectOf(timeline, series));
  const reads = seriesOf(timeline, 'read').flatMap((series) =>
    usedOf(timeline, series)
      .filter(({ value }) => value !== undefined)
      .map((sample) => ({
        ...sample,
        through: series.node ?? '',
        value: sample.value as ReadSeen,
      })),
  );
  const followed = objects.map((object) =>
    follow(
      object,
      reads.filter(({ value }) => value.of === object.node).sort((a, b) => a.sent - b.sent),
    ),
  );
  return {
    acknowledged: objects.flatMap(({ acknowledged }) => acknowledged),
    found: new Set(followed.flatMap(({ found }) => [...found])),
    lost: followed.flatMap(({ lost }) => lost),
    stale: followed.flatMap(({ stale }) => stale),
    invented: followed.flatMap(({ invented }) => invented),
    reads: reads.length,
  };
}

/** The object of one node, into which only the series of that node writes. */
interface WrittenObject {
  readonly node: string;
  /** In the order of their acknowledgements. */
  readonly acknowledged: readonly Acknowledged[];
  readonly byNumber: ReadonlyMap<number, Acknowledged>;
  readonly mayHold: (n: number, at: number) => boolean;
}

function objectOf(timeline: Timeline, series: Series): WrittenObject {
  const node = series.node ?? '';
  const used = usedOf(timeline, series);
  const acknowledged = used
    .filter(({ ok }) => ok)
    .map(({ value, sent, got }) => ({ node, n: (value as WriteSeen).n, sent, got }))
    .sort((a, b) => a.got - b.got);
  return {
    node,
    acknowledged,
    byNumber: new Map(acknowledged.map((one) => [one.n, one])),
    mayHold: writtenThrough(timeline, node) ?? (() => true),
  };
}

type Read = Omit<Used, 'value'> & { readonly through: string; readonly value: ReadSeen };

function follow(
  object: WrittenObject,
  reads: readonly Read[],
): Pick<KeptWrites, 'found' | 'lost' | 'stale' | 'invented'> {
  const found = new Set<Acknowledged>();
  const lost = new Map<Acknowledged, Shown>();
  const stale: Shown[] = [];
  for (const { write, read, instead } of expected(object, reads)) {
    const missed = lost.get(write);
    if (instead === write.n) {
      found.add(write);
      lost.delete(write);
      if (missed !== undefined) stale.push(missed);
    } else if (missed === undefined && isLost(write, instead, object)) {
      const { through, sent, got } = read;
      lost.set(write, { write, through, sent, got, instead });
    }
  }
  return { found, lost: [...lost.values()], stale, invented: inventedIn(object, reads) };
}

interface Expected {
  readonly write: Acknowledged;
  readonly read: Read;
  /** What the read has found in the place of the write. */
  readonly instead: number | undefined;
}

/** For each read, the newest write in each place whose acknowledgement had come before the read was sent. */
function* expected({ acknowledged }: WrittenObject, reads: readonly Read[]): Generator<Expected> {
  const newest = new Map<number, Acknowledged>();
  const coming = acknowledged[Symbol.iterator]();
  let next = coming.next();
  for (const read of reads) {
    for (; next.done !== true && next.value.got < read.sent; next = coming.next()) {
      const place = next.value.n % places;
      if (next.value.n > (newest.get(place)?.n ?? 0)) newest.set(place, next.value);
    }
    const kept = byPlace(read.value.kept);
    for (const [place, write] of newest) yield { write, read, instead: kept.get(place) };
  }
}

function inventedIn({ mayHold }: WrittenObject, reads: readonly Read[]): KeptWrites['invented'] {
  return reads.flatMap(({ value, through, got }) => {
    const highest = Math.max(0, ...value.kept.map(([, last]) => last));
    return mayHold(highest, got) ? [] : [{ through, got, n: highest }];
  });
}

/**
 * A number that comes after it in its place has taken it. One that had been acknowledged before it was sent must not be
 * there any more; one that never was may have been done late, when this one was already there.
 */
function isLost(
  write: Acknowledged,
  instead: number | undefined,
  { byNumber }: WrittenObject,
): boolean {
  if (instead === undefined) return true;
  const before = byNumber.get(instead);
  return before !== undefined && before.got < write.sent;
}
