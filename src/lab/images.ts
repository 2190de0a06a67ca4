import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { recipesDir } from './paths.ts';
import { programFile, type ProgramName, type Programs } from './programs.ts';
import { run } from './shell.ts';

/** What is in an image and by which names pods ask for it: those of the public images it stands in for. */
export interface Image {
  /** Of its archive. */
  readonly name: string;
  readonly tags: readonly string[];
  readonly entrypoint: readonly string[];
  readonly stopSignal?: string;
  /** A program of the lab's, and its path. */
  readonly program?: { readonly name: ProgramName; readonly path: string };
  /** Files and folders of Debian's; the libraries that they name come along. */
  readonly debian?: readonly string[];
  /** Symbolic links by their path, and what they point at. */
  readonly links?: Readonly<Record<string, string>>;
  /** What else is in it. */
  readonly fill?: (root: string) => Promise<void>;
}

const arm = process.arch === 'arm64';
/** Debian's folder of libraries for this machine. */
export const libraryDir = `/usr/lib/${arm ? 'aarch64' : 'x86_64'}-linux-gnu`;

/** What images are made from. */
interface ImageSources {
  /** Root file system that Debian's files are taken from. */
  readonly base: string;
  readonly programs: Programs;
}

export const nginxConfig = join(recipesDir, 'images', 'nginx.conf');

const shell = '/usr/bin/busybox';

/**
 * Debian's nginx with its configuration laid out like that of the public image, and a shell as that has. By its second
 * name it is what the first is updated to: no less another image to whatever runs it.
 */
export const nginx: Image = {
  name: 'nginx',
  tags: ['docker.io/library/nginx:1.29', 'docker.io/library/nginx:1.28'],
  entrypoint: ['/usr/sbin/nginx', '-g', 'daemon off;'],
  stopSignal: 'SIGQUIT',
  debian: ['/usr/sbin/nginx', '/etc/passwd', '/etc/group', '/etc/nginx/mime.types', shell],
  links: { 'bin/sh': shell, 'bin/sed': shell, 'bin/sleep': shell },
  fill: async (root) => {
    for (const dir of [
      'etc/nginx/conf.d',
      'usr/share/nginx/html',
      'var/log/nginx',
      'var/lib/nginx',
      'run',
      'tmp',
    ]) {
      await mkdir(join(root, dir), { recursive: true });
    }
    await cp(nginxConfig, join(root, 'etc/nginx/nginx.conf'));
    await writeFile(join(root, 'usr/share/nginx/html/index.html'), 'Holdfast\n');
    await symlink('/dev/stdout', join(root, 'var/log/nginx/access.log'));
    await symlink('/dev/stderr', join(root, 'var/log/nginx/error.log'));
  },
};

/** The image that holds a pod's namespaces open. */
export function pause(tag: string): Image {
  const program = { name: 'pause', path: '/pause' } as const;
  return { name: 'pause', tags: [tag], entrypoint: ['/pause'], program };
}

export function coredns(tag: string): Image {
  const program = { name: 'coredns', path: '/coredns' } as const;
  return { name: 'coredns', tags: [tag], entrypoint: ['/coredns'], program };
}

/** An application that elects its leader, for scenarios about one; it is in no public registry. */
export const elector: Image = {
  name: 'elector',
  tags: ['holdfast.dev/lab/elector:1'],
  entrypoint: ['/elector'],
  program: { name: 'elector', path: '/elector' },
};

/** Writes one archive for each image into a folder, as `ctr images import` reads them. */
export async function makeImages(
  folder: string,
  images: readonly Image[],
  sources: ImageSources,
): Promise<void> {
  for (const image of images) await archive(image, folder, sources);
}

async function fill(root: string, image: Image, { base, programs }: ImageSources): Promise<void> {
  if (image.debian !== undefined) await copyFromDebian(root, base, image.debian);
  if (image.program !== undefined) {
    const { name, path } = image.program;
    await mkdir(join(root, dirname(path)), { recursive: true });
    await cp(programFile(programs, name), join(root, path));
    await chmod(join(root, path), 0o755);
  }
  for (const [path, target] of Object.entries(image.links ?? {})) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await symlink(target, join(root, path));
  }
  await image.fill?.(root);
}

async function copyFromDebian(root: string, base: string, files: readonly string[]): Promise<void> {
  // It ends with another status than 0, having told of the others, where a file is no program.
  const script = 'find "$@" -type f -exec ldd {} + 2>/dev/null || true';
  const listed = await run('chroot', [base, 'sh', '-c', script, 'sh', ...files]);
  const libraries = [...listed.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] ?? '');
  for (const file of new Set([...files, ...libraries])) {
    await mkdir(join(root, dirname(file)), { recursive: true });
    await cp(join(base, file), join(root, file), { dereference: true, recursive: true });
  }
}

async function archive(image: Image, folder: string, sources: ImageSources): Promise<void> {
  const work = await mkdtemp(join(folder, `.${image.name}-`));
  const root = join(work, 'root');
  await mkdir(root);
  await fill(root, image, sources);
  const layer = join(work, 'layer.tar');
  await run('tar', ['-C', root, '--numeric-owner', '--owner=0', '--group=0', '-cf', layer, '.']);
  const hash = createHash('sha256');
  await pipeline(createReadStream(layer), hash);
  const config = {
    architecture: arm ? 'arm64' : 'amd64',
    os: 'linux',
    config: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      Entrypoint: image.entrypoint,
      ...(image.stopSignal !== undefined && { StopSignal: image.stopSignal }),
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${hash.digest('hex')}`] },
  };
  const manifest = [{ Config: 'config.json', RepoTags: image.tags, Layers: ['layer.tar'] }];
  await writeFile(join(work, 'config.json'), JSON.stringify(config));
  await writeFile(join(work, 'manifest.json'), JSON.stringify(manifest));
  await run('tar', [
    '-C',
    work,
    '-cf',
    join(folder, `${image.name}.tar`),
    'manifest.json',
    'config.json',
    'layer.tar',
  ]);
  await rm(work, { recursive: true });
}
