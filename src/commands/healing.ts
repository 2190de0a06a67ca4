import { undo } from '../acts/fault.ts';
import { messageOf, type World } from '../acts/world.ts';
import { openLinks } from '../links/open.ts';
import { bareAccess } from '../links/credentials.ts';
import { askCluster } from '../links/survey.ts';
import type { ClusterFile } from '../model/clusterfile.ts';
import type { Intent } from '../model/intent.ts';
import type { FaultEvent, NoteEvent } from '../model/timeline.ts';
import { powerDevices } from '../power/table.ts';
import { eventLine } from '../report/terminal.ts';
import { startClock } from '../run/clock.ts';
import { removeVolumes } from '../run/volumes.ts';
import { removeNamespace } from '../run/workload.ts';
import { CommandError, asCommandError, loadCluster } from './context.ts';

/** What heals a cluster, some of whose nodes may be down. */
export interface Healing {
  readonly cluster: ClusterFile;
  readonly nodes: readonly string[];
  readonly world: World;
  /** Why no API server could be asked; then nothing that is in the API can be taken back. */
  readonly apiSilent?: string;
}

/**
 * Opens a cluster for healing, with whatever of it answers. The nodes are known by their host keys; where an API server
 * answers, it must be that of the cluster file.
 * @throws CommandError if it is another cluster, or a file cannot be read
 */
export async function openHealing(clusterPath: string): Promise<Healing> {
  const cluster = loadCluster(clusterPath);
  const nodes = cluster.nodes.map(({ name }) => name);
  const access = await bareAccess(cluster).catch(asCommandError);
  const links = openLinks(access);
  const power = powerDevices(cluster);
  const { now } = startClock();
  const found = await askCluster(cluster, links).catch((error: unknown) => {
    if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
    throw error;
  });
  if (typeof found === 'string')
    return { cluster, nodes, world: { links, controlPlanes: nodes, power, now }, apiSilent: found };
  const { id, controlPlanes } = found;
  if (id === cluster.clusterId)
    return { cluster, nodes, world: { links, controlPlanes, power, now } };
  links.close();
  throw new CommandError(
    'refused',
    `this is another cluster: the uid of its namespace kube-system is ${id}, and ${clusterPath} says ${cluster.clusterId}`,
  );
}

/** Takes back one fault, telling what it does. @returns what is left, in words; undefined if nothing is */
export function takeBack(
  step: string,
  intent: Intent,
  { world }: Healing,
): Promise<string | undefined> {
  return undo(step, intent, world, (event: FaultEvent | NoteEvent) => {
    // That its timer has run already is what the timer is for.
    const early = event.type === 'fault' && event.state === 'missed';
    const line = early ? undefined : eventLine(event);
    if (line !== undefined) console.error(line);
  });
}

/** Removes our namespace, and what its pods kept on the nodes. @returns what is left, a line each */
export async function takeNamespaceAway({
  world,
  nodes,
  apiSilent,
}: Healing): Promise<readonly string[]> {
  if (apiSilent !== undefined) return [`namespace holdfast, if it is there: ${apiSilent}`];
  try {
    const owner = await removeNamespace(world);
    if (owner !== undefined) console.error(`removed namespace holdfast of run ${owner}`);
    return await removeVolumes(nodes, world);
  } catch (error) {
    return [messageOf(error)];
  }
}
