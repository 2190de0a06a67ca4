/** What the faults that aim at a service of a node have in common. */
import { z } from 'zod';
import { memberOn, serviceNames } from '../model/snapshot.ts';
import type { Proof } from '../model/intent.ts';
import type { NodeFacts, Service, ServiceName, Snapshot } from '../model/snapshot.ts';
import type { Control } from './control/control.ts';
import { controlOf } from './control/of.ts';
import { lines } from './script.ts';

export const serviceName = z
  .enum(serviceNames)
  .describe('The service, by what it does; the platform knows what runs it');

/** What runs a service here; planning has refused a fault of one that the platform does not have. */
export function serviceIn({ services, cluster }: Snapshot, name: ServiceName): Service {
  const service = services[name];
  if (service === undefined) throw new Error(`${cluster.platform} has no ${name}`);
  return service;
}

/** One service on one node. */
export interface ServiceOnNode {
  readonly node: string;
  /** As people read it. */
  readonly process: string;
  readonly port?: number;
  readonly control: Control;
}

export function serviceOn(node: NodeFacts, name: ServiceName, service: Service): ServiceOnNode {
  // On a worker, another program may hold the port of the API server: MicroK8s has a proxy there.
  const { port } = node.controlPlane || name !== 'api-server' ? service : { port: undefined };
  return {
    node: node.name,
    process: service.process,
    ...(port === undefined ? {} : { port }),
    control: controlOf(service),
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

/** The service runs again: its own process does, and its port listens. */
export function serves(service: ServiceOnNode): readonly Proof[] {
  const { node, process, port, control } = service;
  return [
    { from: node, says: `${process} runs, and not only its wrapper`, sh: control.runs },
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
