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
import { noRestart, type NoRestart } from './restart.ts';
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
  const service = snapshot.services[params.service];
  const stayDown = params['stay-down'];
  const victims = targets.map((node): Victim => ({
    ...serviceOn(node, params.service, service),
    id,
    ...(stayDown && { kept: noRestart(service.unit, id) }),
  }));
  const names = targets.map((node) => node.name);
  return {
    id,
    fault: 'kill',
    says:
      `kill the ${params.service} (${service.process}) on ${names.join(', ')}` +
      (stayDown ? ' and keep it down' : ' once'),
    targets: names,
    service: params.service,
    holds: names.map((name) => `${name}/${service.unit}`),
    membersDown: membersDownWith(params.service, targets, snapshot),
    ...(stayDown ? {} : { loss: 'brief' }),
    podsHit: [],
    prepare: victims.map((victim) => ({ on: victim.node, sh: prepare(victim) })),
    inject: victims.map((victim) => ({ on: victim.node, sh: inject(victim) })),
    bit: victims.flatMap((victim) => (stayDown ? wentDown(victim) : [crashed(victim)])),
    undo: victims.map((victim) => ({ on: victim.node, sh: undo(victim) })),
    gone: victims.flatMap((victim) => [nothingLeft(victim), ...serves(victim)]),
    undoBy: 'node-timer',
  };
}

interface Victim extends ServiceOnNode {
  readonly id: string;
  /** Only where it is to stay down. */
  readonly kept?: NoRestart;
}

/** Chooses the process, notes it with its start time and the unit's restarts, and forbids the restart. */
function prepare(victim: Victim): string {
  const { unit, id, kept } = victim;
  return lines(
    ...(kept ? [kept.forbid] : []),
    mainProcess(victim),
    `restarts=$(systemctl show -p NRestarts --value ${unit}) || exit 1`,
    `${readStat} || exit 1`,
    'mkdir -p /run/holdfast || exit 1',
    `echo "$pid ${startTime} $restarts" >${noteFile(id)}`,
  );
}

/**
 * Kills the process that was noted, by pid, with the shell's own builtins and no fork: `systemctl kill` would spend
 * two processes and a bus call (tens of milliseconds on a small computer) inside the interval in which the fault is
 * said to have happened. The start time is compared first, so that a pid used anew is never hit, and so that a second
 * run does not kill the successor.
 */
function inject({ id }: Victim): string {
  return lines(
    `read -r pid start restarts <${noteFile(id)} || exit 1`,
    `${readStat} || exit 1`,
    `[ "${startTime}" = "$start" ] && kill -KILL "$pid"`,
  );
}

/** The service is down for good: systemd saw the signal and gave up, and nothing listens. */
function wentDown(victim: Victim): readonly Proof[] {
  const { node, process, unit } = victim;
  return [
    {
      from: node,
      says: `systemd counts ${process} as failed by a signal`,
      sh: lines(
        `state=$(systemctl show -p ActiveState --value ${unit}) || exit 2`,
        `result=$(systemctl show -p Result --value ${unit}) || exit 2`,
        '[ "$state" = failed ] && [ "$result" = signal ]',
      ),
    },
    ...isDeaf(victim),
  ];
}

/** The process that was noted is not the main one any more, and systemd restarted the service or gave up. */
function crashed({ node, process, unit, id }: Victim): Proof {
  return {
    from: node,
    says: `systemd has restarted ${process} since`,
    sh: lines(
      `read -r pid start restarts <${noteFile(id)} || exit 2`,
      `now=$(systemctl show -p MainPID --value ${unit}) || exit 2`,
      `grown=$(systemctl show -p NRestarts --value ${unit}) || exit 2`,
      `state=$(systemctl show -p ActiveState --value ${unit}) || exit 2`,
      '[ "$now" != "$pid" ] || exit 1',
      '[ "$grown" -gt "$restarts" ] || [ "$state" = failed ]',
    ),
  };
}

/**
 * Each line may find its work done already: by a dead-man timer, by an earlier undo, or because nothing was begun.
 * One that fails does not keep the next from its part.
 */
function undo({ unit, id, kept }: Victim): string {
  return lines(
    'status=0',
    ...(kept ? [kept.allow] : []),
    `systemctl reset-failed ${unit} 2>/dev/null`,
    // The proof says when it serves; waiting here would only hold up the undoing of others.
    `systemctl start --no-block ${unit} || status=1`,
    removeNote(id),
    'exit $status',
  );
}

function nothingLeft({ node, id, kept }: Victim): Proof {
  const noted = nothingNoted(node, id);
  return kept ? { ...noted, sh: lines(`[ ! -e ${noteFile(id)} ] || exit 1`, kept.isGone) } : noted;
}
