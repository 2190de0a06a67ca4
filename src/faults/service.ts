/** What the faults that aim at a service of a node have in common. */
import { z } from 'zod';
import { quote } from '../model/quote.ts';
import { memberOn } from '../model/snapshot.ts';
import type { Proof } from '../model/intent.ts';
import type { NodeFacts, Service, ServiceName, Snapshot } from '../model/snapshot.ts';
import { lines } from './script.ts';

export const serviceName = z
  .enum(['datastore', 'kubernetes', 'containers'])
  .describe('The service, by what it does; the platform knows its unit');

/** One service on one node. */
export interface ServiceOnNode {
  readonly node: string;
  /** As people read it. */
  readonly process: string;
  readonly port?: number;
  /** Its unit, quoted for the shell. */
  readonly unit: string;
  /** What /proc/PID/comm has once the service really serves, quoted for the shell. */
  readonly comm: string;
}

export function serviceOn(node: NodeFacts, name: ServiceName, service: Service): ServiceOnNode {
  // On a worker, another program may hold the port of the API server: MicroK8s has a proxy there.
  const port = name === 'kubernetes' && !node.controlPlane ? undefined : service.port;
  return {
    node: node.name,
    process: service.process,
    ...(port === undefined ? {} : { port }),
    unit: quote(service.unit),
    // The kernel keeps 15 characters of a process's name.
    comm: quote(service.process.slice(0, 15)),
  };
}

/** The datastore members that are away while a service is; an API server that is down leaves its node's member running. */
export function membersDownWith(
  service: ServiceName,
  targets: readonly NodeFacts[],
  snapshot: Snapshot,
): readonly string[] {
  if (service !== 'datastore') return [];
  return targets.flatMap(({ name }) => memberOn(snapshot, name)?.id ?? []);
}

/** Puts the main process into `$pid`, and ends if it is not the service itself. */
export function mainProcess({ unit, comm }: ServiceOnNode): string {
  return lines(
    `pid=$(systemctl show -p MainPID --value ${unit}) || exit 1`,
    `comm=$(cat "/proc/$pid/comm" 2>/dev/null) || comm='no process'`,
    // A wrapper that still waits is not the service: to hit it would prove nothing.
    `[ "$comm" = ${comm} ] || { echo "the main process of "${unit}" ($pid) is $comm, not "${comm} >&2; exit 1; }`,
  );
}

/**
 * Puts the processes of the unit that process `$pid` is of into `$pids`: those in its group of systemd's own hierarchy,
 * which with cgroup v2 is the only one. A group that is not the unit's could be everybody's: then the answer is unclear.
 * @param unit quoted for the shell
 */
export function processesOf(unit: string): string {
  return lines(
    `own=$(grep -m1 -E '^[0-9]+:name=systemd:|^0::' "/proc/$pid/cgroup") || exit 2`,
    `case $own in */${unit}*) ;; *) echo "$pid is in \${own#*:}, not in a group of "${unit} >&2; exit 2 ;; esac`,
    `pids=$(grep -slxF -e "$own" /proc/[0-9]*/cgroup | tr -dc '0-9\\n')`,
    '[ -n "$pids" ] || exit 2',
  );
}

/** The service runs again: its main process is the real one, and its port listens. */
export function serves(service: ServiceOnNode): readonly Proof[] {
  const { node, process, port, unit, comm } = service;
  return [
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

/** Nothing listens on the service's port, if it has one. */
export function isDeaf({ node, port }: ServiceOnNode): readonly Proof[] {
  if (port === undefined) return [];
  const sh = lines(listening(port), '[ -z "$listening" ]');
  return [{ from: node, says: `nothing listens on port ${port}`, sh }];
}

/** Puts the listening sockets of a port into `$listening`; without `ss`, the answer is unclear and never "none". */
function listening(port: number): string {
  return `listening=$(ss -Hltn "sport = :${port}") || exit 2`;
}
