import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeImages } from './images.ts';
import { contentOf, provide, type Part } from './parts.ts';
import { cacheDir, recipesDir } from './paths.ts';
import type { Progress } from './progress.ts';
import { run } from './shell.ts';
import { sshUser } from './topology.ts';

const mirror = process.env['HOLDFAST_DEBIAN_MIRROR'] ?? 'http://deb.debian.org/debian';
const suite = 'trixie';
const bootstrapTimeoutMs = 20 * 60_000;
const compileTimeoutMs = 60 * 60_000;

const kubernetesVersion = 'v1.34.4';

const buildPackages =
  'gcc libc6-dev pkg-config ca-certificates libdqlite-dev libsqlite3-dev golang-github-canonical-go-dqlite-dev';
const goPackage = 'golang-1.26-go';
const nodePackages =
  'systemd systemd-sysv dbus openssh-server sudo curl openssl ca-certificates procps iproute2 iptables nftables ' +
  'ipset conntrack iputils-ping kmod containerd runc containernetworking-plugins ethtool socat jq libdqlite0 ' +
  'go-dqlite etcd-client busybox-static nginx-light stress-ng';

/** What all nodes of all labs share. */
export interface Built {
  /** Read-only layers of a node's root, the uppermost first. */
  readonly layers: readonly string[];
  /** A folder of image archives. */
  readonly images: string;
  /** kubectl for the host. */
  readonly kubectl: string;
}

/** Builds everything that is not yet in the cache, two things at a time: one downloads while another compiles. */
export async function build(progress: Progress): Promise<Built> {
  const base = provide(nodeBase, progress);
  const programs = await provide(buildRoot, progress).then((root) => buildPrograms(root, progress));
  const layer = await provide(await nodeLayer(programs), progress);
  const images = await provide(await imagesPart(await base, programs), progress);
  return {
    layers: [layer, await base],
    images,
    kubectl: join(layer, 'snap/microk8s/current/bin/kubectl'),
  };
}

/** Debian with a Go compiler and Dqlite's headers, so that the host needs neither. */
const buildRoot: Part = {
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

/** The root file system that all virtual Pis stand on: Debian with what a MicroK8s node has. */
const nodeBase: Part = {
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
        'rm -f /usr/sbin/policy-rc.d /etc/systemd/system/multi-user.target.wants/etcd.service',
        'rm -rf /etc/systemd/system/timers.target.wants/apt-* /etc/systemd/system/timers.target.wants/dpkg-*',
        'apt-get clean && rm -rf /var/lib/apt/lists/* /usr/share/doc /usr/share/man /usr/share/locale',
        'mkdir -p /var/log/journal /opt/cni && ln -s /usr/lib/cni /opt/cni/bin',
      ].join('\n'),
    ]);
  },
};

interface Program {
  /** Folder in lab/go. */
  readonly module: string;
  readonly package: string;
  readonly cgo: boolean;
  readonly flags: string;
}

const versionPackage = 'k8s.io/component-base/version';
const versionFlags = [
  `${versionPackage}.gitVersion=${kubernetesVersion}`,
  `${versionPackage}.gitMajor=1`,
  `${versionPackage}.gitMinor=34`,
  `${versionPackage}.gitTreeState=clean`,
  `${versionPackage}.buildDate=1970-01-01T00:00:00Z`,
]
  .map((setting) => `-X ${setting}`)
  .join(' ');

const programs: Readonly<Record<string, Program>> = {
  kube: { module: 'kube', package: '.', cgo: false, flags: `-ldflags "-s -w ${versionFlags}"` },
  'k8s-dqlite': {
    module: 'k8s-dqlite',
    package: '.',
    cgo: true,
    flags: '-tags libsqlite3 -ldflags "-s -w"',
  },
  coredns: { module: 'coredns', package: '.', cgo: false, flags: '-ldflags "-s -w"' },
  kubelite: { module: 'node', package: './cmd/kubelite', cgo: false, flags: '-ldflags "-s -w"' },
  'apiserver-proxy': {
    module: 'node',
    package: './cmd/apiserver-proxy',
    cgo: false,
    flags: '-ldflags "-s -w"',
  },
  pause: { module: 'node', package: './cmd/pause', cgo: false, flags: '-ldflags "-s -w"' },
};

/** Compiles the programs one after another (each uses all cores) and returns the folder of each. */
async function buildPrograms(
  root: string,
  progress: Progress,
): Promise<ReadonlyMap<string, string>> {
  const folders = new Map<string, string>();
  for (const [name, program] of Object.entries(programs)) {
    const source = join(recipesDir, 'go', program.module);
    const part: Part = {
      name: `program-${name}`,
      inputs: [root, await contentOf(source), JSON.stringify(program)],
      make: (folder) => compile(root, source, program, join(folder, name)),
    };
    folders.set(name, await provide(part, progress));
  }
  return folders;
}

async function compile(
  root: string,
  source: string,
  program: Program,
  output: string,
): Promise<void> {
  const modules = join(cacheDir, 'go', 'modules');
  const cache = join(cacheDir, 'go', 'build');
  const out = join(output, '..');
  for (const folder of [modules, cache]) await mkdir(folder, { recursive: true });
  const mounts = [
    [source, '/work/src'],
    [modules, '/work/mod'],
    [cache, '/work/cache'],
    [out, '/work/out'],
  ] as const;
  const name = output.slice(out.length + 1);
  const command = [
    'cd /work/src',
    'export PATH=/usr/lib/go-1.26/bin:$PATH GOTOOLCHAIN=local GOFLAGS="-buildvcs=false -mod=readonly"',
    `export GOMODCACHE=/work/mod GOCACHE=/work/cache CGO_ENABLED=${program.cgo ? 1 : 0}`,
    `export GOPROXY="${process.env['GOPROXY'] ?? 'https://proxy.golang.org,direct'}"`,
    `go build -trimpath ${program.flags} -o /work/out/${name} ${program.package}`,
  ].join(' && ');
  await inRoot(root, mounts, command, compileTimeoutMs);
}

/** The files of this checkout over the base: units, wrappers, programs. */
async function nodeLayer(built: ReadonlyMap<string, string>): Promise<Part> {
  const files = join(recipesDir, 'rootfs');
  return {
    name: 'node-layer',
    inputs: [await contentOf(files), ...built.values()],
    make: async (folder) => {
      await cp(files, folder, { recursive: true, verbatimSymlinks: true });
      // A checkout keeps no modes but that of execution, and sudo refuses a file that others may write.
      await chmod(join(folder, 'etc/sudoers.d', sshUser), 0o440);
      const bin = join(folder, 'snap/microk8s/current/bin');
      await mkdir(bin, { recursive: true });
      for (const name of ['kube', 'k8s-dqlite', 'kubelite', 'apiserver-proxy']) {
        await cp(join(built.get(name) ?? '', name), join(bin, name));
      }
      for (const name of [
        'kube-apiserver',
        'kube-controller-manager',
        'kube-scheduler',
        'kubelet',
        'kube-proxy',
        'kubectl',
      ]) {
        await symlink('kube', join(bin, name));
      }
      await symlink('/usr/bin/dqlite', join(bin, 'dqlite'));
      const wants = join(folder, 'etc/systemd/system/sysinit.target.wants');
      await mkdir(wants, { recursive: true });
      await symlink('../lab-cgroups.service', join(wants, 'lab-cgroups.service'));
    },
  };
}

async function imagesPart(base: string, built: ReadonlyMap<string, string>): Promise<Part> {
  const nginx = join(recipesDir, 'images', 'nginx.conf');
  return {
    name: 'images',
    inputs: [
      base,
      built.get('pause') ?? '',
      built.get('coredns') ?? '',
      await readFile(nginx, 'utf8'),
      'v1',
    ],
    make: (folder) =>
      makeImages(folder, {
        base,
        nginxConfig: nginx,
        pause: join(built.get('pause') ?? '', 'pause'),
        coredns: join(built.get('coredns') ?? '', 'coredns'),
      }),
  };
}

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
async function inRoot(
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
