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
import type { Versions } from './versions.ts';

/** What the search is about. */
export type Asked = RegisterRead | RegisterWrite | RegisterDelete;

/** Is there anything to be learned of it about the register? Of caches it is learned elsewhere. */
export function isAsked(operation: RegisterOperation): operation is Asked {
  const { kind, outcome } = operation;
  if (kind === 'cached-read' || outcome === 'refused') return false;
  if (kind === 'read') return outcome === 'done';
  // A write that does not ask what was there cannot conflict with it.
  return kind !== 'write' || outcome !== 'conflict' || operation.on !== undefined;
}

/**
 * Looks for an order of the operations on one register.
 * @param asked on one object, each write of a value of its own, without contradictions of their versions
 */
export function orderOfRegister(asked: readonly Asked[], budget: number): Found {
  const coded = code(asked);
  const { kept, latest } = narrowed(asked, coded);
  return findOrder(
    stepsOf(asked, coded, kept, latest),
    specify(asked, coded, kept, latest),
    budget,
  );
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

/** States of a register; from `firstValue` on, each value has a state of its own. */
const absent = 0;
/** It has a value that nobody ever saw: which one makes no difference. */
const unseen = 1;
const firstValue = 2;

/** Conditions; from 0 on, each version has a number. */
const onAnything = -1;
const onAbsence = -2;

const unknown = -1;

/** Operations in numbers, which are quick to compare. */
interface Coded {
  /** The state that each leads to or, if it read or conflicted, that it tells of. */
  readonly states: Int32Array;
  readonly conditions: Int32Array;
  /** By state, its version; `unknown` if nothing told it. */
  readonly versionOf: readonly number[];
  /** By version, its state. */
  readonly stateOf: readonly number[];
}

function code(asked: readonly Asked[]): Coded {
  const states = new Int32Array(asked.length);
  const conditions = new Int32Array(asked.length).fill(onAnything);
  const versionOf = [unknown, unknown];
  const stateOf: number[] = [];
  const values = new Map<string, number>();
  const versions = new Map<string, number>();
  const toState = (value: string | undefined): number => {
    if (value === undefined) return absent;
    const known = values.get(value);
    if (known !== undefined) return known;
    values.set(value, versionOf.length);
    return versionOf.push(unknown) - 1;
  };
  const toVersion = (version: string): number => {
    const known = versions.get(version);
    if (known !== undefined) return known;
    versions.set(version, stateOf.length);
    return stateOf.push(unknown) - 1;
  };
  for (const [at, one] of asked.entries()) {
    const state = one.kind === 'delete' ? absent : toState(one.value);
    states[at] = state;
    if (one.kind !== 'read' && one.on !== undefined)
      conditions[at] = 'absent' in one.on ? onAbsence : toVersion(one.on.version);
    if (one.kind === 'delete' || one.outcome !== 'done' || one.version === undefined) continue;
    if (state === absent) continue;
    const version = toVersion(one.version);
    versionOf[state] = version;
    stateOf[version] = state;
  }
  return { states, conditions, versionOf, stateOf };
}

interface Narrowed {
  /** Places of the operations that may have left a trace. */
  readonly kept: readonly number[];
  /** By place, when it had happened at the latest; Infinity: perhaps never. */
  readonly latest: Float64Array;
}

/**
 * Narrows what is indeterminate. A write whose value was read, or on whose version something was written, happened before
 * that answer. A write that nobody saw is kept only while something else may lean on it.
 */
function narrowed(asked: readonly Asked[], coded: Coded): Narrowed {
  const { states } = coded;
  const seenAt = firstSeen(asked, coded);
  const leanedUntil = lastLeaning(asked, coded);
  const latest = Float64Array.from(asked, latestOf);
  const kept: number[] = [];
  for (const [at, one] of asked.entries()) {
    if (one.kind === 'write' && one.outcome !== 'conflict') {
      const seen = Math.min(latestOf(one), seenAt[states[at] ?? absent] ?? Infinity);
      if (seen === Infinity && one.called > leanedUntil) continue;
      latest[at] = Math.max(one.called, seen);
    }
    kept.push(at);
  }
  return { kept, latest };
}

/** By state, when the first answer came that shows its value to have been there. */
function firstSeen(
  asked: readonly Asked[],
  { states, conditions, versionOf, stateOf }: Coded,
): Float64Array {
  const seenAt = new Float64Array(versionOf.length).fill(Infinity);
  for (const [at, { kind, outcome, returned }] of asked.entries()) {
    if (outcome !== 'done') continue;
    const state = kind === 'read' ? states[at] : stateOf[conditions[at] ?? onAnything];
    if (state === undefined || state < firstValue) continue;
    seenAt[state] = Math.min(returned, seenAt[state] ?? Infinity);
  }
  return seenAt;
}

/** When the last of those had happened at the latest that may lean on what nobody saw; see `mayLean`. */
function lastLeaning(asked: readonly Asked[], { conditions, stateOf }: Coded): number {
  let last = -Infinity;
  for (const [at, one] of asked.entries()) {
    const isUntold = stateOf[conditions[at] ?? onAnything] === unknown;
    if (isUntold || one.outcome === 'conflict') last = Math.max(last, latestOf(one));
  }
  return last;
}

function stepsOf(
  asked: readonly Asked[],
  { conditions }: Coded,
  kept: readonly number[],
  latest: Float64Array,
): readonly Step[] {
  const steps = kept.map((place) => {
    const { kind, outcome, called } = asked[place] ?? missing(place);
    const isRead = kind === 'read' || outcome === 'conflict';
    return {
      called,
      returned: latest[place] ?? Infinity,
      isRead,
      twin: undefined as number | undefined,
    };
  });
  const open = [...steps.keys()].filter((at) => steps[at]?.returned === Infinity);
  const newest = new Map<string, number>();
  for (const at of open.sort((a, b) => (steps[a]?.called ?? 0) - (steps[b]?.called ?? 0))) {
    const place = kept[at] ?? 0;
    const like = `${asked[place]?.kind ?? ''} ${conditions[place] ?? onAnything}`;
    const step = steps[at];
    if (step !== undefined) step.twin = newest.get(like);
    newest.set(like, at);
  }
  return steps;
}

const reads = 0;
const writes = 1;
const deletes = 2;

function specify(
  asked: readonly Asked[],
  { states, conditions, versionOf, stateOf }: Coded,
  kept: readonly number[],
  latest: Float64Array,
): Specification {
  const kinds = Uint8Array.from(kept, (place) => {
    const kind = asked[place]?.kind;
    return kind === 'read' ? reads : kind === 'write' ? writes : deletes;
  });
  const isConflict = Uint8Array.from(kept, (place) =>
    asked[place]?.outcome === 'conflict' ? 1 : 0,
  );
  const needs = Int32Array.from(kept, (place) => conditions[place] ?? onAnything);
  const effects = Int32Array.from(kept, (place, step) =>
    kinds[step] === writes && latest[place] === Infinity ? unseen : (states[place] ?? absent),
  );
  /** A value whose version nobody knows may have any that is of no other value. */
  const may = (state: number, version: number): boolean =>
    state !== absent && versionOf[state] === unknown && stateOf[version] === unknown;
  const conflictIsPossible = (state: number, need: number, kind: number): boolean => {
    if (need === onAnything) return kind === deletes && state === absent;
    if (need === onAbsence) return state !== absent;
    return versionOf[state] !== need;
  };
  return {
    initial: absent,
    after: (state, step) => {
      const effect = effects[step] ?? absent;
      if (kinds[step] === reads) return state === effect ? state : impossible;
      const need = needs[step] ?? onAnything;
      if (isConflict[step] === 1)
        return conflictIsPossible(state, need, kinds[step] ?? writes) ? state : impossible;
      if (need === onAnything) return effect;
      if (need === onAbsence) return state === absent ? effect : impossible;
      return versionOf[state] === need || may(state, need) ? effect : impossible;
    },
  };
}

function missing(place: number): never {
  throw new RangeError(`there is no operation ${place}`);
}
