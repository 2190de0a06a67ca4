import { messageOf, type World } from './world.ts';

const timeoutMs = 10_000;

/** Lists, a line each, whatever on a node bears our name; the lock file is no leftover but a lock. */
const listing = `
for file in /run/holdfast/*; do
  [ ! -e "$file" ] || [ "$file" = /run/holdfast/lock ] || echo "file $file"
done
systemctl list-units --all --plain --no-legend --no-pager 'holdfast-*' | while read -r unit rest; do echo "unit $unit"; done
find /run/systemd/system /etc/systemd/system -name '90-holdfast-*' 2>/dev/null | while read -r file; do echo "drop-in $file"; done
command -v nft >/dev/null && nft list tables 2>/dev/null | grep ' holdfast_'
exit 0
`;

/**
 * What of earlier runs is still on some nodes: a line each, such as `pi2: drop-in /run/…`.
 * A node that cannot be asked is a line too: nobody knows what is on it.
 */
export async function leftovers(
  nodes: readonly string[],
  world: World,
): Promise<readonly string[]> {
  const found = await Promise.all(
    nodes.map(async (node) => {
      try {
        const ssh = await world.links.ssh(node);
        const { stdout } = await ssh.run(listing, { sudo: true, timeoutMs });
        return stdout
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => `${node}: ${line}`);
      } catch (error) {
        return [`${node}: not known: ${messageOf(error)}`];
      }
    }),
  );
  return found.flat();
}
