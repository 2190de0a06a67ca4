/**
 * Kills the main process of a service with SIGKILL: a crash, never a graceful stop.
 *
 * Needs root, systemd and `ss` on the node. Leaves a drop-in in /run (with `stay-down`) and a note of the victim in
 * /run/holdfast; undo removes both and starts the service, and so does a reboot, as /run does not survive one.
 * Only the main process is hit: the containers' shims live in the same cgroup, and their pods must run on.
 * @see systemd.service(5) Restart=, systemd.unit(5) on drop-ins
 */
import { z } from 'zod';
import { count, selector } from '../model/fields.ts';
import type { DesignContext, Fault } from '../model/fault.ts';
import type { Intent, Proof } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import type { ServiceName } from '../model/snapshot.ts';
import type { KeptDown } from './control/control.ts';
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

export interface KillParams extends Readonly<Record<string, unknown>> {
  readonly service: ServiceName;
  readonly target: Selector;
  readonly count: Count;
  readonly 'stay-down': boolean;
}

export const kill = {
  summary: 'kill the main process of a service with SIGKILL',
  schema: z.strictObject({
    service: serviceName,
    target: selector,
    count: count.default('one'),
    'stay-down': z
      .boolean()
      .default(false)
      .describe('Keep it down until healed; otherwise systemd starts it again at once'),
  }),
  example: { service: 'datastore', target: 'leader', 'stay-down': true },
  design,
} satisfies Fault<KillParams>;

function design(params: KillParams, { id, targets, snapshot }: DesignContext): Intent {
  const service = serviceIn(snapshot, params.service);
  const stayDown = params['stay-down'];
  const victims = targets.map((node): Victim => {
    const on = serviceOn(node, params.service, service);
    return { ...on, id, ...(stayDown && { kept: on.control.keptDown(id) }) };
  });
  const names = targets.map((node) => node.name);
  return {
    id,
    fault: 'kill',
    says:
      `kill the ${params.service} (${service.process}) on ${names.join(', ')}` +
      (stayDown ? ' and keep it down' : ' once'),
    targets: names,
    service: params.service,
    holds: victims.map(({ node, control }) => `${node}/${control.name}`),
    membersDown: membersDownWith(params.service, targets, snapshot),
    ...(stayDown ? {} : { loss: 'brief' }),
    podsHit: [],
    prepare: victims.map((victim) => ({ on: victim.node, sh: prepare(victim) })),
    inject: victims.map((victim) => ({ on: victim.node, sh: inject(victim) })),
    bit: victims.flatMap(bit),
    undo: victims.map((victim) => ({ on: victim.node, sh: undo(victim) })),
    gone: victims.flatMap((victim) => [
      nothingNoted(victim.node, id, victim.kept?.isGone),
      ...serves(victim),
    ]),
    undoBy: victims.some(({ kept }) => kept?.outlivesBoot) ? 'boot' : 'node-timer',
  };
}

interface Victim extends ServiceOnNode {
  readonly id: string;
  /** Only where it is to stay down. */
  readonly kept?: KeptDown;
}

/** Chooses the process, notes it with its start time and how often it was started, and forbids the restart. */
function prepare({ control, id, kept }: Victim): string {
  return lines(
    ...(kept?.before === undefined ? [] : [kept.before]),
    control.find,
    control.starts,
    `${readStat} || exit 1`,
    'mkdir -p /run/holdfast || exit 1',
    `echo "$pid ${startTime} $starts" >${noteFile(id)}`,
  );
}

/**
 * Kills the process that was noted, by pid, with the shell's own builtins and no fork: `systemctl kill` would spend
 * two processes and a bus call (tens of milliseconds on a small computer) inside the interval in which the fault is
 * said to have happened. The start time is compared first, so that a pid used anew is never hit, and so that a second
 * run does not kill the successor.
 */
function inject({ id, kept }: Victim): string {
  return lines(
    `read -r pid start starts <${noteFile(id)} || exit 1`,
    `${readStat} || exit 1`,
    `[ "${startTime}" = "$start" ] && kill -KILL "$pid" || exit 1`,
    ...(kept?.after === undefined ? [] : [kept.after]),
  );
}

/** The service is down for good and nothing listens; or, killed once, the process that was noted is not its own any more. */
function bit({ id, kept, ...service }: Victim): readonly Proof[] {
  const { node, process, control } = service;
  if (kept !== undefined)
    return [{ from: node, says: kept.says, sh: kept.isDown }, ...isDeaf(service)];
  const noted = `read -r pid start starts <${noteFile(id)} || exit 2`;
  return [{ from: node, says: `${process} has ended since`, sh: lines(noted, control.crashed) }];
}

/**
 * Each line may find its work done already: by a dead-man timer, by an earlier undo, or because nothing was begun.
 * One that fails does not keep the next from its part.
 */
function undo({ control, id, kept }: Victim): string {
  return lines(
    'status=0',
    ...(kept ? [kept.allow] : []),
    control.start,
    removeNote(id),
    'exit $status',
  );
}
