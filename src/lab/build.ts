import { chmod, cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildRoot, nodeBase } from './debian.ts';
import { makeImages, nginxConfig } from './images.ts';
import { contentOf, provide, type Part } from './parts.ts';
import { recipesDir } from './paths.ts';
import { platformOf } from './platforms.ts';
import type { Built, LabPlatform } from './platform.ts';
import { buildPrograms, programFile, type ProgramName, type Programs } from './programs.ts';
import type { Progress } from './progress.ts';
import { sshUser, type Lab } from './topology.ts';

/** Builds what a lab needs and the cache has not, two things at a time: one downloads while another compiles. */
export async function build(lab: Lab, progress: Progress): Promise<Built> {
  const platform = platformOf(lab);
  const base = provide(nodeBase, progress);
  const root = await provide(buildRoot, progress);
  const programs = await buildPrograms(programsOf(platform), root, progress);
  const layer = await provide(await nodeLayer(lab, platform, programs), progress);
  const images = await provide(await imagesPart(lab, platform, await base, programs), progress);
  return {
    layers: [layer, await base],
    images,
    kubectl: join(layer, platform.root.kubectl),
  };
}

function inRootOf({ root }: LabPlatform): readonly (readonly [ProgramName, string])[] {
  return Object.entries(root.programs) as [ProgramName, string][];
}

function programsOf(platform: LabPlatform): readonly ProgramName[] {
  const all = [
    ...inRootOf(platform).map(([name]) => name),
    ...platform.images.map(({ program }) => program?.name),
  ];
  return [...new Set(all.filter((name) => name !== undefined))];
}

/** The files of this checkout over the base: units, wrappers, programs. */
async function nodeLayer(
  { platform: name }: Lab,
  platform: LabPlatform,
  built: Programs,
): Promise<Part> {
  const files = [join(recipesDir, 'rootfs'), join(recipesDir, name, 'rootfs')];
  const programs = inRootOf(platform);
  return {
    name: `node-layer-${name}`,
    inputs: [
      ...(await Promise.all(files.map(contentOf))),
      JSON.stringify(platform.root),
      ...programs.map(([program]) => programFile(built, program)),
    ],
    make: async (folder) => {
      for (const from of files) await cp(from, folder, { recursive: true });
      // A checkout keeps no modes but that of execution, and sudo refuses a file that others may write.
      await chmod(join(folder, 'etc/sudoers.d', sshUser), 0o440);
      for (const [program, to] of programs) {
        await mkdir(join(folder, dirname(to)), { recursive: true });
        await cp(programFile(built, program), join(folder, to));
      }
      const links = { ...commonLinks, ...platform.root.links };
      for (const [path, target] of Object.entries(links)) {
        await mkdir(join(folder, dirname(path)), { recursive: true });
        await symlink(target, join(folder, path));
      }
    },
  };
}

const commonLinks = {
  'etc/systemd/system/sysinit.target.wants/lab-cgroups.service': '../lab-cgroups.service',
};

async function imagesPart(
  { platform: name }: Lab,
  platform: LabPlatform,
  base: string,
  built: Programs,
): Promise<Part> {
  const { images } = platform;
  return {
    name: `images-${name}`,
    inputs: [
      base,
      JSON.stringify(images),
      ...images.flatMap(({ program }) => (program ? [programFile(built, program.name)] : [])),
      await readFile(nginxConfig, 'utf8'),
      'v3',
    ],
    make: (folder) => makeImages(folder, images, { base, programs: built }),
  };
}
