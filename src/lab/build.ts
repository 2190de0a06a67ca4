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

/** Builds what lies over a node's other layers once its lab is upgraded: the newer programs, where the older ones are. */
export async function upgradeLayer(lab: Lab, progress: Progress): Promise<string> {
  const programs = entriesOf(platformOf(lab).upgrade ?? {});
  const names = programs.map(([name]) => name);
  const built = await buildPrograms(names, await provide(buildRoot, progress), progress);
  const part: Part = {
    name: `upgrade-layer-${lab.platform}`,
    inputs: [JSON.stringify(programs), ...names.map((name) => programFile(built, name))],
    make: (folder) => copyPrograms(programs, built, folder),
  };
  return provide(part, progress);
}

type PlacedProgram = readonly [ProgramName, path: string];

function entriesOf(
  programs: Readonly<Partial<Record<ProgramName, string>>>,
): readonly PlacedProgram[] {
  return Object.entries(programs) as [ProgramName, string][];
}

async function copyPrograms(
  programs: readonly PlacedProgram[],
  built: Programs,
  folder: string,
): Promise<void> {
  for (const [program, to] of programs) {
    await mkdir(join(folder, dirname(to)), { recursive: true });
    await cp(programFile(built, program), join(folder, to));
  }
}

function programsOf(platform: LabPlatform): readonly ProgramName[] {
  const all = [
    ...entriesOf(platform.root.programs).map(([name]) => name),
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
  const programs = entriesOf(platform.root.programs);
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
      await copyPrograms(programs, built, folder);
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
