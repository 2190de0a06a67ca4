/**
 * Stops a service cleanly, as `systemctl stop` does: SIGTERM, time to hand over, and it stays stopped.
 *
 * Needs root, systemd and `ss` on the node. Leaves a note of the process in /run/holdfast; undo removes it and starts
 * the service, and so does a reboot. The containers' shims live on, as their unit has systemd kill the main process
 * alone.
 * @see systemd.kill(5) KillMode=, systemd.service(5) TimeoutStopSec=
 */
import { z } from 'zod';
import { count, selector } from '../model/fields.ts';
import type { DesignContext, Fault } from '../model/fault.ts';
import type { Intent, Proof } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import type { ServiceName } from '../model/snapshot.ts';
import { lines, noteFile, nothingNoted, readStat, removeNote, startTime } from './script.ts';
import {
  isDeaf,
  mainProcess,
  membersDownWith,
  serviceName,
  serviceOn,
  serves,
  type ServiceOnNode,
} from './service.ts';

export interface StopParams extends Readonly<Record<string, unknown>> {
  readonly service: ServiceName;
  readonly target: Selector;
  readonly count: Count;
}

export const stop = {
  summary: 'stop a service cleanly with SIGTERM; it stays stopped until healed',
  schema: z.strictObject({ service: serviceName, target: selector, count: count.default('one') }),
  example: { service: 'datastore', target: 'leader' },
  design,
} satisfies Fault<StopParams>;

/** Snaps and most units give a service 30 s to end before systemd kills it, and then the stop was none. */
const stopTimeoutMs = 45_000;

function design({ service: name }: StopParams, { id, targets, snapshot }: DesignContext): Intent {
  const service = snapshot.services[name];
  const all = targets.map((node) => serviceOn(node, name, service));
  const names = targets.map((node) => node.name);
  return {
    id,
    fault: 'stop',
    says: `stop the ${name} (${service.process}) on ${names.join(', ')} cleanly`,
    targets: names,
    service: name,
    holds: names.map((node) => `${node}/${service.unit}`),
    membersDown: membersDownWith(name, targets, snapshot),
    loss: 'handed-over',
    podsHit: [],
    prepare: all.map((one) => ({ on: one.node, sh: prepare(one, id) })),
    inject: all.map((one) => ({ on: one.node, sh: inject(one) })),
    bit: all.flatMap((one) => [endedByItself(one, id), ...isDeaf(one)]),
    bitWithinMs: stopTimeoutMs,
    undo: all.map((one) => ({ on: one.node, sh: undo(one, id) })),
    gone: all.flatMap((one) => [nothingNoted(one.node, id), ...serves(one)]),
    undoBy: 'node-timer',
  };
}

/** Notes the process, and makes sure that nothing else would be stopped along with it, which undo would not start. */
function prepare(service: ServiceOnNode, id: string): string {
  const { unit } = service;
  return lines(
    mainProcess(service),
    `along=$(systemctl show -p RequiredBy -p BoundBy -p ConsistsOf --value ${unit}) || exit 1`,
    'for other in $along; do',
    `systemctl is-active --quiet "$other" && { echo "to stop "${unit}" would stop $other too, which requires it" >&2; exit 1; }`,
    'done',
    `${readStat} || exit 1`,
    'mkdir -p /run/holdfast || exit 1',
    `echo "$pid ${startTime}" >${noteFile(id)}`,
  );
}

/**
 * Orders the stop and waits until systemd has begun: it leaves "active" as it sends the signal. To wait for the end
 * would spread the instant over all that the service does before it ends.
 */
function inject({ unit }: ServiceOnNode): string {
  return lines(
    `systemctl stop --no-block ${unit} || exit 1`,
    'tries=100',
    `while state=$(systemctl show -p ActiveState --value ${unit}) && [ "$state" = active ]; do`,
    '[ $((tries -= 1)) -gt 0 ] || { echo "systemd has not begun to stop it" >&2; exit 1; }',
    'done',
    '[ -n "$state" ]',
  );
}

/** The process that was noted has ended within its time, and systemd leaves it at that. */
function endedByItself({ node, process, unit }: ServiceOnNode, id: string): Proof {
  return {
    from: node,
    says: `${process} has ended by itself after SIGTERM`,
    sh: lines(
      `read -r pid start <${noteFile(id)} || exit 2`,
      `state=$(systemctl show -p ActiveState --value ${unit}) || exit 2`,
      `result=$(systemctl show -p Result --value ${unit}) || exit 2`,
      '[ "$state" = inactive ] || [ "$state" = failed ] || exit 1',
      // It may have ended with an error; but if systemd had to kill it, it had no time to hand anything over.
      '[ "$result" = success ] || [ "$result" = exit-code ] || { echo "its result is $result" >&2; exit 1; }',
      `${readStat} && [ "${startTime}" = "$start" ] && exit 1`,
      'exit 0',
    ),
  };
}

function undo({ unit }: ServiceOnNode, id: string): string {
  return lines(
    'status=0',
    `systemctl reset-failed ${unit} 2>/dev/null`,
    // If it is still stopping, this waits its turn; the proof says when it serves.
    `systemctl start --no-block ${unit} || status=1`,
    removeNote(id),
    'exit $status',
  );
}
