/**
 * Holds so much memory of a node, written once and kept, with coreutils alone: `tail` keeps what it has read.
 *
 * If the kernel runs out of memory it may end the hog or something else; that something else is then what is found.
 * Needs root, systemd and coreutils on the node.
 */
import { z } from 'zod';
import { count, formatSize, selector, size } from '../model/fields.ts';
import type { DesignContext, Fault } from '../model/fault.ts';
import type { Intent, Proof } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import { askHog, endHog, hogGone, prepareHog, releaseHog, type Hog } from './hog.ts';

export interface HogMemoryParams extends Readonly<Record<string, unknown>> {
  readonly target: Selector;
  readonly count: Count;
  readonly size: number;
  readonly overcommit: boolean;
}

export const hogMemory = {
  summary: 'hold memory of a node',
  schema: z.strictObject({
    target: selector,
    count: count.default('one'),
    size: size.describe('How much to hold, such as 512MiB'),
    overcommit: z
      .boolean()
      .default(false)
      .describe('Also if that is more than the node has available: its kernel then ends something'),
  }),
  example: { target: 'leader', size: '256MiB' },
  design,
} satisfies Fault<HogMemoryParams>;

/** What a small computer copies from one process to another at the least. */
const bytesPerMs = 50_000;
const promptMs = 10_000;

function design({ size, overcommit }: HogMemoryParams, { id, targets }: DesignContext): Intent {
  const names = targets.map(({ name }) => name);
  const hogs = names.map((node): Hog => ({ node, id, what: 'memory' }));
  return {
    id,
    fault: 'hog-memory',
    says: `hold ${formatSize(size)} of the memory of ${names.join(', ')}`,
    targets: names,
    holds: names.map((node) => `${node}/memory`),
    membersDown: [],
    podsHit: [],
    prepare: hogs.map((hog) =>
      prepareHog(hog, overcommit ? [] : refuseMoreThanAvailable(size), [
        `( head -c ${size} /dev/zero; exec sleep infinity ) | tail -c ${size}`,
      ]),
    ),
    inject: hogs.map(releaseHog),
    bit: hogs.map((hog) => holdsMemory(hog, size)),
    bitWithinMs: promptMs + Math.ceil(size / bytesPerMs),
    undo: hogs.map(endHog),
    gone: hogs.map(hogGone),
    undoBy: 'node-timer',
  };
}

function refuseMoreThanAvailable(size: number): readonly string[] {
  const wanted = Math.ceil(size / 1024);
  return [
    'while read -r name available unit && [ "$name" != MemAvailable: ]; do :; done </proc/meminfo',
    '[ "$name" = MemAvailable: ] || { echo "/proc/meminfo does not say what is available" >&2; exit 1; }',
    `[ ${wanted} -lt "$available" ] || { echo "${wanted} KiB are more than the $available KiB that are available; say overcommit: true if that is meant" >&2; exit 1; }`,
  ];
}

/** Per cent of the size that must be resident: the kernel may have swapped out a little. */
const leastPercent = 95;

function holdsMemory(hog: Hog, size: number): Proof {
  return askHog(hog, `its processes hold ${formatSize(size)}`, [
    'held=0',
    'for pid in $pids; do',
    'kib=$(sed -n "s/^VmRSS:[^0-9]*\\([0-9]*\\) kB$/\\1/p" "/proc/$pid/status" 2>/dev/null)',
    'held=$((held + ${kib:-0}))',
    'done',
    'echo "they hold $held KiB" >&2',
    `[ "$held" -ge ${Math.floor((size / 1024) * (leastPercent / 100))} ]`,
  ]);
}
