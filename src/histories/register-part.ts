import {
  latestOf,
  mayLean,
  orderOfRegister,
  valueBefore,
  withoutCondition,
  type Asked,
} from './register.ts';
import { smallest } from './smallest.ts';
import { versionsOf, type Versions } from './versions.ts';

/** What may be left out by itself: an operation, or the condition of one. */
export interface Item {
  readonly at: number;
  readonly what: 'operation' | 'condition';
}

/**
 * The smallest part found of a register's history that is not linearizable either, and because of which the whole is not:
 * cut off after the first answer that makes it wrong, and then without each operation and condition that is not needed.
 *
 * Only what takes nothing from the rest is left out: reads and conflicts; conditions, without which more is possible;
 * writes that nobody in the rest saw and that explain nothing in it. So the rest is wrong only if the whole is.
 * @param operations of one object, not linearizable and without contradictions of their versions
 */
export function smallestPart(operations: readonly Asked[], budget: number): readonly Asked[] {
  const whole = wholeOf(
    cut(operations, (some) => orderOfRegister(some, budget) === 'not linearizable'),
  );
  let attempts = 0;
  let spent = 0;
  const isWrong = (items: readonly Item[]): boolean => {
    if (attempts > mostAttempts || spent > mostSpent) return false;
    const rest = restOf(whole, items);
    if (rest === undefined) return false;
    attempts++;
    const found = orderOfRegister(rest, Math.min(budget, budgetOfAttempt));
    if (found === 'unknown') spent++;
    return found === 'not linearizable';
  };
  const kept = smallest(windowOf(whole, isWrong) ?? itemsOf(whole), isWrong);
  return assembled(whole, kept).toSorted((a, b) => a.called - b.called);
}

/** Less makes more orders possible, so that a part may take longer than the whole: then it is left as it is. */
const budgetOfAttempt = 10_000;

/** So many attempts are made at most to leave something out, and so many that spend their budget. */
const mostAttempts = 2000;
const mostSpent = 20;

/** A history of which something is left out, and what is known from all of it. */
export interface Whole {
  readonly operations: readonly Asked[];
  readonly versions: Versions;
  /** By value. */
  readonly writes: ReadonlyMap<string, Asked>;
}

export function wholeOf(operations: readonly Asked[]): Whole {
  const writes = new Map<string, Asked>();
  for (const one of operations)
    if (one.kind === 'write' && one.outcome !== 'conflict') writes.set(one.value, one);
  return { operations, versions: versionsOf(operations), writes };
}

/** What is left of a history with only some of its items; undefined if something in it needs what was left out. */
export function restOf(whole: Whole, items: readonly Item[]): readonly Asked[] | undefined {
  const rest = assembled(whole, items);
  return lacksNothing(rest, leftOut(whole, items), whole) ? rest : undefined;
}

/** Up to the first answer with which it is wrong; whatever comes later, it stays so. */
function cut(
  operations: readonly Asked[],
  isWrong: (some: readonly Asked[]) => boolean,
): readonly Asked[] {
  const ends = operations.map(({ returned }) => returned).sort((a, b) => a - b);
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isWrong(until(operations, ends[middle] ?? 0))) high = middle;
    else low = middle + 1;
  }
  return until(operations, ends[low] ?? 0);
}

/** What was known at an instant: what had not been answered by then may have happened or not. */
function until(operations: readonly Asked[], end: number): readonly Asked[] {
  return operations
    .filter(({ called }) => called <= end)
    .flatMap((operation): readonly Asked[] => {
      const { kind, outcome, returned } = operation;
      if (returned <= end || outcome === 'indeterminate') return [operation];
      if (kind === 'read' || outcome !== 'done') return [];
      if (kind === 'delete') return [{ ...operation, outcome: 'indeterminate' }];
      return [{ ...operation, outcome: 'indeterminate', version: undefined }];
    });
}

/**
 * The last operations, and the writes of what they saw, as few as are wrong by themselves; undefined if no such are found.
 * Mostly a dozen is enough, and to leave out the others one by one would take long.
 */
function windowOf(
  whole: Whole,
  isWrong: (items: readonly Item[]) => boolean,
): readonly Item[] | undefined {
  const { operations, versions, writes } = whole;
  const placeOf = new Map(operations.map((one, at) => [one, at]));
  const byCall = operations.toSorted((a, b) => b.called - a.called);
  const last = operations
    .filter(({ outcome }) => outcome !== 'indeterminate')
    .reduce<Asked | undefined>(
      (latest, one) => (latest === undefined || one.returned > latest.returned ? one : latest),
      undefined,
    );
  for (let size = 4; size < operations.length; size *= 2) {
    const near = byCall.slice(0, size).filter((one) => one === last || one.outcome !== 'conflict');
    if (last !== undefined && !near.includes(last)) near.push(last);
    const seen = near.flatMap((one) => {
      const on =
        one.kind !== 'read' && one.on !== undefined && 'version' in one.on ? one.on : undefined;
      const value =
        on === undefined ? valueBefore(one, versions) : versions.valueOf.get(on.version);
      return (value === undefined ? undefined : writes.get(value)) ?? [];
    });
    const chosen = new Set([...near, ...seen].map((one) => placeOf.get(one) ?? 0));
    const conditioned = new Set(near.map((one) => placeOf.get(one) ?? 0));
    const items = itemsOf(whole).filter(({ at, what }) =>
      what === 'operation' ? chosen.has(at) : conditioned.has(at),
    );
    if (isWrong(items)) return items;
  }
  return undefined;
}

/** In the order in which they are missed most: what comes last is left out first. */
export function itemsOf({ operations: whole }: Whole): readonly Item[] {
  const places = [...whole.keys()];
  const changes = (at: number): boolean => {
    const { kind, outcome } = whole[at] ?? {};
    return kind !== 'read' && outcome !== 'conflict';
  };
  const hasCondition = (at: number): boolean => {
    const operation = whole[at];
    return operation !== undefined && operation.kind !== 'read' && operation.on !== undefined;
  };
  const operation = (at: number): Item => ({ at, what: 'operation' });
  return [
    ...places.filter(changes).map(operation),
    ...places
      .filter((at) => changes(at) && hasCondition(at))
      .map((at): Item => ({ at, what: 'condition' })),
    ...places.filter((at) => !changes(at)).map(operation),
  ];
}

function assembled({ operations: whole }: Whole, items: readonly Item[]): readonly Asked[] {
  const conditions = new Set(items.filter(({ what }) => what === 'condition').map(({ at }) => at));
  return items
    .filter(({ what }) => what === 'operation')
    .flatMap(({ at }) => {
      const operation = whole[at];
      if (operation === undefined) return [];
      if (operation.kind === 'read' || operation.outcome === 'conflict') return [operation];
      return [conditions.has(at) ? operation : withoutCondition(operation)];
    });
}

/** What could have changed something, and was left out. */
function leftOut({ operations: whole }: Whole, items: readonly Item[]): readonly Asked[] {
  const kept = new Set(items.filter(({ what }) => what === 'operation').map(({ at }) => at));
  return whole.filter(
    ({ kind, outcome }, at) => kind !== 'read' && outcome !== 'conflict' && !kept.has(at),
  );
}

/** Does nothing in the rest need what was left out? */
function lacksNothing(rest: readonly Asked[], missing: readonly Asked[], whole: Whole): boolean {
  if (missing.length === 0) return true;
  const { operations, versions } = whole;
  const leanFrom = whereLeaning(rest, whole);
  if (missing.some((one) => overAt(one, whole) >= leanFrom)) return false;
  const seen = new Set(rest.flatMap((one) => valueBefore(one, versions) ?? []));
  const seers = rest.filter(seesAbsence);
  return missing.every((one) =>
    one.kind === 'write'
      ? !seen.has(one.value)
      : seers.every((seer) => latestOf(seer) < one.called || isOverBefore(seer, one, operations)),
  );
}

/**
 * An instant such that what is written from then on comes later. A write on a version that happened, did so next after
 * that version; so it is enough that this one had been written.
 */
function overAt(operation: Asked, { versions, writes }: Whole): number {
  const before = operation.kind === 'read' ? undefined : valueBefore(operation, versions);
  const write = before === undefined ? undefined : writes.get(before);
  return Math.min(latestOf(operation), write === undefined ? Infinity : latestOf(write));
}

function seesAbsence(operation: Asked): boolean {
  if (operation.kind === 'read') return operation.value === undefined;
  const { on } = operation;
  return on !== undefined && 'absent' in on;
}

/** Was something certainly written after a deletion and before an operation? Then that saw nothing of the deletion. */
function isOverBefore(seer: Asked, deletion: Asked, whole: readonly Asked[]): boolean {
  const end = latestOf(deletion);
  return whole.some(
    ({ kind, outcome, called, returned }) =>
      kind === 'write' && outcome === 'done' && called > end && returned < seer.called,
  );
}

/**
 * What had ended before this does not matter to a conflict on a version: it was over before there was this version, so
 * that without it another would have been there, still not this one. Whatever else leans, may lean on anything.
 */
function whereLeaning(rest: readonly Asked[], { versions, writes }: Whole): number {
  const leaning = rest
    .filter((one) => mayLean(one, versions))
    .map((one) => {
      const on = one.outcome === 'conflict' ? one.on : undefined;
      const value =
        on !== undefined && 'version' in on ? versions.valueOf.get(on.version) : undefined;
      return (value === undefined ? undefined : writes.get(value))?.called ?? -Infinity;
    });
  return leaning.reduce((least, one) => Math.min(least, one), Infinity);
}
