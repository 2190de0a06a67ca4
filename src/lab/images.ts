import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from './shell.ts';

/** The names by which pods ask for them; those of the public images they stand in for. */
export const imageNames = {
  pause: 'registry.k8s.io/pause:3.10',
  coredns: 'docker.io/coredns/coredns:1.14.6',
  nginx: 'docker.io/library/nginx:1.29',
} as const;

/** What images are made from. */
export interface ImageSources {
  /** Root file system that nginx is taken from. */
  readonly base: string;
  readonly nginxConfig: string;
  readonly pause: string;
  readonly coredns: string;
}

interface Image {
  readonly name: keyof typeof imageNames;
  readonly entrypoint: readonly string[];
  readonly stopSignal?: string;
  readonly fill: (root: string) => Promise<void>;
}

/** Writes one archive for each image into a folder, as `ctr images import` reads them. */
export async function makeImages(folder: string, sources: ImageSources): Promise<void> {
  const images: readonly Image[] = [
    {
      name: 'pause',
      entrypoint: ['/pause'],
      fill: (root) => copyProgram(sources.pause, join(root, 'pause')),
    },
    {
      name: 'coredns',
      entrypoint: ['/coredns'],
      fill: (root) => copyProgram(sources.coredns, join(root, 'coredns')),
    },
    {
      name: 'nginx',
      entrypoint: ['/usr/sbin/nginx', '-g', 'daemon off;'],
      stopSignal: 'SIGQUIT',
      fill: (root) => fillNginx(root, sources),
    },
  ];
  for (const image of images) await archive(image, folder);
}

async function copyProgram(from: string, to: string): Promise<void> {
  await cp(from, to);
  await chmod(to, 0o755);
}

/** Debian's nginx with the libraries it names, its configuration laid out like that of the public image. */
async function fillNginx(root: string, { base, nginxConfig }: ImageSources): Promise<void> {
  const listed = await run('chroot', [base, 'ldd', '/usr/sbin/nginx']);
  const libraries = [...listed.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] ?? '');
  for (const file of [
    '/usr/sbin/nginx',
    ...libraries,
    '/etc/passwd',
    '/etc/group',
    '/etc/nginx/mime.types',
  ]) {
    await mkdir(join(root, dirname(file)), { recursive: true });
    await cp(join(base, file), join(root, file), { dereference: true });
  }
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
}

async function archive(image: Image, folder: string): Promise<void> {
  const work = await mkdtemp(join(folder, `.${image.name}-`));
  const root = join(work, 'root');
  await mkdir(root);
  await image.fill(root);
  const layer = join(work, 'layer.tar');
  await run('tar', ['-C', root, '--numeric-owner', '--owner=0', '--group=0', '-cf', layer, '.']);
  const hash = createHash('sha256');
  await pipeline(createReadStream(layer), hash);
  const config = {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      Entrypoint: image.entrypoint,
      ...(image.stopSignal !== undefined && { StopSignal: image.stopSignal }),
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${hash.digest('hex')}`] },
  };
  const manifest = [
    { Config: 'config.json', RepoTags: [imageNames[image.name]], Layers: ['layer.tar'] },
  ];
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
