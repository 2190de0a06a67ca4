import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { check } from './check.ts';
import { clusterFile } from './cluster-schema.ts';
import { readDocument } from './document.ts';
import { inOrder } from './problem.ts';
import type { AlertSource, ClusterFile } from '../model/clusterfile.ts';
import type { WrittenCluster } from './cluster-schema.ts';
import type { FileDocument } from './document.ts';
import type { Problem } from './problem.ts';

export type ReadCluster =
  { readonly cluster: ClusterFile } | { readonly problems: readonly Problem[] };

/**
 * Reads a cluster file; if anything is wrong, everything that is wrong. It opens none of the files it names.
 * @param file its path: for the problems, and to find what is written relative to it
 * @param home what `~` stands for
 */
export function readCluster(text: string, file: string, home = homedir()): ReadCluster {
  const document = readDocument(text, file);
  if (!('value' in document)) return document;
  const checked = check(clusterFile, document);
  const problems = [
    ...document.problems,
    ...('problems' in checked
      ? checked.problems
      : [...sharedAddresses(checked.value, document), ...strayRoles(checked.value, document)]),
  ];
  if ('problems' in checked || problems.length > 0) return { problems: inOrder(problems) };
  return {
    cluster: clusterFrom(checked.value, (path) =>
      resolve(dirname(file), path.replace(/^~(?=\/|$)/, home)),
    ),
  };
}

/** Two nodes at one address would make one machine play two parts. */
function sharedAddresses({ nodes }: WrittenCluster, document: FileDocument): readonly Problem[] {
  const entries = Object.entries(nodes);
  return entries.flatMap(([name, { address }], index) => {
    const first = entries.findIndex(([, other]) => other.address === address);
    return first === index
      ? []
      : [
          document.problemAt(
            ['nodes', name, 'address'],
            `is "${address}", as of ${entries[first]?.[0] ?? ''}; write the address of ${name}`,
          ),
        ];
  });
}

/** An external etcd where the platform's datastore is always its own would be taken for members that there are not. */
function strayRoles(
  { nodes, platform }: WrittenCluster,
  document: FileDocument,
): readonly Problem[] {
  if (platform !== 'microk8s') return [];
  return Object.entries(nodes)
    .filter(([, { role }]) => role === 'etcd')
    .map(([name]) =>
      document.problemAt(
        ['nodes', name, 'role'],
        `is "etcd", and MicroK8s has its datastore on its control planes; leave ${name} out`,
      ),
    );
}

function clusterFrom(written: WrittenCluster, absolute: (path: string) => string): ClusterFile {
  const { name, platform, kubeconfig, ssh, allow, protect, alerts } = written;
  return {
    name,
    platform,
    clusterId: written['cluster-id'],
    kubeconfig: {
      file: absolute(kubeconfig.file),
      ...(kubeconfig.context === undefined ? {} : { context: kubeconfig.context }),
    },
    ssh: {
      user: ssh.user,
      identity: absolute(ssh.identity),
      knownHosts: absolute(ssh['known-hosts']),
      port: ssh.port,
    },
    allow,
    nodes: Object.entries(written.nodes).map(([name, { address, role, power, ...rest }]) => ({
      name,
      address,
      bootsWithinMs: rest['boots-within'],
      ...(role === undefined ? {} : { role }),
      ...(power === undefined ? {} : { power }),
    })),
    protect,
    ...(alerts !== undefined && { alerts: sourceFrom(alerts, absolute) }),
  };
}

function sourceFrom(
  written: NonNullable<WrittenCluster['alerts']>,
  absolute: (path: string) => string,
): AlertSource {
  if ('listen' in written) {
    const [, host = '', port] = /^\[?(.*?)\]?:(\d+)$/.exec(written.listen) ?? [];
    return { listen: { host, port: Number(port) } };
  }
  const { alertmanager, 'token-file': tokenFile, prometheus } = written;
  return {
    alertmanager,
    ...(tokenFile !== undefined && { tokenFile: absolute(tokenFile) }),
    ...(prometheus !== undefined && { prometheus }),
  };
}
