import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { build } from '../lab/build.ts';
import { clusterFile } from '../lab/clusterfile.ts';
import { defaultWish, down, get, nodeOf, reset, status, up, type ResetWish } from '../lab/lab.ts';
import { labDir } from '../lab/paths.ts';
import type { LabPlatform } from '../lab/platform.ts';
import { platformNames, platformOf, platforms } from '../lab/platforms.ts';
import { progressOn } from '../lab/progress.ts';
import { etcdPlaces, profiles, sshUser, type Lab } from '../lab/topology.ts';
import { named } from './labname.ts';
import { powerCommand } from './labpower.ts';
import { wishFrom, type ShapeOptions } from './labshape.ts';
import { truthCommand } from './truth.ts';

/** `holdfast lab …`: a real cluster of virtual Pis on this machine. */
export function labCommand(): Command {
  const lab = new Command('lab')
    .description('a real cluster of virtual Pis on this Linux machine, to try everything on')
    .enablePositionalOptions();
  const progress = progressOn(process.stderr);

  named(lab.command('up'))
    .description('build what is not built, boot the nodes, wait until all serve')
    .addOption(
      new Option('--platform <platform>', 'what the cluster is made with')
        .choices(platformNames)
        .default(defaultWish.platform),
    )
    .option(
      '--control-planes <n>',
      byPlatform('control planes', (one) => one.size.controlPlanes),
      count(1),
    )
    .option('--nodes <n>', 'the same as --control-planes', count(1))
    .option(
      '--workers <n>',
      byPlatform('nodes without a control plane', (one) => one.size.workers),
      count(0),
    )
    .addOption(
      new Option(
        '--etcd <place>',
        'of kubeadm: stacked on the control planes, which is the default, or external on three nodes of its own',
      ).choices(etcdPlaces),
    )
    .addOption(
      new Option(
        '--profile <profile>',
        byPlatform(
          'how the datastore is: tuned elects in 2–3 s, stock has the timings of its platform, sdcard writes as to a slow card',
          (one) => one.profiles[0],
        ),
      ).choices(profiles),
    )
    .option('--monitoring', 'with Prometheus and Alertmanager, on a machine of their own')
    .action(async (options: ShapeOptions) => {
      sayUp(await up(wishFrom(options), progress));
    });

  named(lab.command('down'))
    .description('remove all of the lab; what was built stays in the cache')
    .action((options: { name: string }) => down(options.name, progress));

  named(lab.command('reset'))
    .description('make the lab pristine again')
    .addOption(new Option('--profile <profile>', 'with another one').choices(profiles))
    .option('--trace', 'Dqlite writes its raft states into the journal, for `lab truth`')
    .option('--upgraded', 'with the newer build of k8s-dqlite on the data of the older, for `gate`')
    .action(async (options: { name: string } & ResetWish) => {
      sayUp(await reset(options.name, progress, options));
    });

  named(lab.command('status'))
    .description('the nodes, their power and their memory')
    .option('--json', 'for programs')
    .action(async (options: { name: string; json?: true }) => {
      const lab = await get(options.name);
      const nodes = await status(options.name);
      if (options.json === true) {
        console.log(
          JSON.stringify(
            { ...lab, nodes: nodes.map(({ node, ...rest }) => ({ ...node, ...rest })) },
            null,
            2,
          ),
        );
        return;
      }
      console.log(
        `lab "${lab.name}", ${lab.platform}, profile ${lab.profile}, cluster file ${clusterFile(lab.name)}`,
      );
      for (const { node, power, rssBytes } of nodes) {
        const memory = power ? `${(rssBytes / 2 ** 20).toFixed(0)} MiB` : '';
        console.log(
          `  ${node.name.padEnd(5)} ${node.address.padEnd(12)} ${node.role.padEnd(13)} ${power ? 'on ' : 'off'} ${memory}`,
        );
      }
    });

  lab.addCommand(powerCommand());

  named(lab.command('ssh'))
    .description('log in on a node, or run a command there')
    .argument('<node>')
    .argument('[command...]')
    .passThroughOptions()
    .action(async (nodeName: string, command: string[], options: { name: string }) => {
      const lab = await get(options.name);
      await become('ssh', [
        ...sshOptions(lab),
        `${sshUser}@${nodeOf(lab, nodeName).address}`,
        ...command,
      ]);
    });

  named(lab.command('kubectl'))
    .description('kubectl on the lab')
    .argument('<words...>')
    .passThroughOptions()
    .allowUnknownOption()
    .action(async (words: string[], options: { name: string }) => {
      const lab = await get(options.name);
      const { kubectl } = await build(lab, progress);
      await become(kubectl, ['--kubeconfig', join(labDir(lab.name), 'kubeconfig'), ...words]);
    });

  named(lab.command('logs'))
    .description("the journal of a node's unit, such as kubelite or kubelet")
    .argument('<node>')
    .argument('<unit>')
    .option('-f, --follow', 'go on printing')
    .action(async (nodeName: string, unit: string, options: { name: string; follow?: true }) => {
      const lab = await get(options.name);
      const full = unit.includes('.') ? unit : platformOf(lab).unit(unit);
      const words = [
        'sudo',
        '-n',
        'journalctl',
        '--no-pager',
        '-u',
        full,
        ...(options.follow === true ? ['-f'] : []),
      ];
      await become('ssh', [
        ...sshOptions(lab),
        `${sshUser}@${nodeOf(lab, nodeName).address}`,
        ...words,
      ]);
    });

  lab.addCommand(truthCommand());
  return lab;
}

/** Says where a lab is and how to take it down. */
export function sayUp(lab: Lab): void {
  const name = lab.name === defaultWish.name ? '' : ` --name ${lab.name}`;
  console.error(
    `Lab "${lab.name}" is up: ${lab.nodes.map((node) => `${node.name} ${node.address}`).join(', ')}`,
  );
  console.error(`  cluster file  ${clusterFile(lab.name)}`);
  console.error(
    `  API           ${platformOf(lab).endpoint(lab)}, kubectl: npm run -s lab -- kubectl${name} get nodes`,
  );
  console.error(`  take it down  npm run lab -- down${name}`);
}

/** Help for an option whose default depends on the platform. */
function byPlatform(help: string, usual: (platform: LabPlatform) => string | number): string {
  const all = Object.entries(platforms).map(
    ([name, platform]) => `${usual(platform)} with ${name}`,
  );
  return `${help} (default: ${all.join(', ')})`;
}

function count(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least && number <= 20) return number;
    throw new InvalidArgumentError(`a whole number from ${least} to 20.`);
  };
}

function sshOptions(lab: Lab): readonly string[] {
  const folder = labDir(lab.name);
  return [
    ...['-i', join(folder, 'id_ed25519'), '-o', 'IdentitiesOnly=yes'],
    ...[
      '-o',
      `UserKnownHostsFile=${join(folder, 'known_hosts')}`,
      '-o',
      'StrictHostKeyChecking=yes',
    ],
    ...['-o', 'LogLevel=ERROR'],
  ];
}

/** Lets a program have the terminal; its exit code becomes ours. */
async function become(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { stdio: 'inherit' });
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
