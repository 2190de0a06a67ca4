/**
 * Slows the synced writes of the datastore, as a worn SD card does: the kernel lets its group write so often a second.
 *
 * With cgroup v1 a rule of the group in which its main process is, whoever else is in it too; with cgroup v2 a
 * property of its unit. It holds for the disk under the datastore's data alone. A synced write of the datastore is at
 * least one to its disk. Leaves a note of what was set before in /run/holdfast; a reboot
 * removes both.
 * Needs root, systemd, util-linux and coreutils on the node, and a kernel that can throttle (blk-throttle).
 */
import { z } from 'zod';
import { count, selector } from '../model/fields.ts';
import { quote } from '../model/quote.ts';
import type { DesignContext, Fault } from '../model/fault.ts';
import type { Intent, Proof } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import { lines, noteFile, removeNote } from './script.ts';
import { serviceOn, type ServiceOnNode } from './service.ts';

export interface SlowDiskParams extends Readonly<Record<string, unknown>> {
  readonly target: Selector;
  readonly count: Count;
  readonly 'write-iops': number;
}

export const slowDisk = {
  summary: 'limit how often the datastore can write to its disk, as a worn SD card does',
  schema: z.strictObject({
    target: selector,
    count: count.default('one'),
    'write-iops': z
      .int()
      .min(10)
      .max(1000)
      .default(20)
      .describe(
        'Writes a second that its disk does, from 10 to 1000; a synced write takes at least one: 20 makes it 50 ms and more',
      ),
  }),
  example: { target: 'leader' },
  design,
} satisfies Fault<SlowDiskParams>;

function design(params: SlowDiskParams, { id, targets, snapshot }: DesignContext): Intent {
  const { services, datastore } = snapshot;
  const iops = params['write-iops'];
  const names = targets.map(({ name }) => name);
  const all = targets.map((node): Victim => ({
    ...serviceOn(node, 'datastore', services.datastore),
    id,
    iops,
    folder: quote(datastore.folder),
    probe: quote(`${datastore.folder}/holdfast-${id}.probe`),
    ...('unit' in services.datastore && { unit: services.datastore.unit }),
  }));
  return {
    id,
    fault: 'slow-disk',
    says: `slow the disk of the datastore on ${names.join(', ')} to ${iops} writes a second`,
    targets: names,
    service: 'datastore',
    holds: names.map((node) => `${node}/writes of the datastore`),
    membersDown: [],
    podsHit: [],
    prepare: all.map((victim) => ({ on: victim.node, sh: prepare(victim) })),
    inject: all.map((victim) => ({ on: victim.node, sh: inject(victim) })),
    bit: all.map(isSlow),
    bitWithinMs: biteTimeoutMs,
    undo: all.map((victim) => ({ on: victim.node, sh: undo(victim) })),
    gone: all.map(isGone),
    undoBy: 'node-timer',
  };
}

/** Some rounds of a second each, in which the datastore writes too. */
const biteTimeoutMs = 30_000;

/** The datastore on one node; texts are quoted for the shell. */
interface Victim extends ServiceOnNode {
  readonly id: string;
  readonly iops: number;
  readonly folder: string;
  /** What is written to see how long that takes. */
  readonly probe: string;
  /** The unit that it runs in, not quoted; a pod's group is set by itself. */
  readonly unit?: string;
}

/**
 * Puts the group in which `$pid` writes into `$group`, as a folder, and `v1` or `v2` into `$version`. The path of a
 * process may begin above what is mounted here, as in a container.
 */
const groupOfWrites = lines(
  'version=v1 line=$(grep -m1 -E "^[0-9]+:([a-z_,]+,)?blkio[,:]" "/proc/$pid/cgroup")',
  '[ -n "$line" ] || { version=v2 line=$(grep -m1 "^0::" "/proc/$pid/cgroup") || exit 2; }',
  'path=/${line#*:*:/}',
  'if [ $version = v1 ]; then kind="cgroup cgroup .*blkio"; else kind="cgroup2 "; fi',
  'mount=$(grep -m1 -E " - $kind" /proc/self/mountinfo) || exit 2',
  'set -- $mount',
  '[ "$4" = / ] || path=${path#"$4"}',
  'group=$5${path%/}',
  '[ -e "$group/cgroup.procs" ] || { echo "there is no group $group" >&2; exit 2; }',
);

/** Puts the number of the whole disk under a folder into `$device`: the kernel limits no partitions. */
function diskUnder(folder: string): string {
  return lines(
    `device=$(findmnt -n -o MAJ:MIN -T ${folder} | tr -d ' ') || exit 2`,
    '[ -e "/sys/dev/block/$device" ] || { echo "$device under "' +
      folder +
      '" is no disk" >&2; exit 2; }',
    '[ ! -e "/sys/dev/block/$device/partition" ] || device=$(cat "/sys/dev/block/$device/../dev") || exit 2',
  );
}

/**
 * Puts the microseconds that a synced write takes from within `$group` into `$each`. A second's worth of them is
 * timed: the kernel lets the first few pass.
 */
function timeWrites({ probe, iops }: Victim): string {
  return lines(
    'from=$(date +%s%N) || exit 2',
    `( echo 0 >"$group/cgroup.procs" && exec dd if=/dev/zero of=${probe} bs=4096 count=${iops} oflag=dsync status=none ) || { rm -f ${probe}; exit 2; }`,
    'to=$(date +%s%N) || exit 2',
    `rm -f ${probe}`,
    `each=$(((to - from) / ${1000 * iops}))`,
  );
}

/** A write is slow from here: half of what it would take if nobody else wrote; microseconds. */
function slowUs({ iops }: Victim): number {
  return Math.round(1_000_000 / iops / 2);
}

/** Notes where to set it, what was set there, and how long a synced write takes before. */
function prepare(victim: Victim): string {
  const { id, iops } = victim;
  return lines(
    'for tool in findmnt dd date; do command -v $tool >/dev/null || { echo "there is no $tool" >&2; exit 1; }; done',
    victim.control.find,
    groupOfWrites,
    diskUnder(victim.folder),
    'limit=0',
    'if [ $version = v1 ]; then',
    '[ -w "$group/blkio.throttle.write_iops_device" ] || { echo "this kernel cannot limit writes in $group" >&2; exit 1; }',
    'while read -r one has; do [ "$one" != "$device" ] || limit=$has; done <"$group/blkio.throttle.write_iops_device"',
    'else',
    unlimited(victim),
    'fi',
    timeWrites(victim),
    `[ $((2 * each)) -lt ${slowUs(victim)} ] || { echo "a synced write takes $each us as it is: ${iops} writes a second would hardly slow it" >&2; exit 1; }`,
    'mkdir -p /run/holdfast || exit 1',
    `echo "$version $device $limit $each $group" >${noteFile(id)}`,
  );
}

function inject(victim: Victim): string {
  const { id, iops } = victim;
  return lines(
    `read -r version device limit before group <${noteFile(id)} || exit 1`,
    `if [ "$version" = v1 ]; then echo "$device ${iops}" >"$group/blkio.throttle.write_iops_device"`,
    `else ${limit(victim)}; fi`,
  );
}

/** With cgroup v2: ends the script with 1 if somebody has set a limit already. */
function unlimited({ unit }: Victim): string {
  if (unit === undefined)
    return '! grep -q "^$device .*wiops=[0-9]" "$group/io.max" || { echo "writes in $group are limited already" >&2; exit 1; }';
  return lines(
    `set=$(systemctl show -p IOWriteIOPSMax --value ${quote(unit)}) || exit 1`,
    `[ -z "$set" ] || { echo "IOWriteIOPSMax of "${quote(unit)}" is set already: $set" >&2; exit 1; }`,
  );
}

/** With cgroup v2: systemd would take back what others set in the group of a unit, and leaves those of pods alone. */
function limit({ unit, iops, folder }: Victim): string {
  return unit === undefined
    ? `echo "$device wiops=${iops}" >"$group/io.max"`
    : `systemctl set-property --runtime ${quote(unit)} "IOWriteIOPSMax="${folder}" ${iops}"`;
}

/** With cgroup v2: takes the limit back, and sets `status=1` if that does not succeed. */
function unlimit({ unit }: Victim): string {
  if (unit === undefined)
    return '[ ! -e "$group/io.max" ] || echo "$device wiops=max" >"$group/io.max" || status=1';
  const control = controlFolder(unit);
  return lines(
    `systemctl set-property --runtime ${quote(unit)} IOWriteIOPSMax= || status=1`,
    // What is left of it is a file that says nothing.
    `rm -f ${control}/50-IOWriteIOPSMax.conf && rmdir ${control} 2>/dev/null`,
    'systemctl daemon-reload || status=1',
  );
}

/** Where systemd keeps the properties that are set until a reboot; quoted for the shell. */
function controlFolder(unit: string): string {
  return quote(`/run/systemd/system.control/${unit}.d`);
}

/** A synced write from where the datastore writes takes long, and clearly longer than before. */
function isSlow(victim: Victim): Proof {
  const { node, id } = victim;
  return {
    from: node,
    says: `a synced write beside the datastore's data takes ${slowUs(victim) / 1000} ms and more`,
    sh: lines(
      `read -r version device limit before group <${noteFile(id)} || exit 2`,
      timeWrites(victim),
      'echo "it takes $each us, and took $before us before" >&2',
      `[ "$each" -ge ${slowUs(victim)} ] && [ "$each" -ge $((2 * before)) ]`,
    ),
  };
}

/** Sets what was set before; a group that is gone has taken its rules along. */
function undo(victim: Victim): string {
  const { id, probe } = victim;
  return lines(
    'status=0',
    `if read -r version device limit before group 2>/dev/null <${noteFile(id)}; then`,
    'if [ "$version" = v2 ]; then',
    unlimit(victim),
    'elif [ -e "$group/blkio.throttle.write_iops_device" ]; then',
    'echo "$device $limit" >"$group/blkio.throttle.write_iops_device" || status=1',
    'fi',
    'fi',
    `rm -f ${probe}`,
    removeNote(id),
    'exit $status',
  );
}

function isGone(victim: Victim): Proof {
  const { node, unit, id, iops, folder, control } = victim;
  return {
    from: node,
    says: 'nothing of the fault is left on the node, and its limit is not set',
    sh: lines(
      `[ ! -e ${noteFile(id)} ] || exit 1`,
      `pid=$(\n${control.find}\necho "$pid"\n) || exit 2`,
      groupOfWrites,
      diskUnder(folder),
      'if [ $version = v1 ]; then',
      `! grep -qx "$device ${iops}" "$group/blkio.throttle.write_iops_device"`,
      'else',
      unit === undefined
        ? `! grep -qx "$device .*wiops=${iops}\\( .*\\)\\?" "$group/io.max"`
        : `[ ! -e ${controlFolder(unit)}/50-IOWriteIOPSMax.conf ]`,
      'fi',
    ),
  };
}
