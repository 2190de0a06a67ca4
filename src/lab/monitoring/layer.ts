import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { inRoot } from '../debian.ts';
import { contentOf, type Part } from '../parts.ts';
import { recipesDir } from '../paths.ts';

const packages = 'prometheus prometheus-alertmanager';
const downloadTimeoutMs = 10 * 60_000;
const files = join(recipesDir, 'monitoring', 'rootfs');
const units = ['prometheus.service', 'alertmanager.service'];

/**
 * What the monitor has over Debian: two programs of its packages, without what their installation would set up, and units
 * of our own.
 * @param root a Debian that can download packages
 */
export async function monitoringLayer(root: string): Promise<Part> {
  return {
    name: 'monitoring-layer',
    inputs: [packages, root, await contentOf(files), ...units],
    make: async (folder) => {
      const unpack = [
        'apt-get update -q',
        'rm -rf /work/monitoring/debs && mkdir /work/monitoring/debs && cd /work/monitoring/debs',
        `apt-get -o APT::Sandbox::User=root download -q ${packages}`,
        'for deb in *.deb; do dpkg -x "$deb" /work/monitoring; done',
      ].join('\n');
      await mkdir(join(root, 'work', 'monitoring'), { recursive: true });
      await inRoot(root, [[folder, '/work/monitoring']], unpack, downloadTimeoutMs);
      // Their own units want users that only an installation makes; Alertmanager's templates in usr/share it needs.
      const theirs = ['debs', 'etc', 'lib', 'usr/lib/systemd'];
      for (const one of theirs) await rm(join(folder, one), { recursive: true, force: true });
      await cp(files, folder, { recursive: true });
      const wants = join(folder, 'etc/systemd/system/multi-user.target.wants');
      await mkdir(wants, { recursive: true });
      for (const unit of units) await symlink(`../${unit}`, join(wants, unit));
      // Nobody logs in on it.
      await symlink('/dev/null', join(folder, 'etc/systemd/system/ssh.service'));
    },
  };
}
