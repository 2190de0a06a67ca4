import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { buildRoot } from '../debian.ts';
import { LabError } from '../error.ts';
import { discard, inside, mountNode, nodeFolders, powerOn, unmountNode } from '../machine.ts';
import { provide } from '../parts.ts';
import { labDir } from '../paths.ts';
import type { Built } from '../platform.ts';
import { platformOf } from '../platforms.ts';
import type { Progress } from '../progress.ts';
import type { Lab, LabNode } from '../topology.ts';
import { untilAnswered } from '../until.ts';
import {
  alertmanagerConfig,
  alertmanagerPort,
  credentialsDir,
  prometheusConfig,
  prometheusPort,
  rules,
} from './config.ts';
import { monitoringLayer } from './layer.ts';

const startTimeoutMs = 60_000;
const askTimeoutMs = 2000;

/** The layers that the monitor stands on, built now if they are not in the cache. */
export async function monitorLayers(built: Built, progress: Progress): Promise<readonly string[]> {
  const root = await provide(buildRoot, progress);
  return [await provide(await monitoringLayer(root), progress), ...built.layers.slice(-1)];
}

/**
 * Starts Prometheus and Alertmanager anew, on a machine of their own, and waits until all that is looked at answers.
 * The cluster must serve: its credentials are taken from it.
 */
export async function startMonitor(
  lab: Lab,
  monitor: LabNode,
  layers: readonly string[],
): Promise<void> {
  const files = await monitorFiles(lab);
  await discard(lab, monitor);
  await mountNode(lab, monitor, layers);
  const { root } = nodeFolders(lab, monitor);
  await mkdir(join(root, credentialsDir), { recursive: true, mode: 0o700 });
  for (const [path, text] of Object.entries(files))
    await writeFile(join(root, path), text, { mode: 0o600 });
  await unmountNode(lab, monitor);
  await powerOn(lab, monitor, layers);
  await untilAnswered(
    () => missing(monitor),
    startTimeoutMs,
    (what) => `the monitor does not work within ${startTimeoutMs / 1000} s: ${what}`,
  );
}

/** All that makes it this lab's monitor, by path. */
async function monitorFiles(lab: Lab): Promise<Readonly<Record<string, string>>> {
  const metrics = platformOf(lab).datastoreMetrics?.(lab);
  const datastore = metrics === undefined ? {} : await credentialsOn(lab, metrics);
  return {
    '/etc/hostname': 'monitor\n',
    '/etc/prometheus/prometheus.yml': prometheusConfig(lab, metrics),
    '/etc/prometheus/rules.yml': rules(metrics !== undefined),
    '/etc/prometheus/alertmanager.yml': alertmanagerConfig(lab),
    ...credentialFiles(
      'admin',
      adminOf(await readFile(join(labDir(lab.name), 'kubeconfig'), 'utf8')),
    ),
    ...datastore,
  };
}

interface Credentials {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

function credentialFiles(
  who: string,
  { ca, cert, key }: Credentials,
): Readonly<Record<string, string>> {
  const file = `${credentialsDir}/${who}`;
  return { [`${file}-ca.crt`]: ca, [`${file}.crt`]: cert, [`${file}.key`]: key };
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

/** The administrator's own credentials. @throws LabError if the kubeconfig has others than certificates */
export function adminOf(kubeconfig: string): Credentials {
  const { clusters, users } = parse(kubeconfig) as Kubeconfig;
  const decoded = (from: Readonly<Record<string, string>> | undefined, name: string): string => {
    const data = from?.[name];
    if (data === undefined) throw new LabError(`the kubeconfig of the lab has no ${name}`);
    return Buffer.from(data, 'base64').toString();
  };
  const user = users[0]?.user;
  return {
    ca: decoded(clusters[0]?.cluster, 'certificate-authority-data'),
    cert: decoded(user, 'client-certificate-data'),
    key: decoded(user, 'client-key-data'),
  };
}

/** Those by which members of the datastore are asked, from a node that has them. */
async function credentialsOn(
  lab: Lab,
  { nodes, ca, cert, key }: NonNullable<ReturnType<NonNullable<Metrics>>>,
): Promise<Readonly<Record<string, string>>> {
  const [first] = nodes;
  if (first === undefined) throw new LabError(`lab "${lab.name}" has no member to ask`);
  const read = async (path: string): Promise<string> =>
    `${await inside(lab, first, `cat ${path}`)}\n`;
  const [own, pair, secret] = await Promise.all([read(ca), read(cert), read(key)]);
  return credentialFiles('datastore', { ca: own, cert: pair, key: secret });
}

type Metrics = ReturnType<typeof platformOf>['datastoreMetrics'];

interface Targets {
  readonly data: {
    readonly activeTargets: readonly {
      readonly scrapeUrl: string;
      readonly health: string;
      readonly lastError: string;
    }[];
  };
}

async function missing({ address }: LabNode): Promise<string | undefined> {
  await get(`http://${address}:${alertmanagerPort}/-/ready`);
  await get(`http://${address}:${prometheusPort}/-/ready`);
  const text = await get(`http://${address}:${prometheusPort}/api/v1/targets?state=active`);
  const { activeTargets } = (JSON.parse(text) as Targets).data;
  if (activeTargets.length === 0) return 'Prometheus looks at nothing';
  const down = activeTargets.find(({ health }) => health !== 'up');
  return down && `${down.scrapeUrl}: ${down.lastError || down.health}`;
}

async function get(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(askTimeoutMs) }).catch(
    (error: unknown) => {
      throw new LabError(`${url}: ${error instanceof Error ? error.message : String(error)}`);
    },
  );
  const text = await answer.text();
  if (answer.status !== 200) throw new LabError(`${url}: HTTP ${answer.status}`);
  return text;
}
