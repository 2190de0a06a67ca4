import { diskFolder } from '../acts/note.ts';
import { messageOf, type World } from '../acts/world.ts';

/** Where a workload of ours keeps what outlives its pods, on the node on which it stands. */
export const volumeFolder = `${diskFolder}/volume`;

const timeoutMs = 10_000;

/**
 * Removes what workloads have kept on some nodes, if they have; the pods must be gone.
 * @returns a line for each node on which it may still be
 */
export async function removeVolumes(
  nodes: readonly string[],
  { links }: World,
): Promise<readonly string[]> {
  const left = await Promise.all(
    nodes.map(async (node) => {
      try {
        const ssh = await links.ssh(node);
        const { code, stderr } = await ssh.run(`rm -rf ${volumeFolder}`, { sudo: true, timeoutMs });
        if (code !== 0) throw new Error(stderr.trim());
        return [];
      } catch (error) {
        return [`${node}: ${volumeFolder}, if it is there: ${messageOf(error)}`];
      }
    }),
  );
  return left.flat();
}
