/**
 * Leaves out of a list what is not needed for something to hold of it: parts first halves long, then shorter, at last
 * single items, until none can be left out any more.
 * @param holds must hold of the whole list
 * @see A. Zeller and R. Hildebrandt, Simplifying and isolating failure-inducing input, IEEE Trans. Softw. Eng. 28 (2002)
 */
export function smallest<T>(
  all: readonly T[],
  holds: (some: readonly T[]) => boolean,
): readonly T[] {
  let kept = all;
  let length = Math.max(1, Math.ceil(all.length / 2));
  for (;;) {
    const before = kept.length;
    for (let end = kept.length; end > 0; end -= length) {
      const rest = [...kept.slice(0, Math.max(0, end - length)), ...kept.slice(end)];
      if (holds(rest)) kept = rest;
    }
    if (length === 1 && kept.length === before) return kept;
    length = Math.max(1, Math.ceil(length / 2));
  }
}
