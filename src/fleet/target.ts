import type { V1Secret } from '@kubernetes/client-node/dist/gen/models/V1Secret.js';
import { parseDocument, stringify } from 'yaml';
import type { Json } from '../links/kube.ts';

/** What it takes to reach a target cluster: secrets, which are printed where they are asked for and nowhere else. */
export interface Target {
  readonly name: string;
  /** Text of its cluster file. */
  readonly cluster: string;
  /** Of the context that the cluster file names: PEM, or a token. */
  readonly credentials: {
    readonly server: string;
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly token?: string;
    readonly serverName?: string;
  };
  /** Text of the private key for SSH, and of the known hosts. */
  readonly identity: string;
  readonly knownHosts: string;
}

/** The files of a target. */
export const targetKeys = [
  'cluster.yaml',
  'identity',
  'known-hosts',
  'kubeconfig',
  'name',
] as const;

export function secretName(target: string): string {
  return `holdfast-target-${target}`;
}

/** The Secret of a target: its cluster file, which names the files beside it, and these. */
export function targetSecret(target: Target, namespace: string): Json<V1Secret> {
  const { name, identity, knownHosts } = target;
  const files: Readonly<Record<(typeof targetKeys)[number], string>> = {
    'cluster.yaml': besideItsFiles(target.cluster),
    identity,
    'known-hosts': knownHosts,
    kubeconfig: kubeconfigOf(target),
    name: `${name}\n`,
  };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName(name), namespace },
    type: 'Opaque',
    stringData: files,
  };
}

/** A cluster file that finds its files where the Secret has them. */
function besideItsFiles(text: string): string {
  const document = parseDocument(text);
  document.set('kubeconfig', { file: 'kubeconfig' });
  document.setIn(['ssh', 'identity'], 'identity');
  document.setIn(['ssh', 'known-hosts'], 'known-hosts');
  return document.toString();
}

/** A kubeconfig with one context and nothing that lies elsewhere. */
function kubeconfigOf({ name, credentials }: Target): string {
  const { server, ca, cert, key, token, serverName } = credentials;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [
      {
        name,
        cluster: {
          server,
          ...(ca !== undefined && { 'certificate-authority-data': base64(ca) }),
          ...(serverName !== undefined && { 'tls-server-name': serverName }),
        },
      },
    ],
    users: [
      {
        name,
        user: {
          ...(cert !== undefined && { 'client-certificate-data': base64(cert) }),
          ...(key !== undefined && { 'client-key-data': base64(key) }),
          ...(token !== undefined && { token }),
        },
      },
    ],
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
