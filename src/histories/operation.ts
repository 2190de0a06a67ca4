/** Who asked what of which object and when; instants are milliseconds on the harness's one monotonic clock. */
export interface Operation {
  /** Who asked: what a cache tells one client must not go back. Nothing else is ordered by it. */
  readonly client: string;
  /** The API server that was asked. */
  readonly through: string;
  readonly object: string;
  readonly called: number;
  /** When the client knew, or gave up; never before `called`. */
  readonly returned: number;
  readonly outcome: Outcome;
}

/**
 * What is known of it:
 * - `done`: acknowledged; it happened between its call and its return.
 * - `conflict`: answered with 409, or 404 where there was nothing, by a server that tried it once. It did not happen,
 *   and what it asked for did not hold at some instant between its call and its return.
 * - `refused`: it certainly did not happen, and that says nothing of the object: no byte was sent, or it was rejected
 *   before it came to the store.
 * - `indeterminate`: it happened at any time after its call, even after its return, or never: no answer, an error of the
 *   server, or a 409 that a retry may have met after the first try had happened.
 */
export type Outcome = 'done' | 'conflict' | 'refused' | 'indeterminate';

/** What may be asked of an object with one value. Every write has a value that no other write of its object has. */
export type RegisterOperation = RegisterRead | RegisterWrite | RegisterDelete | CachedRead;

/** Asks the store itself; the answer is linearizable. */
export interface RegisterRead extends Operation {
  readonly kind: 'read';
  readonly outcome: 'done' | 'refused' | 'indeterminate';
  /** Without one, there was no such object. */
  readonly value?: string | undefined;
  /** The object's resourceVersion. */
  readonly version?: string | undefined;
}

export interface RegisterWrite extends Operation {
  readonly kind: 'write';
  readonly value: string;
  /** Compare-and-swap: only if the object has this resourceVersion, or only if there is none; without it, whatever there is. */
  readonly on?: OnVersion | OnAbsence | undefined;
  /** The resourceVersion of the answer. */
  readonly version?: string | undefined;
  /** It was answered with 409, and yet may have happened. */
  readonly conflicted?: true;
}

/** Deletes what is there, if anything is. */
export interface RegisterDelete extends Operation {
  readonly kind: 'delete';
  readonly on?: OnVersion | undefined;
}

export interface OnVersion {
  readonly version: string;
}

export interface OnAbsence {
  readonly absent: true;
}

/** What a cache told, by a read with resourceVersion 0 or by a watch: it may be old, and is not linearizable. */
export interface CachedRead extends Operation {
  readonly kind: 'cached-read';
  readonly outcome: 'done' | 'refused' | 'indeterminate';
  readonly value?: string | undefined;
  readonly version?: string | undefined;
}

/** What may be asked of a set that only grows. No two additions to a set add the same element. */
export type SetOperation = SetAdd | SetRead;

export interface SetAdd extends Operation {
  readonly kind: 'add';
  readonly element: string;
}

export interface SetRead extends Operation {
  readonly kind: 'read';
  readonly outcome: 'done' | 'refused' | 'indeterminate';
  /** All of it, in the order of the answer; empty unless done. */
  readonly elements: readonly string[];
}

/** What may be asked of a counter that begins at 0 and only grows. */
export type CounterOperation = CounterIncrement | CounterRead;

export interface CounterIncrement extends Operation {
  readonly kind: 'increment';
  /** A positive number. */
  readonly by: number;
}

export interface CounterRead extends Operation {
  readonly kind: 'read';
  readonly outcome: 'done' | 'refused' | 'indeterminate';
  /** 0 unless done. */
  readonly count: number;
}

export type AnyOperation = RegisterOperation | SetOperation | CounterOperation;

/**
 * All that was asked during a run, also what had no answer when it ended: of that, nothing may be missing but what certainly
 * changed nothing. An object is in one of the three lists alone; at first no object is there.
 */
export interface History {
  readonly registers: readonly RegisterOperation[];
  readonly sets: readonly SetOperation[];
  readonly counters: readonly CounterOperation[];
}

/** A history by object: what is right of each of them is right of all (locality), so each is judged by itself. */
export function byObject<T extends Operation>(
  operations: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const operation of operations) {
    const group = groups.get(operation.object);
    if (group === undefined) groups.set(operation.object, [operation]);
    else group.push(operation);
  }
  return groups;
}
