import { backendDir } from '../lab/microk8s/places.ts';

const writes = 50;

/**
 * How long a synced write of 4 KiB beside a datastore's data takes on a node of the lab, as dd itself measures it over
 * fifty: the kernel lets the first few of a limited disk pass. By a transient unit, which is in the same group as the
 * datastore: the lab's back door is in none of the node's.
 */
export async function syncedWriteMs(
  on: (node: string, command: string) => Promise<string>,
  node: string,
): Promise<number> {
  const file = `${backendDir}/timed`;
  const said = await on(
    node,
    `systemd-run --quiet --pipe --wait env LC_ALL=C dd if=/dev/zero of=${file} bs=4096 count=${writes} oflag=dsync 2>&1; rm -f ${file}`,
  );
  const seconds = / ([\d.e-]+) s, /.exec(said)?.[1];
  if (seconds === undefined) throw new Error(`dd on ${node} said: ${said}`);
  return (Number(seconds) * 1000) / writes;
}
