import type { CachedRead, RegisterOperation, RegisterWrite } from './operation.ts';
import { sayOperation, sayReturned, sayValue } from './say.ts';
import { isOlder } from './versions.ts';
import type { Violation } from './violation.ts';

/**
 * What caches told of one register: old is not wrong. Wrong is a value that nobody had asked to write by then, and what is
 * older than what the same client was told through the same API server before.
 */
export function wrongOfCaches(operations: readonly RegisterOperation[]): readonly Violation[] {
  const violations: Violation[] = [];
  const newest = new Map<string, CachedRead>();
  const reads = operations
    .filter((one) => one.kind === 'cached-read')
    .filter(({ outcome }) => outcome === 'done');
  const writes = new Map<string | undefined, RegisterWrite>();
  for (const one of operations)
    if (one.kind === 'write' && mayHaveHappened(one)) writes.set(one.value, one);
  for (const read of reads.toSorted((a, b) => a.called - b.called)) {
    const { client, through, object, value } = read;
    const write = writes.get(value);
    if (value !== undefined && (write === undefined || write.called > read.returned))
      violations.push({
        wrong: 'cache',
        object,
        because: `${sayOperation(read)}, which nobody had written by then`,
        operations: write === undefined ? [read] : [read, write],
      });
    const source = JSON.stringify([client, through]);
    const before = newest.get(source);
    if (before !== undefined && wentBack(before, read, operations))
      violations.push({
        wrong: 'cache',
        object,
        because: `${sayOperation(read)}, but ${client} had been told ${sayValue(before.value)} ${sayReturned(before)} already`,
        operations: [before, read],
      });
    else newest.set(source, read);
  }
  return violations;
}

function mayHaveHappened({ outcome }: RegisterOperation): boolean {
  return outcome === 'done' || outcome === 'indeterminate';
}

function wentBack(
  before: CachedRead,
  read: CachedRead,
  operations: readonly RegisterOperation[],
): boolean {
  if (before.value === undefined) return false;
  if (read.value !== undefined)
    return (
      before.version !== undefined &&
      read.version !== undefined &&
      isOlder(read.version, before.version)
    );
  return !operations.some(
    (one) => one.kind === 'delete' && mayHaveHappened(one) && one.called <= read.returned,
  );
}
