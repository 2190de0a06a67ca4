/**
 * A service in a static pod: its kubelet runs it as long as its manifest lies in the kubelet's folder, and starts its
 * container again when its process ends. It is kept down by moving the manifest out of that folder, into the one
 * above it, and only after its process was killed: before, the kubelet would stop it, and it would hand over.
 * The process is found by its name among those of pods, with nothing but the kernel's own files.
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/
 */
import { quote } from '../../model/quote.ts';
import { haltedManifest, type StaticPodService } from '../../model/snapshot.ts';
import { commOf, lines, readStat, startTime } from '../script.ts';
import type { Control, DataControl, KeptDown, Stopping } from './control.ts';

/** A kubelet gives a pod 30 s to end before it kills it, and then the stop was none. */
const stopTimeoutMs = 25_000;

export function staticPod({ manifest, process }: StaticPodService): Control {
  const comm = commOf(process);
  const file = quote(manifest);
  // Its name alone could be that of a user's own process; those of pods are in a group of the kubelet's.
  const search = lines(
    'found=',
    'for file in /proc/[0-9]*/comm; do',
    `read -r comm 2>/dev/null <"$file" && [ "$comm" = ${comm} ] || continue`,
    'grep -qs kubepods "${file%comm}cgroup" || continue',
    'file=${file%/comm} found="$found ${file#/proc/}"',
    'done',
    'set -- $found',
  );
  return {
    name: manifest,
    find: lines(
      search,
      `[ $# -eq 1 ] || { echo "$# processes "${comm}" run in pods, and one was expected:$found" >&2; exit 1; }`,
      'pid=$1',
    ),
    processes: lines(
      `own=$(grep -m1 -E '^[0-9]+:name=systemd:|^0::|^[0-9]+:pids:' "/proc/$pid/cgroup") || exit 2`,
      `case $own in *kubepods*) ;; *) echo "$pid is in \${own#*:}, not in a group of a pod" >&2; exit 2 ;; esac`,
      `pids=$(grep -slxF -e "$own" /proc/[0-9]*/cgroup | tr -dc '0-9\\n')`,
      '[ -n "$pids" ] || exit 2',
    ),
    // The kubelet counts in the API alone; who the process was tells enough.
    starts: 'starts=0',
    endsAlone: 'true',
    crashed: lines(`${readStat} && [ "${startTime}" = "$start" ] && exit 1`, 'exit 0'),
    keptDown: (id) => keptDown({ manifest, process }, id, search),
    stop: (id) => stopping(keptDown({ manifest, process }, id, search)),
    start: `[ -e ${file} ] || status=1`,
    runs: lines(search, `[ $# -eq 1 ] && [ -e ${file} ]`),
    // Its kubelet starts the container again at once.
    restart: lines(search, '[ $# -eq 0 ] || kill -TERM "$@"'),
    data: dataControl(manifest, search),
  };
}

/** So many looks, a fifth of a second apart: a kubelet that has just seen its process end may start it once more. */
const endTries = 50;

function dataControl(manifest: string, search: string): DataControl {
  const [folder, name] = placeOf(manifest);
  const [file, halted] = [quote(manifest), quote(haltedManifest(manifest))];
  const others = `${quote(`${folder}/holdfast-`)}*${quote(`-${name}`)}`;
  const halt = lines(
    search,
    '[ $# -eq 0 ] || kill -KILL "$@"',
    `if [ -e ${file} ]; then`,
    `mv -f ${file} ${halted} || exit 1`,
    `elif [ ! -e ${halted} ]; then`,
    // A fault that keeps it down has its manifest; two that give it back would give it back too early.
    `for other in ${others}; do [ ! -e "$other" ] || mv -f "$other" ${halted} || exit 1; done`,
    'fi',
    `tries=${endTries}`,
    'while :; do',
    search,
    '[ $# -gt 0 ] || break',
    'kill -KILL "$@" 2>/dev/null',
    `[ $((tries -= 1)) -gt 0 ] || { echo "its processes run on without their manifest: $*" >&2; exit 1; }`,
    'sleep 0.2',
    'done',
  );
  return {
    halt,
    wreck: halt,
    resume: `[ ! -e ${halted} ] || mv -f ${halted} ${file} || exit 1`,
    // Halted it would be away for half a minute. Frozen, what it has written is as after a crash, which it survives.
    still: (sh) =>
      lines(
        search,
        '[ $# -gt 0 ] || { echo "it does not run" >&2; exit 1; }',
        // Whatever ends this script, it must not end with the service frozen.
        `trap 'kill -CONT $found' EXIT`,
        'kill -STOP $found || exit 1',
        `(\n${sh}\n)`,
        'done=$?',
        'kill -CONT $found',
        '( exit $done )',
      ),
    // It ends by itself, and its kubelet goes on trying.
    retire: 'true',
  };
}

/** The folder above the kubelet's own, on the same file system, and the manifest's name. */
function placeOf(manifest: string): readonly [above: string, name: string] {
  const folder = manifest.slice(0, manifest.lastIndexOf('/'));
  return [folder.slice(0, folder.lastIndexOf('/')), manifest.slice(folder.length + 1)];
}

function keptDown(
  { manifest, process }: StaticPodService,
  id: string,
  search: string,
): KeptDown & { after: string } {
  const file = quote(manifest);
  const [above, name] = placeOf(manifest);
  const aside = quote(`${above}/holdfast-${id}-${name}`);
  return {
    // Both folders are of one file system: it is there or here, and never half.
    after: `mv -n ${file} ${aside}`,
    says: `${process} does not run, and its manifest is taken away`,
    isDown: lines(search, `[ -e ${aside} ] && [ ! -e ${file} ] && [ $# -eq 0 ]`),
    // Somebody may have put another there meanwhile: theirs stays, and so does the one aside, for them to see.
    allow: lines(
      `if [ -e ${aside} ]; then`,
      `mv -n ${aside} ${file} && [ ! -e ${aside} ] || { echo ${file}" is there again; "${aside}" was left" >&2; status=1; }`,
      'fi',
    ),
    isGone: `[ ! -e ${aside} ] && [ -e ${file} ]`,
    outlivesBoot: true,
  };
}

/** As its kubelet stops it, and at once: a kubelet may look at its folder every 20 s alone. */
function stopping({ after, allow, isGone }: ReturnType<typeof keptDown>): Stopping {
  return {
    order: lines('kill -TERM "$pid" || exit 1', after),
    ended: lines(`${readStat} && [ "${startTime}" = "$start" ] && exit 1`, 'exit 0'),
    withinMs: stopTimeoutMs,
    allow,
    isGone,
    outlivesBoot: true,
  };
}
