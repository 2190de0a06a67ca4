import {
  findOrder,
  impossible,
  type Found,
  type Specification,
  type Step,
} from './linearizable.ts';
import type {
  RegisterDelete,
  RegisterOperation,
  RegisterRead,
  RegisterWrite,
} from './operation.ts';
import { versionsOf, type Versions } from './versions.ts';

/** What the search is about: caches are judged by themselves. */
export type Asked = RegisterRead | RegisterWrite | RegisterDelete;

/** States of a register; from `firstValue` on, each value has a state of its own. */
const absent = 0;
/** It has a value that nobody ever saw: which one makes no difference. */
const unseen = 1;
const firstValue = 2;

/**
 * Looks for an order of the operations on one register; what was refused and what caches told is left out.
 * @param operations on one object, each write of a value of its own
 */
export function orderOfRegister(operations: readonly RegisterOperation[], budget: number): Found {
  const asked = operations.filter(isAsked);
  const versions = versionsOf(asked);
  const { kept, returns } = resolved(asked, versions);
  const states = new Map<string, number>();
  const stateOf = (value: string | undefined): number => {
    if (value === undefined) return absent;
    const known = states.get(value);
    if (known !== undefined) return known;
    states.set(value, firstValue + states.size);
    return firstValue + states.size - 1;
  };
  const effects = kept.map((one, at) => effectOf(one, returns[at] ?? 0, stateOf));
  const specification = specify(kept, effects, versionByState(versions, stateOf));
  return findOrder(stepsOf(kept, returns, effects), specification, budget);
}

/** Writes that must have happened, with what the others know of it; what leaves no trace is not among them. */
interface Resolved {
  readonly kept: readonly Asked[];
  /** When each of them had happened at the latest. */
  readonly returns: readonly number[];
}

/**
 * Narrows what is indeterminate. A write whose value was read, or on whose version something was written, happened before
 * that answer. A write that nobody saw is kept only while something else may lean on it.
 */
function resolved(asked: readonly Asked[], versions: Versions): Resolved {
  const seenAt = new Map<string, number>();
  const see = (value: string | undefined, at: number): void => {
    if (value !== undefined) seenAt.set(value, Math.min(at, seenAt.get(value) ?? Infinity));
  };
  let leanedUntil = -Infinity;
  for (const one of asked) {
    if (one.outcome === 'done') see(valueBefore(one, versions), one.returned);
    if (mayLean(one, versions)) leanedUntil = Math.max(leanedUntil, latestOf(one));
  }
  const kept: Asked[] = [];
  const returns: number[] = [];
  for (const one of asked) {
    const seen = one.kind === 'write' ? seenAt.get(one.value) : undefined;
    const left = one.outcome === 'indeterminate' && one.kind === 'write' && seen === undefined;
    if (left && one.called > leanedUntil) continue;
    kept.push(one);
    returns.push(Math.max(one.called, Math.min(latestOf(one), seen ?? Infinity)));
  }
  return { kept, returns };
}

/** The value that an operation shows to have been there just before it; undefined if it shows none. */
export function valueBefore(operation: Asked, { valueOf }: Versions): string | undefined {
  if (operation.kind === 'read') return operation.value;
  const on = operation.outcome === 'conflict' ? undefined : operation.on;
  return on !== undefined && 'version' in on ? valueOf.get(on.version) : undefined;
}

/** May it have ended as it did for the very reason that some write happened which nobody saw? */
export function mayLean(operation: Asked, { valueOf }: Versions): boolean {
  if (operation.outcome === 'conflict') return true;
  if (operation.kind === 'read') return false;
  const { on } = operation;
  return on !== undefined && 'version' in on && !valueOf.has(on.version);
}

/** When it had happened at the latest. */
export function latestOf({ outcome, returned }: Asked): number {
  return outcome === 'indeterminate' ? Infinity : returned;
}

/** The same, whatever was there: more is possible with it. */
export function withoutCondition(operation: Asked): Asked {
  return operation.kind === 'read' ? operation : { ...operation, on: undefined };
}

export function isAsked(operation: RegisterOperation): operation is Asked {
  const { kind, outcome } = operation;
  if (kind === 'cached-read' || outcome === 'refused') return false;
  if (kind === 'read') return outcome === 'done';
  // A write that does not ask what was there cannot conflict with it.
  return kind !== 'write' || outcome !== 'conflict' || operation.on !== undefined;
}

/** The state that an operation leads to; of a read or a conflict, the one it tells of. */
function effectOf(
  operation: Asked,
  returned: number,
  stateOf: (value: string | undefined) => number,
): number {
  if (operation.kind === 'delete') return absent;
  if (operation.kind === 'write' && returned === Infinity) return unseen;
  return stateOf(operation.value);
}

function stepsOf(
  kept: readonly Asked[],
  returns: readonly number[],
  effects: readonly number[],
): Step[] {
  const latest = new Map<string, number>();
  const inCallOrder = [...kept.keys()].sort((a, b) => calledOf(kept, a) - calledOf(kept, b));
  const twins = new Map<number, number>();
  for (const at of inCallOrder) {
    const one = kept[at];
    if (one === undefined || one.kind === 'read' || returns[at] !== Infinity) continue;
    const like = `${effects[at] ?? 0} ${JSON.stringify(one.on ?? null)}`;
    const twin = latest.get(like);
    if (twin !== undefined) twins.set(at, twin);
    latest.set(like, at);
  }
  return kept.map(({ kind, outcome, called }, at) => ({
    called,
    returned: returns[at] ?? 0,
    isRead: kind === 'read' || outcome === 'conflict',
    twin: twins.get(at),
  }));
}

function calledOf(kept: readonly Asked[], at: number): number {
  return kept[at]?.called ?? 0;
}

function versionByState(
  { versionOf }: Versions,
  stateOf: (value: string | undefined) => number,
): ReadonlyMap<number, string> {
  return new Map([...versionOf].map(([value, version]) => [stateOf(value), version]));
}

function specify(
  kept: readonly Asked[],
  effects: readonly number[],
  versionByState: ReadonlyMap<number, string>,
): Specification {
  const known = new Set(versionByState.values());
  type Holds = 'yes' | 'no' | 'maybe';
  /** Has the object this version? A value whose version nobody knows may have any that is of no other value. */
  const has = (state: number, version: string): Holds => {
    const its = versionByState.get(state);
    if (its !== undefined) return its === version ? 'yes' : 'no';
    return state === absent || known.has(version) ? 'no' : 'maybe';
  };
  const holds = (state: number, { on, kind }: RegisterWrite | RegisterDelete): Holds => {
    if (on === undefined) return kind === 'write' || state !== absent ? 'yes' : 'no';
    if ('absent' in on) return state === absent ? 'yes' : 'no';
    return has(state, on.version);
  };
  return {
    initial: absent,
    after: (state, step) => {
      const one = kept[step];
      if (one === undefined) throw new RangeError(`there is no step ${step}`);
      const effect = effects[step] ?? absent;
      if (one.kind === 'read') return state === effect ? state : impossible;
      const answer = holds(state, one);
      if (one.outcome === 'conflict') return answer === 'yes' ? impossible : state;
      return answer === 'no' && one.on !== undefined ? impossible : effect;
    },
  };
}
