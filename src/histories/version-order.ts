import { sayOperation, sayReturned } from './say.ts';
import type { RegisterOperation } from './operation.ts';
import { isAsked, mayLean, type Asked } from './register.ts';
import { versionsOf } from './versions.ts';

/** What the order of versions says of a register, without any search. */
export type Opinion =
  | { readonly says: 'right' }
  | { readonly says: 'wrong'; readonly because: string; readonly operations: readonly Asked[] }
  /** It cannot tell. */
  | { readonly says: 'nothing' };

/** An operation of which it is known that it happened, and which version it found or made. */
interface Placed {
  readonly operation: Asked;
  readonly version: number;
  /** When it had happened at the latest. */
  readonly until: number;
}

/**
 * A second opinion on a register: versions grow with each write, so their order is the order of the writes, and what is
 * left to do is to see whether it agrees with real time, with what was read and with the conditions of writes.
 * It says nothing of registers with deletions or conflicts, or where a version that matters is not known or not a number.
 * @param operations of one object, without contradictions of their versions
 */
export function opinionByVersions(operations: readonly RegisterOperation[]): Opinion {
  const placed = place(operations.filter(isAsked));
  if (placed === undefined) return { says: 'nothing' };
  return wrongOf(placed) ?? { says: 'right' };
}

function place(asked: readonly Asked[]): readonly Placed[] | undefined {
  const versions = versionsOf(asked);
  const { versionOf } = versions;
  const seenAt = new Map<string, number>();
  const placed: Placed[] = [];
  const writes: (Asked & { readonly value: string })[] = [];
  for (const one of asked) {
    if (one.kind === 'delete' || one.outcome === 'conflict' || mayLean(one, versions))
      return undefined;
    if (one.kind === 'write') {
      writes.push(one);
      if (one.outcome === 'done') see(seenAt, one.value, one.returned);
    } else {
      const version = one.value === undefined ? 0 : toNumber(versionOf.get(one.value));
      if (version === undefined) return undefined;
      placed.push({ operation: one, version, until: one.returned });
      if (one.value !== undefined) see(seenAt, one.value, one.returned);
    }
  }
  for (const one of writes) {
    const until = seenAt.get(one.value);
    const version = toNumber(versionOf.get(one.value));
    if (until === undefined) continue;
    if (version === undefined) return undefined;
    placed.push({ operation: one, version, until });
  }
  return placed;
}

function see(seenAt: Map<string, number>, value: string, at: number): void {
  seenAt.set(value, Math.min(at, seenAt.get(value) ?? Infinity));
}

function toNumber(version: string | undefined): number | undefined {
  const number = version !== undefined && /^\d+$/.test(version) ? Number(version) : undefined;
  return Number.isSafeInteger(number) ? number : undefined;
}

function wrongOf(placed: readonly Placed[]): Opinion | undefined {
  const writes = placed
    .filter(({ operation }) => operation.kind === 'write')
    .sort((a, b) => a.version - b.version);
  const writeOf = new Map(writes.map((write) => [write.version, write]));
  return goesBack(placed) ?? unwritten(placed, writeOf) ?? brokenCondition(writes);
}

/** Found what was older than what had been shown before it was called, or was itself shown before. */
function goesBack(placed: readonly Placed[]): Opinion | undefined {
  const byCall = placed.toSorted((a, b) => a.operation.called - b.operation.called);
  const byEnd = placed.toSorted((a, b) => a.until - b.until);
  let newest: Placed | undefined;
  let ended = 0;
  for (const one of byCall) {
    for (let end = byEnd[ended]; end !== undefined && end.until < one.operation.called;) {
      if (newest === undefined || end.version > newest.version) newest = end;
      end = byEnd[++ended];
    }
    if (newest === undefined) continue;
    const isOlder =
      one.operation.kind === 'write' ? one.version <= newest.version : one.version < newest.version;
    if (isOlder)
      return wrong(
        `${sayOperation(one.operation)} (version ${one.version}), but version ${newest.version} had been seen ${sayReturned(newest.operation)}`,
        [newest.operation, one.operation],
      );
  }
  return undefined;
}

function unwritten(
  placed: readonly Placed[],
  writeOf: ReadonlyMap<number, Placed>,
): Opinion | undefined {
  for (const { operation, version } of placed) {
    if (operation.kind !== 'read' || version === 0) continue;
    const write = writeOf.get(version)?.operation;
    if (write === undefined || write.called > operation.returned)
      return wrong(`${sayOperation(operation)}, which nobody had written`, [operation]);
  }
  return undefined;
}

/** A write on a version must be the next after it. @param writes by version */
function brokenCondition(writes: readonly Placed[]): Opinion | undefined {
  let before: Placed | undefined;
  for (const one of writes) {
    const needed = neededBy(one.operation);
    if (needed !== undefined && needed !== (before?.version ?? 0))
      return wrong(
        `${sayOperation(one.operation)}, but the version before it was ${before?.version ?? 'none'}`,
        before === undefined ? [one.operation] : [before.operation, one.operation],
      );
    before = one;
  }
  return undefined;
}

/** The version that must be there for an operation to succeed; 0 for none, undefined for any. */
function neededBy(operation: Asked): number | undefined {
  const on = operation.kind === 'read' ? undefined : operation.on;
  if (on === undefined) return undefined;
  return 'absent' in on ? 0 : toNumber(on.version);
}

function wrong(because: string, operations: readonly Asked[]): Opinion {
  return { says: 'wrong', because, operations };
}
