import { diskFolder, runFolder } from './note.ts';
import { messageOf, type World } from './world.ts';

const timeoutMs = 10_000;

/**
 * Lists, a line each, whatever on a node bears our name. A lock and a fingerprint are no leftovers: they tell of a run
 * and change nothing.
 */
const listing = `
for file in ${runFolder}/* ${diskFolder}/*; do
  case "$file" in ${runFolder}/lock | *.fingerprint) continue ;; esac
  [ ! -e "$file" ] || echo "file $file"
done
systemctl list-units --all --plain --no-legend --no-pager 'holdfast-*' | while read -r unit rest; do echo "unit $unit"; done
find /run/systemd/system /run/systemd/system.control /etc/systemd/system /etc/systemd/system.control -name '*holdfast-*' 2>/dev/null |
  while read -r file; do echo "systemd $file"; done
for file in /etc/kubernetes/holdfast-*; do [ ! -e "$file" ] || echo "file $file"; done
command -v nft >/dev/null && nft list tables 2>/dev/null | grep ' holdfast_'
exit 0
`;

/**
 * What of earlier runs is still on some nodes: a line each, such as `pi2: systemd /run/…`.
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
