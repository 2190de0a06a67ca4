import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from '../model/quote.ts';
import { areOne, type Service, type Snapshot } from '../model/snapshot.ts';
import type { World } from '../acts/world.ts';

const timeoutMs = 15_000;
const maxBytes = 4 << 20;

/**
 * Saves what the services of each node said during a run into `logs/`, a file each, by the nodes' own clocks and with their
 * offsets from UTC. Services that are one have one, by the name of the first of them.
 * @param sinceMs how long ago the run began
 * @returns what could not be fetched, a line each
 */
export async function collectLogs(
  folder: string,
  snapshot: Snapshot,
  sinceMs: number,
  world: World,
): Promise<readonly string[]> {
  await mkdir(join(folder, 'logs'), { recursive: true });
  const all = Object.entries(snapshot.services);
  const each = all.filter(
    ([, one], index) => all.findIndex(([, other]) => areOne(one, other)) === index,
  );
  const done = await Promise.allSettled(
    snapshot.nodes.flatMap((node) =>
      each.map(async ([name, service]) => {
        const ssh = await world.links.ssh(node.name);
        const command = printLog(service, Math.ceil(sinceMs / 1000));
        const { stdout } = await ssh.run(command, { sudo: true, timeoutMs, maxBytes });
        await writeFile(join(folder, logFile(node.name, name)), stdout);
      }),
    ),
  );
  return done.flatMap((one) => (one.status === 'rejected' ? [`logs: ${String(one.reason)}`] : []));
}

/** Where the log of a service of a node is in the folder of a run. */
export function logFile(node: string, service: string): string {
  return join('logs', `${node}-${service}.log`);
}

/** Of a pod, whose kubelet keeps a file for each start of a container: the ends of those written since. */
function printLog(service: Service, sinceS: number): string {
  if ('unit' in service)
    return `journalctl --no-pager -o short-iso-precise -u ${quote(service.unit)} --since=-${sinceS}s`;
  const name = service.manifest.slice(service.manifest.lastIndexOf('/') + 1).replace(/\.yaml$/, '');
  const minutes = Math.ceil(sinceS / 60);
  return `find /var/log/pods -path ${quote(`*/kube-system_${name}-*/*.log`)} -mmin -${minutes} -exec tail -q -c 1000000 {} +`;
}
