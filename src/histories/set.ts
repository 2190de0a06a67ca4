import type { SetAdd, SetOperation, SetRead } from './operation.ts';
import { sayAsked, sayOperation, sayReturned } from './say.ts';
import type { Violation, Wrong } from './violation.ts';

/** What is to be said of a set. */
export interface SetJudged {
  readonly violations: readonly Violation[];
  /** Acknowledged additions that no later read could show: nothing is known of them. */
  readonly neverRead: readonly SetAdd[];
}

/** An element, who added it and who saw it. */
interface Element {
  readonly name: string;
  readonly adds: readonly SetAdd[];
  /** The first answer that showed that it was there: an acknowledgement or a read. */
  readonly known: SetAdd | SetRead | undefined;
}

type Read = SetRead & { readonly has: ReadonlySet<string> };

/**
 * Judges a set that only grows, in Jepsen's words: from the first answer that shows an element on, each read must have it.
 * @param operations on one set
 * @see https://github.com/jepsen-io/jepsen/blob/main/jepsen/src/jepsen/checker.clj `set-full`
 */
export function judgeSet(operations: readonly SetOperation[]): SetJudged {
  const reads = readsOf(operations);
  const elements = elementsOf(operations, reads);
  const violations = elements.flatMap((element) => [
    ...unexpectedIn(element, reads),
    ...duplicatedIn(element, reads),
    ...missingIn(element, reads),
  ]);
  const lastCall = reads.at(-1)?.called ?? -Infinity;
  const neverRead = operations
    .filter((one) => one.kind === 'add')
    .filter(({ outcome, returned }) => outcome === 'done' && returned >= lastCall);
  return { violations, neverRead };
}

/** What was read, by call. */
function readsOf(operations: readonly SetOperation[]): readonly Read[] {
  return operations
    .filter((one) => one.kind === 'read')
    .filter(({ outcome }) => outcome === 'done')
    .map((read) => ({ ...read, has: new Set(read.elements) }))
    .sort((a, b) => a.called - b.called);
}

function elementsOf(
  operations: readonly SetOperation[],
  reads: readonly Read[],
): readonly Element[] {
  const adds = new Map<string, SetAdd[]>();
  const known = new Map<string, SetAdd | SetRead>();
  const see = (name: string, by: SetAdd | SetRead): void => {
    const before = known.get(name);
    if (before === undefined || by.returned < before.returned) known.set(name, by);
  };
  for (const one of operations) {
    if (one.kind !== 'add') continue;
    adds.set(one.element, [...(adds.get(one.element) ?? []), one]);
    if (one.outcome === 'done') see(one.element, one);
  }
  for (const { has, ...read } of reads) for (const name of has) see(name, read);
  return [...new Set([...adds.keys(), ...known.keys()])].map((name) => ({
    name,
    adds: adds.get(name) ?? [],
    known: known.get(name),
  }));
}

function unexpectedIn({ name, adds }: Element, reads: readonly Read[]): readonly Violation[] {
  const possible = adds.filter(({ outcome }) => outcome === 'done' || outcome === 'indeterminate');
  const asked = Math.min(Infinity, ...possible.map(({ called }) => called));
  const read = reads.find(({ has, returned }) => has.has(name) && returned < asked);
  if (read === undefined) return [];
  const tried = adds[0] === undefined ? 'nobody had tried to add it' : sayOperation(adds[0]);
  return [violation('unexpected', name, read, `${sayAsked(read)} had ${name}, but ${tried}`, adds)];
}

function duplicatedIn({ name, adds }: Element, reads: readonly Read[]): readonly Violation[] {
  const read = reads.find(
    ({ elements, has }) => elements.length > has.size && timesIn(elements, name) > 1,
  );
  if (read === undefined) return [];
  const because = `${sayAsked(read)} had ${name} ${timesIn(read.elements, name)} times`;
  return [violation('duplicated', name, read, because, adds)];
}

function timesIn(elements: readonly string[], name: string): number {
  return elements.filter((one) => one === name).length;
}

function missingIn({ name, known }: Element, reads: readonly Read[]): readonly Violation[] {
  if (known === undefined) return [];
  const lacking = reads.filter(({ called, has }) => called > known.returned && !has.has(name));
  const [first] = lacking;
  if (first === undefined) return [];
  const last = lacking.at(-1) ?? first;
  const again = reads.find(({ returned, has }) => returned >= last.called && has.has(name));
  const shown = known.kind === 'add' ? 'acknowledged' : 'read';
  const because = `${sayAsked(first)} lacked ${name}, but it had been ${shown} ${sayReturned(known)}`;
  if (again === undefined)
    return [violation('lost', name, first, `${because}, and no later read had it`, [known])];
  const later = `${because}; ${sayAsked(again)} had it again`;
  return [violation('stale', name, first, later, [known, again])];
}

/**
 * Of reads, only the element itself is kept: what is wrong of it does not depend on others.
 * @param read what shows it
 * @param others what it contradicts
 */
function violation(
  wrong: Wrong,
  name: string,
  read: Read,
  because: string,
  others: readonly (SetOperation | Read)[],
): Violation {
  return {
    wrong,
    object: read.object,
    because,
    operations: [...others, read]
      .map((one) => (one.kind === 'add' ? one : only(one, name)))
      .sort((a, b) => a.called - b.called),
  };
}

function only(read: SetRead | Read, name: string): SetRead {
  const { client, through, object, called, returned, outcome, elements } = read;
  return {
    ...{ kind: 'read', client, through, object, called, returned, outcome },
    elements: elements.filter((one) => one === name),
  };
}
