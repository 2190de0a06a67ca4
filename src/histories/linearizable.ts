import { newMemo } from './memo.ts';
import { newLine } from './line.ts';

/** An operation as the search sees it. */
export interface Step {
  /** On any clock. Two operations are one after the other if one has returned before the other is called, not at once. */
  readonly called: number;
  /** Infinity: it happened at any time after its call or never. */
  readonly returned: number;
  /** It changes no state whatsoever. */
  readonly isRead: boolean;
  /**
   * The step that does the same in every state and was called before this one, by its place; both are indeterminate.
   * Which of the two happened makes no difference, so this one is tried only after that.
   */
  readonly twin?: number | undefined;
}

/** What an object does, one operation after another. */
export interface Specification {
  /** A state is a whole number from 0. */
  readonly initial: number;
  /** The state after a step, by its place in the history; `impossible` if it cannot end as it did in this state. */
  readonly after: (state: number, step: number) => number;
}

export const impossible = -1;

/** `unknown`: the budget was spent before an answer was found. */
export type Found = 'linearizable' | 'not linearizable' | 'unknown';

/**
 * Looks for an order of the operations on one object that is possible for it and agrees with real time.
 *
 * Wing and Gong's search: take an operation that was called before any other returned, and go on with what is left; when
 * nothing can be taken, go back. Lowe's memo: never go on twice from the same operations taken and the same state. Two
 * shortcuts lose nothing: a read that is possible now is taken at once, as later it would be no more use; and an
 * indeterminate operation is tried after all others, and only where it changes the state, as it need not have happened.
 *
 * @param budget how many pairs of operations taken and state are remembered at most
 * @see J. M. Wing and C. Gong, Testing and verifying concurrent objects, J. Parallel Distrib. Comput. 17 (1993)
 * @see G. Lowe, Testing for linearizability, Concurrency Computat. Pract. Exper. 29 (2017)
 */
export function findOrder(
  steps: readonly Step[],
  specification: Specification,
  budget: number,
): Found {
  const { after } = specification;
  const places = steps.map((_, place) => place);
  const inCallOrder = (a: number, b: number): number => calledOf(a) - calledOf(b);
  const calledOf = (place: number): number => steps[place]?.called ?? 0;
  const certain = places.filter((place) => steps[place]?.returned !== Infinity).sort(inCallOrder);
  const open = places.filter((place) => steps[place]?.returned === Infinity).sort(inCallOrder);
  const line = newLine(certain.flatMap((place) => steps[place] ?? []));
  const memo = newMemo();
  const isRead = Uint8Array.from(certain, (place) => (steps[place]?.isRead === true ? 1 : 0));
  const placeOf = Int32Array.from([...certain, ...open]);
  const rankOf = new Map(open.map((place, rank) => [place, rank]));
  const twinOf = Int32Array.from(open, (place) => rankOf.get(steps[place]?.twin ?? -1) ?? -1);
  const calledAt = Float64Array.from(open, calledOf);
  const isTaken = new Uint8Array(open.length);

  // What has been taken, one after another: its number (certain ones first, then open ones), and how it was before.
  const taken = new Int32Array(steps.length);
  const statesBefore = new Int32Array(steps.length);
  const lastsBefore = new Int32Array(steps.length);
  const wasForced = new Uint8Array(steps.length);
  let depth = 0;
  let left = certain.length;
  let state = specification.initial;
  /** The last in call order of the certain ones that are taken. */
  let last = -1;

  const take = (number: number, next: number, forced: 0 | 1): void => {
    taken[depth] = number;
    statesBefore[depth] = state;
    lastsBefore[depth] = last;
    wasForced[depth] = forced;
    depth++;
    state = next;
    if (number < certain.length) {
      line.lift(number);
      left--;
      last = Math.max(last, number);
    } else isTaken[number - certain.length] = 1;
  };

  /** @returns what was taken last */
  const giveBack = (): number => {
    depth--;
    const number = taken[depth] ?? 0;
    state = statesBefore[depth] ?? 0;
    last = lastsBefore[depth] ?? 0;
    if (number < certain.length) {
      line.putBack(number);
      left++;
    } else isTaken[number - certain.length] = 0;
    return number;
  };

  /** What is taken is all up to the last, without those passed over, and some open ones: that, and the state. */
  const isNew = (): boolean => {
    const { list } = memo;
    list.length = 0;
    list.push(state, last);
    for (let one = line.first(); one !== -1 && one < last; one = line.next(one)) list.push(one);
    for (let rank = 0; rank < isTaken.length; rank++)
      if (isTaken[rank] === 1) list.push(certain.length + rank);
    return memo.add();
  };

  const takeReads = (): void => {
    let one = line.first();
    while (one !== -1) {
      if (isRead[one] === 1 && after(state, placeOf[one] ?? 0) === state) {
        const before = line.previous(one);
        take(one, state, 1);
        one = before === -1 ? line.first() : line.next(before);
      } else one = line.next(one);
    }
  };

  /** Takes it if that is possible and leads to where the search has not been. */
  const tries = (number: number): boolean => {
    const next = after(state, placeOf[number] ?? 0);
    if (next === impossible) return false;
    if (number >= certain.length && next === state) return false;
    take(number, next, 0);
    if (isNew()) return true;
    giveBack();
    return false;
  };

  const mayTryOpen = (rank: number): boolean => {
    const twin = twinOf[rank] ?? -1;
    return isTaken[rank] === 0 && (twin === -1 || isTaken[twin] === 1);
  };

  /** Takes the next choice. @param from a certain one, or -1 if none is left to try @param rank of the first open one */
  const choose = (from: number, rank: number): boolean => {
    for (let one = from; one !== -1; one = line.next(one)) if (tries(one)) return true;
    const until = line.firstReturn();
    for (let at = rank; at < open.length && (calledAt[at] ?? 0) <= until; at++)
      if (mayTryOpen(at) && tries(certain.length + at)) return true;
    return false;
  };

  /** Goes back to the last choice and takes the next one there. @returns false if there is none, back to the beginning */
  const chooseOtherwise = (): boolean => {
    while (depth > 0) {
      const number = giveBack();
      if (wasForced[depth] === 1) continue;
      const isOpen = number >= certain.length;
      if (isOpen ? choose(-1, number - certain.length + 1) : choose(line.next(number), 0))
        return true;
    }
    return false;
  };

  for (;;) {
    takeReads();
    if (left === 0) return 'linearizable';
    if (!choose(line.first(), 0) && !chooseOtherwise()) return 'not linearizable';
    if (memo.size() > budget) return 'unknown';
  }
}
