/** The processes of a pod, by the kernel's own files: those in its group, whatever makes those groups. */
import { quote } from '../../model/quote.ts';
import { lines } from '../script.ts';
import type { Control } from './control.ts';

/** Besides its containers' processes a pod has the one that holds its namespaces open. */
const holder = 'pause';

/** @param uid of the pod, which is a part of its groups' names; systemd's have `_` in the place of `-` */
export function podProcesses(uid: string): Pick<Control, 'find' | 'processes'> {
  const search = lines(
    'found=',
    `for file in $(grep -lsE ${quote(`pod${uid.replaceAll('-', '[-_]')}`)} /proc/[0-9]*/cgroup); do`,
    'pid=${file%/cgroup} pid=${pid##*/}',
    `read -r comm 2>/dev/null <"/proc/$pid/comm" && [ "$comm" != ${holder} ] || continue`,
    'found="$found $pid"',
    'done',
    'set -- $found',
  );
  return {
    find: lines(
      search,
      `[ $# -gt 0 ] || { echo "no process of the pod runs" >&2; exit 1; }`,
      'pid=$1',
    ),
    processes: 'pids=$found',
  };
}
