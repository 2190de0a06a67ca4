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
import type { Stopping } from './control/control.ts';
import { controlOf } from './control/of.ts';
import { lines, noteFile, nothingNoted, readStat, removeNote, startTime } from './script.ts';
import {
  isDeaf,
  membersDownWith,
  serviceIn,
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

function design({ service: name }: StopParams, { id, targets, snapshot }: DesignContext): Intent {
  const service = serviceIn(snapshot, name);
  const all = targets.map((node) => serviceOn(node, name, service));
  const stops = controlOf(service).stop(id);
  const names = targets.map((node) => node.name);
  return {
    id,
    fault: 'stop',
    says: `stop the ${name} (${service.process}) on ${names.join(', ')} cleanly`,
    targets: names,
    service: name,
    holds: all.map(({ node, control }) => `${node}/${control.name}`),
    membersDown: membersDownWith(name, targets, snapshot),
    loss: 'handed-over',
    podsHit: [],
    prepare: all.map((one) => ({ on: one.node, sh: prepare(one, id) })),
    inject: all.map((one) => ({ on: one.node, sh: inject(id, stops) })),
    bit: all.flatMap((one) => [endedByItself(one, id, stops), ...isDeaf(one)]),
    bitWithinMs: stops.withinMs,
    undo: all.map((one) => ({ on: one.node, sh: undo(one, id, stops) })),
    gone: all.flatMap((one) => [nothingNoted(one.node, id, stops.isGone), ...serves(one)]),
    undoBy: stops.outlivesBoot ? 'boot' : 'node-timer',
  };
}

/** Notes the process, and makes sure that nothing else would be stopped along with it, which undo would not start. */
function prepare({ control }: ServiceOnNode, id: string): string {
  return lines(
    control.find,
    control.endsAlone,
    `${readStat} || exit 1`,
    'mkdir -p /run/holdfast || exit 1',
    `echo "$pid ${startTime}" >${noteFile(id)}`,
  );
}

/** The process that was noted, or nobody: its pid may be another's by now. */
function inject(id: string, { order }: Stopping): string {
  return lines(
    `read -r pid start <${noteFile(id)} || exit 1`,
    `${readStat} && [ "${startTime}" = "$start" ] || exit 1`,
    order,
  );
}

/** The process that was noted has ended within its time, and is not started again. */
function endedByItself({ node, process }: ServiceOnNode, id: string, { ended }: Stopping): Proof {
  return {
    from: node,
    says: `${process} has ended by itself after SIGTERM`,
    sh: lines(`read -r pid start <${noteFile(id)} || exit 2`, ended),
  };
}

function undo({ control }: ServiceOnNode, id: string, { allow }: Stopping): string {
  return lines(
    'status=0',
    ...(allow === undefined ? [] : [allow]),
    // If it is still stopping, this waits its turn; the proof says when it serves.
    control.start,
    removeNote(id),
    'exit $status',
  );
}
