import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { clusterFile } from '../lab/clusterfile.ts';
import { defaultWish, down, get, nodeOf, reset, status, up, type LabWish } from '../lab/lab.ts';
import { labDir } from '../lab/paths.ts';
import { progressOn } from '../lab/progress.ts';
import { named } from './labname.ts';
import { powerCommand } from './labpower.ts';
import { truthCommand } from './truth.ts';
import { apiServer, profiles, sshUser, type Lab, type Profile } from '../lab/topology.ts';

/** `holdfast lab …`: a real cluster of virtual Pis on this machine. */
export function labCommand(): Command {
  const lab = new Command('lab')
    .description('a real cluster of virtual Pis on this Linux machine, to try everything on')
    .enablePositionalOptions();
  const progress = progressOn(process.stderr);

  named(lab.command('up'))
    .description('build what is not built, boot the nodes, wait until all serve')
    .option('--nodes <n>', 'control planes, of which up to three vote', count(1), 4)
    .option('--workers <n>', 'nodes without a control plane', count(0), 0)
    .addOption(
      new Option(
        '--profile <profile>',
        'how the datastore is: tuned elects in 2–3 s, stock in 3–6 s, sdcard is tuned and writes as to a slow card',
      )
        .choices(profiles)
        .default('tuned'),
    )
    .action(async (options: { name: string; nodes: number; workers: number; profile: Profile }) => {
      const wish: LabWish = {
        name: options.name,
        controlPlanes: options.nodes,
        workers: options.workers,
        profile: options.profile,
      };
      sayUp(await up(wish, progress));
    });

  named(lab.command('down'))
    .description('remove all of the lab; what was built stays in the cache')
    .action((options: { name: string }) => down(options.name, progress));

  named(lab.command('reset'))
    .description('make the lab pristine again')
    .addOption(new Option('--profile <profile>', 'with another one').choices(profiles))
    .option('--trace', 'Dqlite writes its raft states into the journal, for `lab truth`')
    .action(async (options: { name: string; profile?: Profile; trace?: true }) => {
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
        `lab "${lab.name}", profile ${lab.profile}, cluster file ${clusterFile(lab.name)}`,
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
      const { build } = await import('../lab/build.ts');
      const { kubectl } = await build(progress);
      await become(kubectl, ['--kubeconfig', join(labDir(lab.name), 'kubeconfig'), ...words]);
    });

  named(lab.command('logs'))
    .description("the journal of a node's unit, such as k8s-dqlite or kubelite")
    .argument('<node>')
    .argument('<unit>')
    .option('-f, --follow', 'go on printing')
    .action(async (nodeName: string, unit: string, options: { name: string; follow?: true }) => {
      const lab = await get(options.name);
      const full = unit.includes('.') ? unit : `snap.microk8s.daemon-${unit}.service`;
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
  const [first] = lab.nodes;
  if (first !== undefined)
    console.error(
      `  API           ${apiServer(first)}, kubectl: npm run -s lab -- kubectl${name} get nodes`,
    );
  console.error(`  take it down  npm run lab -- down${name}`);
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
