/** Remembers short lists of whole numbers: exactly, so that no two are taken for one. */
export interface Memo {
  /** The list to ask about, to be filled in before `add`; it grows by itself. */
  readonly list: number[];
  /** Remembers the list. @returns false if it was remembered before */
  readonly add: () => boolean;
  /** How many lists are remembered. */
  readonly size: () => number;
}

/** A hash table with open addressing whose lists lie one after another in one array: 4 bytes a number. */
export function newMemo(): Memo {
  const list: number[] = [];
  /** Each list, its length before it. */
  let lists = new Int32Array(64);
  let end = 0;
  /** By hash, where a list begins, plus one; 0 where there is none. */
  let slots = new Int32Array(32);
  let size = 0;

  const isAt = (start: number): boolean => {
    if (lists[start] !== list.length) return false;
    for (let at = 0; at < list.length; at++) if (lists[start + 1 + at] !== list[at]) return false;
    return true;
  };

  const put = (start: number, hash: number): void => {
    let slot = hash & (slots.length - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = start + 1;
  };

  const grow = (): void => {
    slots = new Int32Array(slots.length * 4);
    for (let start = 0; start < end; start += 1 + (lists[start] ?? 0))
      put(start, hashOf(lists, start + 1, lists[start] ?? 0));
  };

  const append = (): void => {
    if (end + 1 + list.length > lists.length) {
      const wider = new Int32Array(2 * (lists.length + list.length));
      wider.set(lists);
      lists = wider;
    }
    lists[end] = list.length;
    lists.set(list, end + 1);
    end += 1 + list.length;
    size++;
  };

  const add = (): boolean => {
    const hash = hashOf(list, 0, list.length);
    let slot = hash & (slots.length - 1);
    for (let found = slots[slot] ?? 0; found !== 0; found = slots[slot] ?? 0) {
      if (isAt(found - 1)) return false;
      slot = (slot + 1) & (slots.length - 1);
    }
    put(end, hash);
    append();
    if (2 * size > slots.length) grow();
    return true;
  };

  return { list, add, size: () => size };
}

/** FNV-1a by whole numbers, its bits mixed at the end. */
function hashOf(numbers: ArrayLike<number>, from: number, count: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < from + count; at++)
    hash = Math.imul(hash ^ (numbers[at] ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
