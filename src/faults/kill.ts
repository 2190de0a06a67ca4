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
import { quote } from '../model/quote.ts';
import { memberOn } from '../model/snapshot.ts';
import type { DesignContext, Fault } from '../model/fault.ts';
import type { Intent, Proof } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import type { NodeFacts, Service, ServiceName } from '../model/snapshot.ts';

export interface KillParams extends Readonly<Record<string, unknown>> {
  readonly service: ServiceName;
  readonly target: Selector;
  readonly count: Count;
  readonly 'stay-down': boolean;
}

export const kill = {
  summary: 'kill the main process of a service with SIGKILL',
  schema: z.strictObject({
    service: z
      .enum(['datastore', 'kubernetes', 'containers'])
      .describe('The service to kill, by what it does; the platform knows its unit'),
    target: selector,
    count: count.default('one'),
    'stay-down': z
      .boolean()
      .default(false)
      .describe('Keep it down until healed; otherwise systemd starts it again at once'),
  }),
  design,
} satisfies Fault<KillParams>;

function design(params: KillParams, { id, targets, snapshot }: DesignContext): Intent {
  const service = snapshot.services[params.service];
  const stayDown = params['stay-down'];
  const victims = targets.map((node) => victimOn(node, params.service, service, id));
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
    // An API server or a container runtime that dies leaves its node's datastore member running.
    membersDown:
      params.service === 'datastore'
        ? names.flatMap((name) => memberOn(snapshot, name)?.id ?? [])
        : [],
    ...(stayDown ? {} : { loss: 'brief' }),
    podsHit: [],
    prepare: victims.map((victim) => ({ on: victim.node, sh: prepare(victim, stayDown) })),
    inject: victims.map((victim) => ({ on: victim.node, sh: inject(victim) })),
    bit: victims.flatMap((victim) => (stayDown ? wentDown(victim) : [crashed(victim)])),
    undo: victims.map((victim) => ({ on: victim.node, sh: undo(victim, stayDown) })),
    gone: victims.flatMap((victim) => gone(victim, stayDown)),
    undoBy: 'node-timer',
  };
}

/** One service on one node, and the names of what the fault leaves there; the texts are quoted for the shell. */
interface Victim {
  readonly node: string;
  /** As people read it. */
  readonly process: string;
  readonly port?: number;
  readonly unit: string;
  /** What /proc/PID/comm has once the service really serves. */
  readonly comm: string;
  readonly dropInFolder: string;
  readonly dropIn: string;
  readonly before: string;
}

function victimOn(node: NodeFacts, name: ServiceName, service: Service, id: string): Victim {
  const folder = `/run/systemd/system/${service.unit}.d`;
  // On a worker, another program may hold the port of the API server: MicroK8s has a proxy there.
  const port = name === 'kubernetes' && !node.controlPlane ? undefined : service.port;
  return {
    node: node.name,
    process: service.process,
    ...(port === undefined ? {} : { port }),
    unit: quote(service.unit),
    // The kernel keeps 15 characters of a process's name.
    comm: quote(service.process.slice(0, 15)),
    dropInFolder: quote(folder),
    dropIn: quote(`${folder}/90-holdfast-${id}.conf`),
    before: quote(`/run/holdfast/${id}.before`),
  };
}

/** Chooses the process, notes it with its start time and the unit's restarts, and forbids the restart. */
function prepare(victim: Victim, stayDown: boolean): string {
  const { unit, comm, before } = victim;
  const noRestart = [
    `mkdir -p ${victim.dropInFolder} || exit 1`,
    `printf '[Service]\\nRestart=no\\n' >${victim.dropIn} || exit 1`,
    'systemctl daemon-reload || exit 1',
    `restart=$(systemctl show -p Restart --value ${unit}) || exit 1`,
    `[ "$restart" = no ] || { echo "another drop-in of "${unit}" insists on Restart=$restart" >&2; exit 1; }`,
  ];
  return lines(
    ...(stayDown ? noRestart : []),
    `pid=$(systemctl show -p MainPID --value ${unit}) || exit 1`,
    `restarts=$(systemctl show -p NRestarts --value ${unit}) || exit 1`,
    `comm=$(cat "/proc/$pid/comm" 2>/dev/null) || comm='no process'`,
    // A wrapper that still waits is not the service: killing it would prove nothing.
    `[ "$comm" = ${comm} ] || { echo "the main process of "${unit}" ($pid) is $comm, not "${comm} >&2; exit 1; }`,
    'stat=$(cat "/proc/$pid/stat") || exit 1',
    'set -- ${stat##*) }',
    'mkdir -p /run/holdfast || exit 1',
    `echo "$pid \${20} $restarts" >${before}`,
  );
}

/**
 * Kills the process that was noted, by pid, with the shell's own builtins and no fork: `systemctl kill` would spend
 * two processes and a bus call (tens of milliseconds on a small computer) inside the interval in which the fault is
 * said to have happened. The start time (field 22 of stat, the 20th after the name in brackets) is compared first, so
 * that a pid used anew is never hit, and so that a second run does not kill the successor.
 */
function inject({ before }: Victim): string {
  return lines(
    `read -r pid start restarts <${before} || exit 1`,
    'read -r stat <"/proc/$pid/stat" || exit 1',
    'set -- ${stat##*) }',
    '[ "${20}" = "$start" ] && kill -KILL "$pid"',
  );
}

/** The service is down for good: systemd saw the signal and gave up, and nothing listens. */
function wentDown(victim: Victim): readonly Proof[] {
  const { node, process, port, unit } = victim;
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
    ...(port === undefined
      ? []
      : [
          {
            from: node,
            says: `nothing listens on port ${port}`,
            sh: lines(listening(port), '[ -z "$listening" ]'),
          },
        ]),
  ];
}

/** The process that was noted is not the main one any more, and systemd restarted the service or gave up. */
function crashed({ node, process, unit, before }: Victim): Proof {
  return {
    from: node,
    says: `systemd has restarted ${process} since`,
    sh: lines(
      `read -r pid start restarts <${before} || exit 2`,
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
function undo(victim: Victim, stayDown: boolean): string {
  const { unit, before, dropIn, dropInFolder } = victim;
  return lines(
    'status=0',
    ...(stayDown
      ? [
          `rm -f ${dropIn} || status=1`,
          rmdirIfEmpty(dropInFolder),
          'systemctl daemon-reload || status=1',
        ]
      : []),
    `systemctl reset-failed ${unit} 2>/dev/null`,
    // The proof says when it serves; waiting here would only hold up the undoing of others.
    `systemctl start --no-block ${unit} || status=1`,
    `rm -f ${before} || status=1`,
    rmdirIfEmpty('/run/holdfast'),
    'exit $status',
  );
}

function gone(victim: Victim, stayDown: boolean): readonly Proof[] {
  const { node, process, port, unit, comm, before, dropIn } = victim;
  return [
    {
      from: node,
      says: 'nothing of the fault is left on the node',
      sh: stayDown
        ? lines(
            `[ ! -e ${dropIn} ] && [ ! -e ${before} ] || exit 1`,
            `reload=$(systemctl show -p NeedDaemonReload --value ${unit}) || exit 2`,
            '[ "$reload" = no ]',
          )
        : `[ ! -e ${before} ]`,
    },
    {
      from: node,
      says: `${process} runs, and not only its wrapper`,
      sh: lines(
        `state=$(systemctl show -p ActiveState --value ${unit}) || exit 2`,
        `pid=$(systemctl show -p MainPID --value ${unit}) || exit 2`,
        `[ "$state" = active ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = ${comm} ]`,
      ),
    },
    ...(port === undefined
      ? []
      : [
          {
            from: node,
            says: `port ${port} listens`,
            sh: lines(listening(port), '[ -n "$listening" ]'),
          },
        ]),
  ];
}

/** Puts the listening sockets of a port into `$listening`; without `ss`, the answer is unclear and never "none". */
function listening(port: number): string {
  return `listening=$(ss -Hltn "sport = :${port}") || exit 2`;
}

function rmdirIfEmpty(folder: string): string {
  return `rmdir ${folder} 2>/dev/null`;
}

/** No script relies on `set -e`: a shell ignores it wherever its caller looks at the exit status. */
function lines(...all: readonly string[]): string {
  return all.join('\n');
}
