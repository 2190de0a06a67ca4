import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { nodeFolders } from './machine.ts';
import { alertmanagerPort, prometheusPort } from './monitoring/config.ts';
import { quote } from '../model/quote.ts';
import { scenarioClasses } from '../model/scenario.ts';
import { labDir, labsDir, program } from './paths.ts';
import { run } from './shell.ts';
import { sshUser, type Lab } from './topology.ts';

/** Where a lab's cluster file is: a cluster file like anybody's. */
export function clusterFile(name: string): string {
  return join(labDir(name), 'cluster.yaml');
}

/**
 * Writes the cluster file and the known host keys of a lab.
 * @param layers the read-only layers of a node, the uppermost first
 * @param clusterId uid of the namespace kube-system
 */
export async function writeClusterFile(
  lab: Lab,
  layers: (node: string) => readonly string[],
  clusterId: string,
): Promise<void> {
  const folder = labDir(lab.name);
  const keys = await Promise.all(
    lab.nodes.map(async (node) => {
      const places = [nodeFolders(lab, node).upper, ...layers(node.name)];
      const found = await run('sh', [
        '-c',
        'for place; do [ ! -e "$place/etc/ssh/ssh_host_ed25519_key.pub" ] || { cat "$place/etc/ssh/ssh_host_ed25519_key.pub"; exit; }; done',
        'sh',
        ...places,
      ]);
      const [type, key] = found.split(' ');
      return `${node.address} ${type} ${key}\n`;
    }),
  );
  await writeFile(join(folder, 'known_hosts'), keys.join(''));
  const cluster = {
    apiVersion: 'holdfast.dev/v1',
    kind: 'Cluster',
    name: lab.name,
    platform: lab.platform,
    'cluster-id': clusterId,
    kubeconfig: { file: join(folder, 'kubeconfig') },
    ssh: {
      user: sshUser,
      identity: join(folder, 'id_ed25519'),
      'known-hosts': join(folder, 'known_hosts'),
    },
    ...(lab.monitor !== undefined && {
      alerts: {
        alertmanager: `http://${lab.monitor.address}:${alertmanagerPort}`,
        prometheus: `http://${lab.monitor.address}:${prometheusPort}`,
      },
    }),
    allow: scenarioClasses,
    nodes: Object.fromEntries(
      lab.nodes.map(({ name, address, role }) => [
        name,
        {
          address,
          // Kubernetes does not know it.
          ...(role === 'etcd' && { role }),
          power: powerOf(lab.name, name),
          'boots-within': '90s',
        },
      ]),
    ),
  };
  await writeFile(clusterFile(lab.name), stringify(cluster));
}

/** The plug of a virtual Pi: this program, which switches on again by itself. */
function powerOf(lab: string, node: string): object {
  const line = (state: string): string =>
    `HOLDFAST_LABS=${quote(labsDir)} ${quote(process.execPath)} ${quote(program)} lab power ${state} ${node} --name ${lab}`;
  return {
    command: { off: `${line('off')} --for {seconds}s`, on: line('on'), state: line('state') },
  };
}
