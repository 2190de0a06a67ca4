import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeSsh } from './fake-ssh.ts';

interface Rack {
  readonly name?: string;
  /** The last of its `rackId`, and of its node's address unless that is given. */
  readonly digit?: string;
  readonly address?: string;
  /** Of SSH. */
  readonly port?: number;
}

/** The `cluster-id` that ends in a digit. */
export function rackId(digit: string): string {
  return `00000000-0000-0000-0000-00000000000${digit}`;
}

/** The text of the file of a cluster of one node, whose kubeconfig and keys are beside it. */
export function rackFile({
  name = 'rack',
  digit = '1',
  address = `192.0.2.${digit}`,
  port = 22,
}: Rack): string {
  return `apiVersion: holdfast.dev/v1
kind: Cluster
name: ${name}
platform: microk8s
cluster-id: ${rackId(digit)}
kubeconfig: { file: kubeconfig }
ssh: { user: ubuntu, identity: id, known-hosts: known-hosts, port: ${port} }
nodes: { pi1: { address: ${address} } }
`;
}

// Nothing listens on port 1.
const kubeconfig = `apiVersion: v1
kind: Config
current-context: rack
contexts: [{ name: rack, context: { cluster: rack, user: rack } }]
clusters: [{ name: rack, cluster: { server: https://127.0.0.1:1 } }]
users: [{ name: rack, user: { token: t } }]
`;

/**
 * Writes the files of a cluster whose node is this machine, and whose API is out of reach.
 * @param ssh whom its node is reached by; nobody without
 * @returns its cluster file
 */
export function writeRack(
  folder: string,
  ssh: Pick<FakeSsh, 'port' | 'privateKey' | 'knownHosts'> = {
    port: 1,
    privateKey: '',
    knownHosts: '',
  },
): string {
  const files = {
    'cluster.yaml': rackFile({ address: '127.0.0.1', port: ssh.port }),
    kubeconfig,
    id: ssh.privateKey,
    'known-hosts': ssh.knownHosts,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return join(folder, 'cluster.yaml');
}
