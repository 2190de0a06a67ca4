/**
 * Freezes a service with SIGSTOP: it holds its connections and its lease on everything, and does nothing.
 *
 * All processes of the unit are frozen; of the containers' service the main one alone, as its unit holds the shims of
 * all pods. systemd goes on calling it active, and its port goes on accepting connections. Leaves a note of the
 * processes in /run/holdfast; undo lets those go on that are still the same.
 * Needs root and systemd on the node.
 */
import { z } from 'zod';
import { count, selector } from '../model/fields.ts';
import type { DesignContext, Fault } from '../model/fault.ts';
import type { Intent, Proof } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import type { ServiceName } from '../model/snapshot.ts';
import { lines, noteFile, nothingNoted, readStat, removeNote, startTime } from './script.ts';
import {
  membersDownWith,
  serviceIn,
  serviceName,
  serviceOn,
  serves,
  type ServiceOnNode,
} from './service.ts';

export interface FreezeParams extends Readonly<Record<string, unknown>> {
  readonly service: ServiceName;
  readonly target: Selector;
  readonly count: Count;
}

export const freeze = {
  summary: 'freeze the processes of a service with SIGSTOP: it still looks alive',
  schema: z.strictObject({ service: serviceName, target: selector, count: count.default('one') }),
  example: { service: 'datastore', target: 'leader' },
  design,
} satisfies Fault<FreezeParams>;

function design({ service: name }: FreezeParams, { id, targets, snapshot }: DesignContext): Intent {
  const service = serviceIn(snapshot, name);
  const all = targets.map((node) => serviceOn(node, name, service));
  const names = targets.map((node) => node.name);
  const mainOnly = name === 'containers';
  return {
    id,
    fault: 'freeze',
    says: `freeze the ${name} (${service.process}) on ${names.join(', ')}`,
    targets: names,
    service: name,
    holds: all.map(({ node, control }) => `${node}/${control.name}`),
    membersDown: membersDownWith(name, targets, snapshot),
    podsHit: [],
    prepare: all.map((one) => ({ on: one.node, sh: prepare(one, id, mainOnly) })),
    inject: all.map(({ node }) => ({ on: node, sh: inject(id) })),
    bit: all.map((one) => isFrozen(one, id)),
    undo: all.map(({ node }) => ({ on: node, sh: undo(id) })),
    gone: all.flatMap((one) => [nothingNoted(one.node, id), runsOn(one, mainOnly), ...serves(one)]),
    undoBy: 'node-timer',
  };
}

/** Notes the processes with their start times, a line each, the main one first. */
function prepare({ control }: ServiceOnNode, id: string, mainOnly: boolean): string {
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
function inject(id: string): string {
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
function isFrozen({ node, process, control }: ServiceOnNode, id: string): Proof {
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

function undo(id: string): string {
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
function runsOn({ node, process, control }: ServiceOnNode, mainOnly: boolean): Proof {
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
