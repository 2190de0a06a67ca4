import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { authority, leaf } from '../certificates.ts';
import { inside } from '../machine.ts';
import type { LabPlatform } from '../platform.ts';
import { controlPlanes, type Lab, type LabNode } from '../topology.ts';
import { etcdClientPort, etcdPeerPort, etcdPkiDir, kubernetesDir, places } from './places.ts';

/** The nodes that hold a member of etcd. */
export function memberNodes(lab: Lab): readonly LabNode[] {
  if (lab.etcd !== 'external') return controlPlanes(lab);
  return lab.nodes.filter((node) => node.role === 'etcd');
}

/** Makes the certificates of external members and of who asks them, in a folder. */
export async function makeEtcdPki(lab: Lab, folder: string): Promise<void> {
  await authority(folder, 'etcd-ca');
  const make = (name: string, names?: readonly string[]): Promise<void> =>
    leaf(folder, name, 'etcd-ca', `/CN=${name}`, names);
  await Promise.all([
    make('apiserver-etcd-client'),
    make('healthcheck-client'),
    ...memberNodes(lab).flatMap(({ name, address }) => {
      const names = [`DNS:${name}`, `IP:${address}`, 'DNS:localhost', 'IP:127.0.0.1'];
      return [make(`server-${name}`, names), make(`peer-${name}`, names)];
    }),
  ]);
}

/** Gives a node the certificates that it needs of those made by `makeEtcdPki`, by the names that kubeadm has for them. */
export async function giveEtcdPki(node: LabNode, folder: string, root: string): Promise<void> {
  const pairs =
    node.role === 'etcd'
      ? {
          [`server-${node.name}`]: `${etcdPkiDir}/server`,
          [`peer-${node.name}`]: `${etcdPkiDir}/peer`,
          'healthcheck-client': `${etcdPkiDir}/healthcheck-client`,
        }
      : { 'apiserver-etcd-client': `${kubernetesDir}/pki/apiserver-etcd-client` };
  await mkdir(join(root, etcdPkiDir), { recursive: true });
  await copyFile(join(folder, 'etcd-ca.crt'), join(root, etcdPkiDir, 'ca.crt'));
  for (const [from, to] of Object.entries(pairs)) {
    await copyFile(join(folder, `${from}.crt`), join(root, `${to}.crt`));
    await copyFile(join(folder, `${from}.key`), join(root, `${to}.key`));
    await chmod(join(root, `${to}.key`), 0o600);
  }
}

/** The configuration of an external member. */
export function memberConfig(lab: Lab, { name, address }: LabNode): string {
  const client = `https://${address}:${etcdClientPort}`;
  const peer = `https://${address}:${etcdPeerPort}`;
  const security = (pair: string): object => ({
    'cert-file': `${etcdPkiDir}/${pair}.crt`,
    'key-file': `${etcdPkiDir}/${pair}.key`,
    'trusted-ca-file': `${etcdPkiDir}/ca.crt`,
    'client-cert-auth': true,
  });
  return stringify({
    name,
    'data-dir': places.datastoreDir,
    'listen-client-urls': `${client},https://127.0.0.1:${etcdClientPort}`,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': memberNodes(lab)
      .map((member) => `${member.name}=https://${member.address}:${etcdPeerPort}`)
      .join(','),
    'initial-cluster-state': 'new',
    'initial-cluster-token': lab.name,
    'client-transport-security': security('server'),
    'peer-transport-security': security('peer'),
  });
}

/** A member tells its metrics where clients ask it, and to whom they may trust. */
export function datastoreMetrics(
  lab: Lab,
): ReturnType<NonNullable<LabPlatform['datastoreMetrics']>> {
  const client = `${etcdPkiDir}/healthcheck-client`;
  return {
    nodes: memberNodes(lab),
    port: etcdClientPort,
    ca: `${etcdPkiDir}/ca.crt`,
    cert: `${client}.crt`,
    key: `${client}.key`,
  };
}

/** A command of etcdctl, to be run on a node that holds a member. */
export function etcdctl(nodes: readonly LabNode[], command: string): string {
  const endpoints = nodes.map(({ address }) => `https://${address}:${etcdClientPort}`).join(',');
  const client = `${etcdPkiDir}/healthcheck-client`;
  return `/usr/local/bin/etcdctl --endpoints=${endpoints} --cacert=${etcdPkiDir}/ca.crt --cert=${client}.crt --key=${client}.key --command-timeout=2s ${command}`;
}

/** Whether each member answers as one that has a leader. */
export async function membersMissing(lab: Lab): Promise<string | undefined> {
  const nodes = memberNodes(lab);
  const [first] = nodes;
  if (first === undefined) return 'no member of etcd';
  // It ends with another status than 0, and says which, if one of them is not healthy.
  await inside(lab, first, etcdctl(nodes, 'endpoint health'));
  return undefined;
}
