import type { CounterIncrement, CounterOperation, CounterRead } from './operation.ts';
import { sayAsked, sayReturned } from './say.ts';
import type { Violation, Wrong } from './violation.ts';

/**
 * Judges a counter that only grows: a read is at least what had been acknowledged before it was called, at most what had
 * been asked for before it returned, and never less than a read before.
 * @param operations on one counter
 */
export function judgeCounter(operations: readonly CounterOperation[]): readonly Violation[] {
  const increments = operations.filter((one) => one.kind === 'increment');
  const reads = operations
    .filter((one) => one.kind === 'read')
    .filter(({ outcome }) => outcome === 'done')
    .sort((a, b) => a.called - b.called);
  const acknowledged = increments
    .filter(({ outcome }) => outcome === 'done')
    .sort((a, b) => a.returned - b.returned);
  const possible = increments.filter(
    ({ outcome }) => outcome === 'done' || outcome === 'indeterminate',
  );
  return reads.flatMap((read) =>
    [tooLittle(read, acknowledged), tooMuch(read, possible), less(read, reads)]
      .filter((one) => one !== undefined)
      .slice(0, 1),
  );
}

function tooLittle(
  read: CounterRead,
  acknowledged: readonly CounterIncrement[],
): Violation | undefined {
  let sum = 0;
  for (const [at, { returned, by }] of acknowledged.entries()) {
    if (returned >= read.called) return undefined;
    sum += by;
    if (sum > read.count)
      return violation(
        'out of bounds',
        read,
        `${sayAsked(read)} returned ${read.count}, but ${sum} had been acknowledged before`,
        acknowledged.slice(0, at + 1),
      );
  }
  return undefined;
}

function tooMuch(read: CounterRead, possible: readonly CounterIncrement[]): Violation | undefined {
  const asked = possible.filter(({ called }) => called <= read.returned);
  const sum = asked.reduce((all, { by }) => all + by, 0);
  if (read.count <= sum) return undefined;
  const because = `${sayAsked(read)} returned ${read.count}, but only ${sum} had been asked for by then`;
  return violation('out of bounds', read, because, asked);
}

function less(read: CounterRead, reads: readonly CounterRead[]): Violation | undefined {
  const before = reads.find(({ returned, count }) => returned < read.called && count > read.count);
  if (before === undefined) return undefined;
  const because = `${sayAsked(read)} returned ${read.count}, but ${before.count} had been read ${sayReturned(before)}`;
  return violation('went back', read, because, [before]);
}

/**
 * @param read what shows it
 * @param others what it contradicts
 */
function violation(
  wrong: Wrong,
  read: CounterRead,
  because: string,
  others: readonly CounterOperation[],
): Violation {
  return {
    wrong,
    object: read.object,
    because,
    operations: [...others, read].sort((a, b) => a.called - b.called),
  };
}
