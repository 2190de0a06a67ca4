/**
 * Holm's correction: the p-values of several tests made at once, each so large that one may compare it with the level
 * of all of them together. The chance of a false alarm among all is then at most that level.
 * @returns in the order given
 * @see S. Holm, A simple sequentially rejective multiple test procedure (1979)
 */
export function holm(ps: readonly number[]): readonly number[] {
  const order = ps.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = [...ps];
  let largest = 0;
  order.forEach(({ p, index }, rank) => {
    largest = Math.max(largest, Math.min(1, p * (ps.length - rank)));
    adjusted[index] = largest;
  });
  return adjusted;
}
