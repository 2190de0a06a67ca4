/**
 * The numbers that the probe `write` leaves in its object: each stays in its place until the one that is `places`
 * later is written there, so that a write that is lost can be missed for a while and not only until the next one.
 */
export const places = 16;

/** The numbers as they are told, in stretches without a gap: `[[700, 763]]`. Both ends belong to it. */
export type Stretches = readonly (readonly [first: number, last: number])[];

/** The key under which a number is kept. */
export function keyOf(n: number): string {
  return `n${n % places}`;
}

export function stretchesOf(numbers: readonly number[]): Stretches {
  const sorted = [...numbers].sort((a, b) => a - b);
  const stretches: [number, number][] = [];
  for (const n of sorted) {
    const last = stretches.at(-1);
    if (last?.[1] === n - 1) last[1] = n;
    else stretches.push([n, n]);
  }
  return stretches;
}

/** The number in each place; a place that is empty is not there. Of a long stretch the last numbers are in theirs. */
export function byPlace(stretches: Stretches): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const [first, last] of stretches)
    for (let n = Math.max(first, last - places + 1); n <= last; n++) found.set(n % places, n);
  return found;
}
