/** A stream of chance that a seed repeats. */
export interface Random {
  /** From 0 to below 1. */
  readonly next: () => number;
  /** From `lo` to below `hi`. */
  readonly between: (lo: number, hi: number) => number;
  /** One of them, each as likely; undefined of none. */
  readonly pick: <T>(list: readonly T[]) => T | undefined;
  /** So many of them, each set as likely; all of them if there are fewer. */
  readonly sample: <T>(list: readonly T[], count: number) => readonly T[];
  /** A stream of its own by name: drawing from one never shifts another, so a new step reshuffles no old one. */
  readonly child: (name: string) => Random;
}

/**
 * The stream of a seed.
 * Mulberry32: 32 bits of state, which is ample for choosing victims and phases and no use for secrets.
 * @param seed a whole number; its lower 32 bits count
 * @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (lo, hi) => lo + next() * (hi - lo),
    pick: (list) => list[Math.floor(next() * list.length)],
    sample: (list, count) => {
      const rest = [...list];
      const drawn: typeof rest = [];
      while (drawn.length < count && rest.length > 0)
        drawn.push(...rest.splice(Math.floor(next() * rest.length), 1));
      return drawn;
    },
    child: (name) => randomFrom(hash(name, seed)),
  };
}

/** FNV-1a over the name, begun from the seed. */
function hash(name: string, seed: number): number {
  let hashed = (0x811c9dc5 ^ seed) >>> 0;
  for (const byte of new TextEncoder().encode(name))
    hashed = Math.imul(hashed ^ byte, 0x01000193) >>> 0;
  return hashed;
}
