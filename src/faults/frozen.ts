/** How processes are frozen, proved to be, and let go on: of a service, or of a pod. */
import type { Proof } from '../model/intent.ts';
import type { Control } from './control/control.ts';
import { lines, noteFile, readStat, removeNote, startTime } from './script.ts';

/** Processes on a node that are frozen together. */
export interface Freezable {
  readonly node: string;
  /** As people read it. */
  readonly process: string;
  readonly control: Pick<Control, 'find' | 'processes'>;
}

/** Notes the processes with their start times, a line each, the main one first. */
export function prepare({ control }: Freezable, id: string, mainOnly: boolean): string {
  return lines(
    control.find,
    'pids=$pid',
    ...(mainOnly ? [] : [control.processes]),
    'main=$pid',
    'mkdir -p /run/holdfast || exit 1',
    'noted=',
    'for pid in "$main" $pids; do',
    '[ "$pid" != "$main" ] || [ -z "$noted" ] || continue',
    'noted=yes',
    `${readStat} && echo "$pid ${startTime}"`,
    `done >${noteFile(id)}`,
    `read -r pid start <${noteFile(id)} && [ "$pid" = "$main" ]`,
  );
}

/**
 * With builtins alone, the main process first: the instant is that of one signal. A process that has ended since, or
 * whose pid is another's by now, is passed over, unless it is the main one.
 */
export function inject(id: string): string {
  return lines(
    'main=',
    'while read -r pid start; do',
    `if ${readStat} && [ "${startTime}" = "$start" ] && kill -STOP "$pid"; then main=\${main:-frozen}; else main=\${main:-missed}; fi`,
    `done <${noteFile(id)}`,
    '[ "$main" = frozen ]',
  );
}

/**
 * Each process that was noted and has not ended is stopped by a signal, and the main one is still the service's. One
 * that ended just before its parent was frozen stays a zombie, as nobody reaps it.
 */
export function isFrozen({ node, process, control }: Freezable, id: string): Proof {
  return {
    from: node,
    says: `the processes of ${process} are stopped (state T)`,
    sh: lines(
      control.find,
      'now=$pid',
      `read -r main start <${noteFile(id)} || exit 2`,
      '[ "$now" = "$main" ] || exit 1',
      'while read -r pid start; do',
      `if ${readStat} && [ "${startTime}" = "$start" ]; then case $1 in T | Z) ;; *) exit 1 ;; esac; else [ "$pid" != "$main" ] || exit 1; fi`,
      `done <${noteFile(id)}`,
    ),
  };
}

export function undo(id: string): string {
  return lines(
    'status=0',
    `if [ -e ${noteFile(id)} ]; then`,
    'while read -r pid start; do',
    `if ${readStat} && [ "${startTime}" = "$start" ]; then kill -CONT "$pid" || status=1; fi`,
    `done <${noteFile(id)}`,
    'fi',
    removeNote(id),
    'exit $status',
  );
}

/** Whatever was noted: no process that the unit has now is stopped. */
export function runsOn({ node, process, control }: Freezable, mainOnly: boolean): Proof {
  return {
    from: node,
    says: `no process of ${process} is stopped`,
    sh: lines(
      control.find,
      'pids=$pid',
      ...(mainOnly ? [] : [control.processes]),
      'for pid in $pids; do',
      `if ${readStat}; then [ "$1" != T ] || exit 1; fi`,
      'done',
    ),
  };
}
