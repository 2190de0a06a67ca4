import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inRoot } from './debian.ts';
import { contentOf, provide, type Part } from './parts.ts';
import { cacheDir, recipesDir } from './paths.ts';
import type { Progress } from './progress.ts';

const compileTimeoutMs = 60 * 60_000;

export const kubernetesVersion = 'v1.34.4';

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

const plain = { package: '.', cgo: false, flags: '-ldflags "-s -w"' };
const kubernetes = { ...plain, module: 'kube', flags: `-ldflags "-s -w ${versionFlags}"` };

const dqlite = { ...plain, module: 'k8s-dqlite', cgo: true };

const programs = {
  kube: kubernetes,
  'k8s-dqlite': { ...dqlite, flags: '-tags libsqlite3 -ldflags "-s -w"' },
  // On a newer kine.
  'k8s-dqlite-next': {
    ...dqlite,
    flags: '-tags libsqlite3,next -modfile=next.mod -ldflags "-s -w"',
  },
  kubeadm: { ...kubernetes, package: './cmd/kubeadm' },
  'cloud-controller-manager': { ...kubernetes, package: './cmd/cloud-controller-manager' },
  etcd: { ...plain, module: 'etcd' },
  elector: { ...plain, module: 'elector' },
  coredns: { ...plain, module: 'coredns' },
  kubelite: { ...plain, module: 'node', package: './cmd/kubelite' },
  'apiserver-proxy': { ...plain, module: 'node', package: './cmd/apiserver-proxy' },
  pause: { ...plain, module: 'node', package: './cmd/pause' },
} satisfies Readonly<Record<string, Program>>;

export type ProgramName = keyof typeof programs;

/** Where programs are that have been compiled: the folder of each, which changes with what it was made from. */
export type Programs = ReadonlyMap<ProgramName, string>;

/** Compiles programs one after another: each uses all cores. */
export async function buildPrograms(
  names: readonly ProgramName[],
  root: string,
  progress: Progress,
): Promise<Programs> {
  const folders = new Map<ProgramName, string>();
  for (const name of names) {
    const program: Program = programs[name];
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

/** The file of a program that has been compiled. */
export function programFile(built: Programs, name: ProgramName): string {
  const folder = built.get(name);
  if (folder === undefined) throw new Error(`program ${name} was not among those to be built`);
  return join(folder, name);
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
