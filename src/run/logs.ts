import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from '../model/snapshot.ts';
import type { World } from '../acts/world.ts';

const timeoutMs = 15_000;
const maxBytes = 4 << 20;

/**
 * Saves what the services of each node said during a run into `logs/`, a file each, by the nodes' own clocks.
 * @param sinceMs how long ago the run began
 * @returns what could not be fetched, a line each
 */
export async function collectLogs(
  folder: string,
  snapshot: Snapshot,
  sinceMs: number,
  world: World,
): Promise<readonly string[]> {
  const target = join(folder, 'logs');
  await mkdir(target, { recursive: true });
  const done = await Promise.allSettled(
    snapshot.nodes.flatMap((node) =>
      Object.entries(snapshot.services).map(async ([name, { unit }]) => {
        const ssh = await world.links.ssh(node.name);
        const command = `journalctl --no-pager -o short-precise -u ${unit} --since=-${Math.ceil(sinceMs / 1000)}s`;
        const { stdout } = await ssh.run(command, { sudo: true, timeoutMs, maxBytes });
        await writeFile(join(target, `${node.name}-${name}.log`), stdout);
      }),
    ),
  );
  return done.flatMap((one) => (one.status === 'rejected' ? [`logs: ${String(one.reason)}`] : []));
}
