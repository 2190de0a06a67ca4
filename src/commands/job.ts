import { basename, dirname } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { parse, parseDocument, stringify } from 'yaml';
import { messageOf } from '../acts/world.ts';
import {
  fleetJob,
  fleetNamespace,
  workFolder,
  workMap,
  type FleetJob,
  type FleetWork,
} from '../fleet/job.ts';
import { targetSecret, type Target } from '../fleet/target.ts';
import { loadKubeconfig } from '../links/kubeconfig.ts';
import { countOf } from '../model/countof.ts';
import { longestDurationMs, parseDuration } from '../model/duration.ts';
import { formatMinutes } from '../model/minutes.ts';
import { ownNamespace } from '../model/namespace.ts';
import { loadClusters, type ListedCluster } from './clusterlist.ts';
import { CommandError, loadScenario, readText, scenarioFile } from './context.ts';
import { gamedayScenarioPath, loadGameday } from './gameday.ts';
import { trialsOption, wholeNumber } from './options.ts';

interface JobOptions {
  readonly indexOf: string;
  readonly image?: string;
  readonly trials?: number;
  readonly name?: string;
  readonly namespace: string;
  readonly parallelism?: number;
  readonly deadline: number;
  readonly reportsClaim?: string;
  readonly secrets?: true;
}

/** `holdfast job FILE`: the manifest of an Indexed Job that does the same on many clusters. */
export function jobCommand(): Command {
  return new Command('job')
    .description(
      'print the manifest of an Indexed Job that does a game day or a scenario on many clusters, an index each; for a management cluster that is none of them',
    )
    .argument('[file]', 'the file of a game day, or a scenario: its name or its file')
    .requiredOption(
      '--index-of <clusters>',
      'a folder of cluster files, or such files with commas between them: sorted by name, an index each',
    )
    .option('--image <image>', 'made from the Containerfile of this repository')
    .addOption(new Option('--trials <n>', 'so many trials, of a scenario').argParser(trialsOption))
    .option(
      '--name <name>',
      'of the Job; default holdfast- and the name of the game day or scenario',
    )
    .option('--namespace <name>', 'of all that is made', 'holdfast-fleet')
    .option('--parallelism <n>', 'so many clusters at once; default all', wholeNumber)
    .addOption(
      new Option(
        '--deadline <duration>',
        'after so long the pod of a cluster is told to end, and heals',
      )
        .argParser(deadlineOption)
        .default(2 * 3_600_000, '2h'),
    )
    .option(
      '--reports-claim <name>',
      'a PersistentVolumeClaim for the reports, which go with their pods otherwise',
    )
    .option(
      '--secrets',
      "print the clusters' Secrets instead, with the keys to them: pipe them into kubectl apply -f -",
    )
    .action((file: string | undefined, options: JobOptions) => {
      const clusters = loadClusters(options.indexOf);
      if (options.secrets === true) printSecrets(clusters, options.namespace);
      else printJob(file, clusters, options);
    });
}

function printJob(
  file: string | undefined,
  clusters: readonly ListedCluster[],
  options: JobOptions,
): void {
  const { namespace, image, deadline, reportsClaim } = options;
  if (file === undefined || image === undefined)
    throw new CommandError(
      'usage',
      'say what is to be done and with what: job FILE --index-of CLUSTERS --image IMAGE; or --secrets for those alone',
    );
  const { work, name, budgetMs } = workOf(file, options.trials);
  if (budgetMs !== undefined && budgetMs >= deadline)
    throw new CommandError(
      'usage',
      `--deadline ${formatMinutes(deadline)} would end a game day that has a budget of ${formatMinutes(budgetMs)}; give it more`,
    );
  const job: FleetJob = {
    name: checkedName(options.name ?? `holdfast-${name}`, clusters.length),
    namespace: checkedNamespace(namespace),
    image,
    work,
    targets: clusters.map(({ cluster }) => cluster.name),
    parallelism: Math.min(options.parallelism ?? clusters.length, clusters.length),
    deadlineSeconds: Math.ceil(deadline / 1000),
    ...(reportsClaim !== undefined && { reportsClaim }),
  };
  print([fleetNamespace(namespace), workMap(job), fleetJob(job)]);
  for (const { cluster } of clusters) {
    const switched = cluster.nodes.filter(({ power }) => power !== undefined && 'command' in power);
    if (switched.length > 0)
      console.error(
        `${cluster.name}: the power of ${countOf(switched.length, 'node')} is switched by commands, which must be in the image`,
      );
  }
}

function printSecrets(clusters: readonly ListedCluster[], namespace: string): void {
  if (process.stdout.isTTY)
    throw new CommandError(
      'usage',
      'these are keys, and nobody should read them here: pipe them into kubectl apply -f -',
    );
  print([
    fleetNamespace(checkedNamespace(namespace)),
    ...clusters.map((one) => targetSecret(targetOf(one), namespace)),
  ]);
}

/** All that a pod needs of a cluster. @throws CommandError if a file of it cannot be read */
function targetOf({ file, cluster }: ListedCluster): Target {
  const { name, ssh, kubeconfig } = cluster;
  try {
    return {
      name,
      cluster: readText(file, 'cluster file'),
      credentials: loadKubeconfig(kubeconfig.file, kubeconfig.context),
      identity: readText(ssh.identity, 'private key'),
      knownHosts: readText(ssh.knownHosts, 'file of known hosts'),
    };
  } catch (error) {
    throw new CommandError('usage', `${name}: ${messageOf(error)}`);
  }
}

interface NamedWork {
  readonly work: FleetWork;
  readonly name: string;
  readonly budgetMs?: number;
}

/** What each cluster is to do; every file that it takes is read, and must be without a problem. */
export function workOf(file: string, trials: number | undefined): NamedWork {
  const path = scenarioFile(file);
  const text = readText(path, 'game day or scenario');
  return isGameday(text) ? gamedayWork(path, text, trials) : scenarioWork(file, trials);
}

function scenarioWork(file: string, trials: number | undefined): NamedWork {
  const { scenario, text } = loadScenario(file);
  const often = trials === undefined ? [] : ['--trials', String(trials)];
  const args = ['run', `${workFolder}/scenario.yaml`, ...often];
  return { work: { files: { 'scenario.yaml': text }, args }, name: scenario.name };
}

/** A scenario that a game day has by its path comes along, and is beside it then. */
function gamedayWork(path: string, text: string, trials: number | undefined): NamedWork {
  if (trials !== undefined)
    throw new CommandError('usage', `--trials is for a scenario; ${path} says its own`);
  const { name, scenarios, budgetMs } = loadGameday(path);
  const document = parseDocument(text);
  const files: Record<string, string> = {};
  for (const [index, { scenario }] of scenarios.entries()) {
    const from = gamedayScenarioPath(scenario, dirname(path));
    const read = loadScenario(from);
    if (from === scenario) continue;
    const beside = `${index}-${basename(from)}`;
    files[beside] = read.text;
    document.setIn(['scenarios', index, 'scenario'], `./${beside}`);
  }
  files['gameday.yaml'] = document.toString();
  const args = ['gameday', `${workFolder}/gameday.yaml`];
  return { work: { files, args }, name, ...(budgetMs !== undefined && { budgetMs }) };
}

function isGameday(text: string): boolean {
  try {
    const value: unknown = parse(text);
    return (
      typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'GameDay'
    );
  } catch {
    // No YAML at all: reading it as a scenario says where.
    return false;
  }
}

/** Names of pods hold the Job's and the index, and are names of hosts. */
function checkedName(name: string, targets: number): string {
  const longest = 63 - `-${targets - 1}`.length;
  if (/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= longest) return name;
  throw new CommandError(
    'usage',
    `"${name}" cannot be the name of the Job: small letters, digits and hyphens, at most ${longest} of them; give it one with --name`,
  );
}

/** Of a target, Holdfast would remove it with all that is in it. */
function checkedNamespace(namespace: string): string {
  if (namespace !== ownNamespace && /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace))
    return namespace;
  throw new CommandError(
    'usage',
    `--namespace ${namespace}: small letters, digits and hyphens, at most 63 of them, and not ${ownNamespace}, which every run makes and removes`,
  );
}

function print(objects: readonly object[]): void {
  const texts = objects.map((one) =>
    stringify(one, { lineWidth: 0, aliasDuplicateObjects: false }),
  );
  process.stdout.write(texts.join('---\n'));
}

function deadlineOption(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 60_000) return ms;
  throw new InvalidArgumentError(
    `a duration from 1m to ${longestDurationMs / 3_600_000}h, such as 2h.`,
  );
}
