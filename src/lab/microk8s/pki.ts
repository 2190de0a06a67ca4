import { join } from 'node:path';
import { authority, certificateDays, leaf } from '../certificates.ts';
import { run } from '../shell.ts';
import type { Lab } from '../topology.ts';
import { kubernetesServiceAddress } from './places.ts';

/** Makes all certificates of a lab's cluster in a folder: two authorities, one file pair for each who needs one. */
export async function makePki(lab: Lab, folder: string): Promise<void> {
  const make = (
    name: string,
    ca: string,
    subject: string,
    names: readonly string[] = [],
  ): Promise<void> => leaf(folder, name, ca, subject, names);
  const addresses = lab.nodes.map((node) => `IP:${node.address}`);
  await Promise.all([authority(folder, 'ca'), authority(folder, 'front-proxy-ca')]);
  await Promise.all([
    run('openssl', ['genrsa', '-out', join(folder, 'serviceaccount.key'), '2048']),
    datastoreIdentity(lab, folder),
    make('server', 'ca', '/CN=kube-apiserver', [
      'DNS:kubernetes',
      'DNS:kubernetes.default',
      'DNS:kubernetes.default.svc',
      'DNS:kubernetes.default.svc.cluster.local',
      'DNS:localhost',
      'IP:127.0.0.1',
      `IP:${kubernetesServiceAddress}`,
      ...addresses,
    ]),
    make('front-proxy-client', 'front-proxy-ca', '/CN=front-proxy-client'),
    make('apiserver-kubelet-client', 'ca', '/CN=apiserver-kubelet-client/O=system:masters'),
    make('admin', 'ca', '/CN=admin/O=system:masters'),
    make('controller', 'ca', '/CN=system:kube-controller-manager'),
    make('scheduler', 'ca', '/CN=system:kube-scheduler'),
    make('proxy', 'ca', '/CN=system:kube-proxy'),
    ...lab.nodes.map((node) =>
      make(`kubelet-${node.name}`, 'ca', `/CN=system:node:${node.name}/O=system:nodes`, [
        `DNS:${node.name}`,
        `IP:${node.address}`,
      ]),
    ),
  ]);
}

/** The pair that all Dqlite members share: named after the first node, its own authority, as MicroK8s makes it. */
async function datastoreIdentity(lab: Lab, folder: string): Promise<void> {
  const names = [`DNS:${lab.nodes[0]?.name ?? 'pi1'}`, 'IP:127.0.0.1'].join(',');
  await run('openssl', [
    ...[
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      certificateDays,
    ],
    ...['-keyout', join(folder, 'cluster.key'), '-out', join(folder, 'cluster.crt')],
    ...[
      '-subj',
      '/CN=k8s',
      '-addext',
      `subjectAltName=${names}`,
      '-addext',
      'basicConstraints=critical,CA:FALSE',
    ],
  ]);
}
