/** Calls and returns in the order of time, from which operations are lifted out and put back in reverse order. */
export interface Line {
  readonly lift: (operation: number) => void;
  readonly putBack: (operation: number) => void;
  /** The first operation that was called before anything returned, of those in the line; -1 if there is none. */
  readonly first: () => number;
  /** The operation called next after one, also after the one lifted last, if before anything returned; -1 if none was. */
  readonly next: (operation: number) => number;
  /** When the first of those in the line returned; Infinity if none is left. */
  readonly firstReturn: () => number;
}

/**
 * The line of some operations: a ring of links.
 * @param operations in the order of their calls, all of which have returned
 */
export function newLine(
  operations: readonly { readonly called: number; readonly returned: number }[],
): Line {
  const count = operations.length;
  const head = 2 * count;
  const calls = Float64Array.from(operations, ({ called }) => called);
  const returns = Float64Array.from(operations, ({ returned }) => returned);
  const byReturn = Int32Array.from(operations.keys()).sort(
    (a, b) => (returns[a] ?? 0) - (returns[b] ?? 0),
  );
  const nexts = new Int32Array(head + 1);
  const previouses = new Int32Array(head + 1);

  let end = head;
  const link = (entry: number): void => {
    nexts[end] = entry;
    previouses[entry] = end;
    end = entry;
  };
  let called = 0;
  for (const one of byReturn) {
    // At one and the same instant calls come first: then the two overlap, which rules out nothing.
    while (called < count && (calls[called] ?? 0) <= (returns[one] ?? 0)) link(called++);
    link(count + one);
  }
  link(head);

  const cut = (entry: number): void => {
    const before = previouses[entry] ?? head;
    const after = nexts[entry] ?? head;
    nexts[before] = after;
    previouses[after] = before;
  };
  const mend = (entry: number): void => {
    nexts[previouses[entry] ?? head] = entry;
    previouses[nexts[entry] ?? head] = entry;
  };
  const callAt = (entry: number): number => (entry < count ? entry : -1);

  return {
    lift: (operation) => {
      // Its return first: then what comes after it is also right where that was its own return.
      cut(count + operation);
      cut(operation);
    },
    putBack: (operation) => {
      mend(operation);
      mend(count + operation);
    },
    first: () => callAt(nexts[head] ?? head),
    next: (operation) => callAt(nexts[operation] ?? head),
    firstReturn: () => {
      let entry = nexts[head] ?? head;
      while (entry < count) entry = nexts[entry] ?? head;
      return returns[entry - count] ?? Infinity;
    },
  };
}
