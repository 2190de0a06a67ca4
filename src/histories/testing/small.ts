import type { Random } from '../../model/random.ts';
import type { Operation, Outcome, RegisterOperation, RegisterWrite } from '../operation.ts';

/** A version that no answer told. */
const untold = '77';

/**
 * A history of one register, in which instants often fall together: as a register might have done it, and then
 * changed in some places, so that a good third of them are wrong.
 * @param count of operations; from two to seven without
 */
export function smallHistory(
  random: Random,
  count = 2 + Math.floor(random.next() * 6),
): readonly RegisterOperation[] {
  const points = Array.from({ length: count }, () => whole(random, Math.max(12, 2 * count))).sort(
    (a, b) => a - b,
  );
  let state: { readonly value: string; readonly version: string } | undefined;
  const told = new Map<string, string>();
  const operations = points.map((point, at): RegisterOperation => {
    const called = Math.max(0, point - whole(random, 4));
    const base = { client: `c${at}`, through: 'pi1', object: 'o', called };
    const answered = { ...base, returned: point + whole(random, 4) };
    const lot = random.next();
    if (lot < 0.4) return { ...answered, kind: 'read', outcome: 'done', ...state };
    const write = writeOf(random, at, [...told.values()]);
    const unsure = random.next() < 0.35;
    const isMet = holds(state, write.on);
    const applies = isMet && (!unsure || random.next() < 0.6);
    const outcome: Outcome = unsure ? 'indeterminate' : isMet ? 'done' : 'conflict';
    const returned = unsure ? called + whole(random, 4) : answered.returned;
    if (write.value === undefined) {
      if (applies) state = undefined;
      const on = write.on !== undefined && 'version' in write.on ? write.on : undefined;
      return { ...base, kind: 'delete', returned, outcome, on };
    }
    const version = `${at + 1}`;
    if (applies) {
      state = { value: write.value, version };
      told.set(write.value, version);
    }
    const answer = outcome === 'done' ? { version } : {};
    return {
      ...base,
      kind: 'write',
      value: write.value,
      on: write.on,
      returned,
      outcome,
      ...answer,
    };
  });
  return random.next() < 0.15 ? operations : changed(random, operations);
}

function whole(random: Random, below: number): number {
  return Math.floor(random.between(0, below));
}

interface Write {
  /** Without one, it is a deletion. */
  readonly value: string | undefined;
  readonly on: RegisterWrite['on'];
}

function writeOf(random: Random, at: number, versions: readonly string[]): Write {
  const value = random.next() < 0.15 ? undefined : `w${at}`;
  const lot = random.next();
  if (lot < 0.35) return { value, on: undefined };
  if (lot < 0.5 && value !== undefined) return { value, on: { absent: true } };
  const version = lot < 0.55 ? untold : (versions.at(-1) ?? untold);
  return { value, on: { version } };
}

function holds(state: { readonly version: string } | undefined, on: RegisterWrite['on']): boolean {
  if (on === undefined) return true;
  return 'absent' in on ? state === undefined : state?.version === on.version;
}

function changed(
  random: Random,
  operations: readonly RegisterOperation[],
): readonly RegisterOperation[] {
  const victim = whole(random, operations.length);
  const values = operations.flatMap((one) => (one.kind === 'write' ? [one.value] : []));
  return operations.map((one, at): RegisterOperation => {
    if (at !== victim) return one;
    if (random.next() < 0.4) return moved(random, one);
    if (one.kind === 'read' || one.kind === 'cached-read') {
      const value = random.pick([...values, 'w99', undefined]);
      return { ...one, value, version: `${Number(value?.slice(1)) + 1}` };
    }
    const outcome: Outcome = one.outcome === 'done' ? 'conflict' : 'done';
    return { ...one, outcome };
  });
}

function moved<T extends Operation>(random: Random, operation: T): T {
  const by = whole(random, 12) - operation.called;
  return { ...operation, called: operation.called + by, returned: operation.returned + by };
}
