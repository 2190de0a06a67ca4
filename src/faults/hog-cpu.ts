/**
 * Keeps processors of a node busy with endless loops, at the priority that services have.
 *
 * Needs root, systemd and coreutils on the node.
 */
import { z } from 'zod';
import { count, selector } from '../model/fields.ts';
import type { DesignContext, Fault } from '../model/fault.ts';
import type { Intent, Proof } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import { askHog, endHog, hogGone, prepareHog, releaseHog, type Hog } from './hog.ts';

export interface HogCpuParams extends Readonly<Record<string, unknown>> {
  readonly target: Selector;
  readonly count: Count;
  readonly cores: 'all' | number;
}

export const hogCpu = {
  summary: 'keep the processors of a node busy',
  schema: z.strictObject({
    target: selector,
    count: count.default('one'),
    cores: z
      .union([z.literal('all'), z.int().min(1).max(1024)])
      .default('all')
      .describe('How many endless loops: all, which is one for each processor, or a number'),
  }),
  example: { target: 'leader' },
  design,
} satisfies Fault<HogCpuParams>;

function design({ cores }: HogCpuParams, { id, targets }: DesignContext): Intent {
  const names = targets.map(({ name }) => name);
  const hogs = names.map((node): Hog => ({ node, id, what: 'cpu' }));
  const loops = cores === 'all' ? '"$(nproc)"' : String(cores);
  return {
    id,
    fault: 'hog-cpu',
    says: `keep ${cores === 'all' ? 'all processors' : `${cores} processors' worth`} of ${names.join(', ')} busy`,
    targets: names,
    holds: names.map((node) => `${node}/processors`),
    membersDown: [],
    podsHit: [],
    prepare: hogs.map((hog) => prepareHog(hog, [], work, [loops])),
    inject: hogs.map(releaseHog),
    bit: hogs.map((hog) => isBusy(hog, loops)),
    undo: hogs.map(endHog),
    gone: hogs.map(hogGone),
    undoBy: 'node-timer',
  };
}

const work = [
  'loops=$1',
  'while [ $((loops -= 1)) -gt 0 ]; do',
  '( while :; do :; done ) &',
  'done',
  'while :; do :; done',
];

/** Per cent of a processor that a loop must have had on average: however many others want the same, it has a share. */
const leastPercent = 10;

/** Its loops have used processor time for a second; the kernel counts it in hundredths, as it does its uptime. */
function isBusy(hog: Hog, loops: string): Proof {
  return askHog(hog, 'the endless loops have the processors', [
    'used() {',
    'used=0',
    'for pid in $pids; do',
    'stat=; read -r stat 2>/dev/null <"/proc/$pid/stat" || continue',
    'set -- ${stat##*) }',
    'used=$((used + ${12} + ${13}))',
    'done',
    'read -r now idle </proc/uptime || exit 2',
    'now=${now%.*}${now#*.}',
    '}',
    `loops=${loops}`,
    'processors=$(nproc) || exit 2',
    '[ "$loops" -le "$processors" ] || loops=$processors',
    'used; used0=$used; now0=$now',
    'sleep 1',
    'used',
    'percent=$((100 * (used - used0) / (now - now0)))',
    'echo "they have $percent % of a processor, of $loops" >&2',
    `[ "$percent" -ge $((${leastPercent} * loops)) ]`,
  ]);
}
