/**
 * Fills the file system of the datastore with one file beside its data.
 *
 * The file survives a reboot, and so does the fault. Refused where that is the root file system, unless it is said:
 * there logging, logins and the kubelet suffer first.
 * Needs root and util-linux (`fallocate`) on the node, and a file system that can allocate without writing.
 */
import { z } from 'zod';
import { count, formatSize, selector, size } from '../model/fields.ts';
import { quote } from '../model/quote.ts';
import type { DesignContext, Fault } from '../model/fault.ts';
import type { Intent, Proof } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import { lines } from './script.ts';
import { membersDownWith } from './service.ts';

export interface FillDiskParams extends Readonly<Record<string, unknown>> {
  readonly target: Selector;
  readonly count: Count;
  readonly leave: number;
  readonly 'also-root': boolean;
}

export const fillDisk = {
  summary: "fill the file system of the datastore's data",
  schema: z.strictObject({
    target: selector,
    count: count.default('one'),
    leave: size.default(0).describe('How much to leave free, such as 10MiB; nothing, unless said'),
    'also-root': z
      .boolean()
      .default(false)
      .describe('Also where it is the root file system, so that the whole node has no space left'),
  }),
  example: { target: 'follower' },
  design,
} satisfies Fault<FillDiskParams>;

function design(params: FillDiskParams, { id, targets, snapshot }: DesignContext): Intent {
  const { leave } = params;
  const names = targets.map(({ name }) => name);
  const disk = diskOf(snapshot.datastore.folder, id);
  return {
    id,
    fault: 'fill-disk',
    says:
      `fill the file system of the datastore on ${names.join(', ')}` +
      (leave === 0 ? '' : ` but for ${formatSize(leave)}`),
    targets: names,
    service: 'datastore',
    holds: names.map((node) => `${node}/space of the datastore`),
    // A member that cannot write down what it hears can acknowledge nothing.
    membersDown: membersDownWith('datastore', targets, snapshot),
    podsHit: [],
    prepare: names.map((on) => ({ on, sh: prepare(disk, params['also-root']) })),
    inject: names.map((on) => ({ on, sh: inject(disk, leave) })),
    bit: names.map((node) => isFull(node, disk, leave)),
    undo: names.map((on) => ({ on, sh: undo(disk) })),
    gone: names.map((node) => hasSpace(node, disk)),
    undoBy: 'boot',
  };
}

/** The datastore's folder and our files in it, quoted for the shell. */
interface Disk {
  readonly folder: string;
  readonly fill: string;
  /** What is written to see whether one can. */
  readonly probe: string;
}

function diskOf(folder: string, id: string): Disk {
  return {
    folder: quote(folder),
    fill: quote(`${folder}/holdfast-${id}.fill`),
    probe: quote(`${folder}/holdfast-${id}.probe`),
  };
}

function prepare({ folder }: Disk, alsoRoot: boolean): string {
  return lines(
    'command -v fallocate >/dev/null || { echo "there is no fallocate" >&2; exit 1; }',
    `of=$(stat -c %d ${folder}) || exit 1`,
    'root=$(stat -c %d /) || exit 1',
    ...(alsoRoot
      ? []
      : [
          `[ "$of" != "$root" ] || { echo ${folder}" is on the root file system, and to fill that hits the whole node; say also-root: true if that is meant" >&2; exit 1; }`,
        ]),
  );
}

/**
 * One call of fallocate for nearly all, which writes nothing and takes milliseconds; then the rest in small pieces, as
 * the file's own index needs blocks that cannot be known before. Blocks kept for root count as free: it is root that
 * the datastore runs as.
 */
function inject({ folder, fill }: Disk, leave: number): string {
  return lines(
    'free() {',
    `set -- $(stat -f -c '%f %S' ${folder}) && [ $# = 2 ] || exit 1`,
    `free=$(($1 * $2 - ${leave}))`,
    '}',
    'free',
    `[ "$free" -gt 0 ] || { echo "there is no more than that free already" >&2; exit 1; }`,
    'end=0 step=$free',
    'while [ "$step" -ge 4096 ]; do',
    `if fallocate -o "$end" -l "$step" ${fill} 2>/dev/null; then end=$((end + step)); free; step=$free; else step=$((step / 2)); fi`,
    'done',
    '[ "$end" -gt 0 ]',
  );
}

/** More than what was to be left cannot be written, for lack of space and for no other reason. */
function isFull(from: string, { fill, probe }: Disk, leave: number): Proof {
  return {
    from,
    says: `nothing more can be written beside the datastore's data${leave === 0 ? '' : ` than ${formatSize(leave)}`}`,
    sh: lines(
      `[ -e ${fill} ] || exit 1`,
      `said=$(LC_ALL=C fallocate -l ${leave + 65_536} ${probe} 2>&1)`,
      'failed=$?',
      `rm -f ${probe}`,
      '[ "$failed" != 0 ] || exit 1',
      'echo "$said" >&2',
      'case $said in *"No space left on device"*) exit 0 ;; *) exit 2 ;; esac',
    ),
  };
}

function undo({ fill, probe }: Disk): string {
  return `rm -f ${fill} ${probe}`;
}

function hasSpace(from: string, { fill, probe }: Disk): Proof {
  return {
    from,
    says: "the file is gone, and one can write beside the datastore's data again",
    sh: lines(
      `[ ! -e ${fill} ] || exit 1`,
      `LC_ALL=C fallocate -l 65536 ${probe}`,
      'failed=$?',
      `rm -f ${probe}`,
      '[ "$failed" = 0 ]',
    ),
  };
}
