import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Part } from './parts.ts';
import { run } from './shell.ts';
import { sshUser } from './topology.ts';

const mirror = process.env['HOLDFAST_DEBIAN_MIRROR'] ?? 'http://deb.debian.org/debian';
const suite = 'trixie';
const bootstrapTimeoutMs = 20 * 60_000;

const buildPackages =
  'gcc libc6-dev pkg-config ca-certificates libdqlite-dev libsqlite3-dev golang-github-canonical-go-dqlite-dev';
const goPackage = 'golang-1.26-go';
const nodePackages =
  'systemd systemd-sysv dbus openssh-server sudo curl openssl ca-certificates procps iproute2 iptables nftables ' +
  'ipset conntrack iputils-ping kmod containerd runc containernetworking-plugins ethtool socat jq libdqlite0 ' +
  'go-dqlite etcd-client busybox-static nginx-light stress-ng haproxy keepalived';

/** Debian with a Go compiler and Dqlite's headers, so that the host needs neither. */
export const buildRoot: Part = {
  name: 'build-root',
  inputs: [suite, buildPackages, goPackage],
  make: async (folder) => {
    await debootstrap(folder, buildPackages);
    await writeFile(
      join(folder, 'etc/apt/sources.list.d/backports.list'),
      `deb ${mirror} ${suite}-backports main\n`,
    );
    await writeFile(join(folder, 'etc/hosts'), '127.0.0.1 localhost\n');
    await inRoot(folder, [], 'apt-get update -q', bootstrapTimeoutMs);
    const install = `DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -t ${suite}-backports ${goPackage}`;
    await inRoot(folder, [], `${install} && apt-get clean`, bootstrapTimeoutMs);
    for (const place of ['src', 'mod', 'cache', 'out'])
      await mkdir(join(folder, 'work', place), { recursive: true });
  },
};

/** The root file system that all virtual Pis stand on: Debian with what nodes of any platform have. */
export const nodeBase: Part = {
  name: 'node-base',
  inputs: [suite, nodePackages, sshUser],
  make: async (folder) => {
    await debootstrap(folder, nodePackages);
    const masked = 'etcd nginx containerd nftables systemd-networkd systemd-resolved';
    await run('chroot', [
      folder,
      '/bin/sh',
      '-euc',
      [
        `useradd --create-home --shell /bin/sh ${sshUser}`,
        `for unit in ${masked}; do ln -sf /dev/null /etc/systemd/system/$unit.service; done`,
        // ssh-keygen overwrites nothing: keys left here would be those of every node.
        'rm -f /etc/ssh/ssh_host_* /etc/hostname /etc/resolv.conf',
        ': > /etc/machine-id',
        'rm -f /usr/sbin/policy-rc.d',
        // For nodes that have use for them.
        `for unit in etcd haproxy keepalived; do rm -f /etc/systemd/system/multi-user.target.wants/$unit.service; done`,
        'rm -rf /etc/systemd/system/timers.target.wants/apt-* /etc/systemd/system/timers.target.wants/dpkg-*',
        'apt-get clean && rm -rf /var/lib/apt/lists/* /usr/share/doc /usr/share/man /usr/share/locale',
        'mkdir -p /var/log/journal /opt/cni && ln -s /usr/lib/cni /opt/cni/bin',
      ].join('\n'),
    ]);
  },
};

async function debootstrap(folder: string, packages: string): Promise<void> {
  const include = packages.split(' ').join(',');
  await run('debootstrap', ['--variant=minbase', `--include=${include}`, suite, folder, mirror], {
    timeoutMs: bootstrapTimeoutMs,
  });
}

/**
 * Runs a command in a root file system with some folders of the host in it, in a mount namespace of its own: nothing
 * stays mounted, whatever happens. The host's own certificate authorities count, for those behind a proxy.
 */
export async function inRoot(
  root: string,
  mounts: readonly (readonly [from: string, to: string])[],
  command: string,
  timeoutMs: number,
): Promise<void> {
  const authorities = '/etc/ssl/certs/ca-certificates.crt';
  const all = [
    ...mounts,
    ['/etc/resolv.conf', '/etc/resolv.conf'] as const,
    ['/etc/hosts', '/etc/hosts'] as const,
  ];
  if (existsSync(authorities)) all.push([authorities, authorities]);
  for (const file of ['etc/resolv.conf', 'etc/hosts']) {
    if (!existsSync(join(root, file))) await writeFile(join(root, file), '');
  }
  await rm(join(root, 'tmp/home'), { recursive: true, force: true });
  const script = [
    'set -e; root=$1; shift',
    'mount -t proc proc "$root/proc"; mount --rbind /dev "$root/dev"',
    'while [ "$1" != -- ]; do mount --bind "$1" "$root$2"; shift 2; done; shift',
    'exec chroot "$root" /bin/sh -ec "$1"',
  ].join('\n');
  await run(
    'unshare',
    [
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      script,
      'sh',
      root,
      ...all.flat(),
      '--',
      command,
    ],
    {
      timeoutMs,
      env: { HOME: '/tmp', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    },
  );
}
