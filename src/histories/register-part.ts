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
  const isWrong = (some: readonly Asked[]): boolean =>
    orderOfRegister(some, budget) === 'not linearizable';
  const whole = wholeOf(cut(operations, isWrong));
  const kept = smallest(itemsOf(whole), (items) => {
    const rest = restOf(whole, items);
    return rest !== undefined && isWrong(rest);
  });
  return assembled(whole, kept).toSorted((a, b) => a.called - b.called);
}

/** A history of which something is left out, and what is known from all of it. */
export interface Whole {
  readonly operations: readonly Asked[];
  readonly versions: Versions;
  /** When each value was asked to be written. */
  readonly calls: ReadonlyMap<string, number>;
}

export function wholeOf(operations: readonly Asked[]): Whole {
  const calls = new Map<string, number>();
  for (const one of operations) if (one.kind === 'write') calls.set(one.value, one.called);
  return { operations, versions: versionsOf(operations), calls };
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
  if (missing.some((one) => latestOf(one) >= leanFrom)) return false;
  const seen = new Set(rest.flatMap((one) => valueBefore(one, versions) ?? []));
  const seers = rest.filter(seesAbsence);
  return missing.every((one) =>
    one.kind === 'write'
      ? !seen.has(one.value)
      : seers.every((seer) => latestOf(seer) < one.called || isOverBefore(seer, one, operations)),
  );
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
function whereLeaning(rest: readonly Asked[], { versions, calls }: Whole): number {
  const leaning = rest
    .filter((one) => mayLean(one, versions))
    .map((one) => {
      const on = one.outcome === 'conflict' ? one.on : undefined;
      const value =
        on !== undefined && 'version' in on ? versions.valueOf.get(on.version) : undefined;
      return (value === undefined ? undefined : calls.get(value)) ?? -Infinity;
    });
  return leaning.reduce((least, one) => Math.min(least, one), Infinity);
}
