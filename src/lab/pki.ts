import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './shell.ts';
import { kubernetesServiceAddress, type Lab } from './topology.ts';

const days = '3650';

/** Makes all certificates of a lab's cluster in a folder: two authorities, one file pair for each who needs one. */
export async function makePki(lab: Lab, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
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

/** A kubeconfig by which somebody with a certificate from the folder reaches a server. */
export async function kubeconfig(folder: string, who: string, server: string): Promise<string> {
  const data = async (file: string): Promise<string> =>
    (await readFile(join(folder, file))).toString('base64');
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'lab', cluster: { server, 'certificate-authority-data': await data('ca.crt') } },
      ],
      users: [
        {
          name: who,
          user: {
            'client-certificate-data': await data(`${who}.crt`),
            'client-key-data': await data(`${who}.key`),
          },
        },
      ],
      contexts: [{ name: 'lab', context: { cluster: 'lab', user: who } }],
      'current-context': 'lab',
    },
    null,
    2,
  );
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
      days,
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

async function authority(folder: string, name: string): Promise<void> {
  await key(folder, name);
  await run('openssl', [
    ...['req', '-x509', '-new', '-key', join(folder, `${name}.key`), '-subj', `/CN=${name}`],
    ...['-days', days, '-out', join(folder, `${name}.crt`)],
  ]);
}

async function leaf(
  folder: string,
  name: string,
  ca: string,
  subject: string,
  names: readonly string[],
): Promise<void> {
  await key(folder, name);
  const file = (ending: string): string => join(folder, `${name}.${ending}`);
  await run('openssl', ['req', '-new', '-key', file('key'), '-subj', subject, '-out', file('csr')]);
  const extensions = ['extendedKeyUsage=serverAuth,clientAuth'];
  if (names.length > 0) extensions.push(`subjectAltName=${names.join(',')}`);
  await writeFile(file('ext'), extensions.join('\n'));
  await run('openssl', [
    ...[
      'x509',
      '-req',
      '-in',
      file('csr'),
      '-CA',
      join(folder, `${ca}.crt`),
      '-CAkey',
      join(folder, `${ca}.key`),
    ],
    // A random serial needs no file of the authority's, so that many can be signed at once.
    ...['-set_serial', `0x${crypto.randomUUID().replaceAll('-', '').slice(1)}`],
    ...['-days', days, '-out', file('crt'), '-extfile', file('ext')],
  ]);
  await Promise.all([rm(file('csr')), rm(file('ext'))]);
}

async function key(folder: string, name: string): Promise<void> {
  await run('openssl', [
    'ecparam',
    '-genkey',
    '-name',
    'prime256v1',
    '-noout',
    '-out',
    join(folder, `${name}.key`),
  ]);
}

/** Has the folder a whole set? Written last, so that an interrupted making is made again. */
export function hasPki(folder: string): boolean {
  return existsSync(join(folder, 'admin.crt'));
}
