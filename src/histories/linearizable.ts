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

/** A step that was taken, and how it was before. */
interface Taken {
  readonly number: number;
  readonly stateBefore: number;
  /** Without any choice: a read. */
  readonly isForced: boolean;
}

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
  const inCallOrder = [...steps.entries()].sort(([, a], [, b]) => a.called - b.called);
  const certain = inCallOrder.filter(([, { returned }]) => returned !== Infinity);
  const open = inCallOrder.filter(([, { returned }]) => returned === Infinity);
  // Each has a number: certain ones first, then open ones.
  const numbered = [...certain, ...open];
  const placeOf = Int32Array.from(numbered, ([place]) => place);
  const calledAt = Float64Array.from(numbered, ([, { called }]) => called);
  const twinOf = numbered.map(([, { twin }]) => twin);
  const isRead = Uint8Array.from(certain, ([, step]) => (step.isRead ? 1 : 0));
  const line = newLine(certain.map(([, step]) => step));
  const memo = newMemo();
  const isOpen = (number: number): boolean => number >= certain.length;

  const taken: Taken[] = [];
  /** By place. */
  const isTaken = new Uint8Array(steps.length);
  let state = specification.initial;

  const take = (number: number, next: number, isForced: boolean): void => {
    taken.push({ number, stateBefore: state, isForced });
    isTaken[placeOf[number] ?? 0] = 1;
    if (!isOpen(number)) line.lift(number);
    state = next;
  };

  /** @returns what was taken last; undefined if nothing is left to give back */
  const giveBack = (): Taken | undefined => {
    const last = taken.pop();
    if (last === undefined) return undefined;
    isTaken[placeOf[last.number] ?? 0] = 0;
    if (!isOpen(last.number)) line.putBack(last.number);
    state = last.stateBefore;
    return last;
  };

  /** The certain ones that could be taken next tell which were taken: all others called by then. Open ones are told. */
  const isNew = (): boolean => {
    const { list } = memo;
    list.length = 0;
    list.push(state);
    for (let one = line.first(); one !== -1; one = line.next(one)) list.push(placeOf[one] ?? 0);
    for (const [place] of open) if (isTaken[place] === 1) list.push(place);
    return memo.add();
  };

  const takeReads = (): void => {
    for (let one = line.first(); one !== -1; one = line.next(one))
      if (isRead[one] === 1 && after(state, placeOf[one] ?? 0) === state) take(one, state, true);
  };

  /** Takes it if that is possible and leads to where the search has not been. */
  const tries = (number: number): boolean => {
    const next = after(state, placeOf[number] ?? 0);
    if (next === impossible) return false;
    if (isOpen(number) && (next === state || !mayTakeOpen(number))) return false;
    take(number, next, false);
    if (isNew()) return true;
    giveBack();
    return false;
  };

  const mayTakeOpen = (number: number): boolean => {
    const place = placeOf[number] ?? 0;
    const twin = twinOf[number];
    return isTaken[place] === 0 && (twin === undefined || isTaken[twin] === 1);
  };

  /** The choice after one; the open ones come last. */
  const choiceAfter = (number: number): number => {
    if (isOpen(number)) return number + 1;
    const next = line.next(number);
    return next === -1 ? certain.length : next;
  };

  /** Takes the first choice that it can, from one on. */
  const choose = (from: number): boolean => {
    const until = line.firstReturn();
    for (let one = from; (calledAt[one] ?? Infinity) <= until; one = choiceAfter(one))
      if (tries(one)) return true;
    return false;
  };

  /** Goes back to the last choice and takes the next one there. @returns false if there is none, back to the beginning */
  const chooseOtherwise = (): boolean => {
    for (let last = giveBack(); last !== undefined; last = giveBack())
      if (!last.isForced && choose(choiceAfter(last.number))) return true;
    return false;
  };

  for (;;) {
    takeReads();
    if (line.firstReturn() === Infinity) return 'linearizable';
    if (!choose(line.first()) && !chooseOtherwise()) return 'not linearizable';
    if (memo.size() > budget) return 'unknown';
  }
}
