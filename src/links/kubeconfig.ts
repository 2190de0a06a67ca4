import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  type Cluster,
  newClusters,
  newContexts,
  newUsers,
  type User,
} from '@kubernetes/client-node/dist/config_types.js';
import { parse } from 'yaml';
import { sayCause } from './errors.ts';
import type { HttpsCredentials } from './https.ts';

/** What it takes to talk to the API servers of a cluster. */
export interface KubeCredentials extends HttpsCredentials {
  /** As the kubeconfig has it: one of the API servers, or a load balancer. */
  readonly server: string;
}

/**
 * Reads the credentials of one context; files named in a kubeconfig are found beside it.
 * @param context the file's current context unless given
 * @throws Error that names the file and what is wrong in it
 */
export function loadKubeconfig(file: string, context?: string): KubeCredentials {
  try {
    return readCredentials(readFileSync(file, 'utf8'), dirname(file), context);
  } catch (error) {
    throw new Error(`kubeconfig ${file}: ${sayCause(error)}`, { cause: error });
  }
}

function readCredentials(text: string, folder: string, wanted?: string): KubeCredentials {
  const raw: unknown = parse(text);
  if (typeof raw !== 'object' || raw === null) throw new Error('it is empty');
  const config = raw as Readonly<Record<string, unknown>>;
  const name = wanted ?? config['current-context'];
  const contexts = newContexts(config['contexts']);
  const names = contexts.map((each) => each.name).join(', ');
  const context = contexts.find((each) => each.name === name);
  if (context === undefined)
    throw new Error(`no context ${JSON.stringify(name)}; it has: ${names || 'none'}`);
  const cluster = newClusters(config['clusters']).find((each) => each.name === context.cluster);
  if (cluster === undefined) throw new Error(`no cluster "${context.cluster}"`);
  const user = newUsers(config['users']).find((each) => each.name === context.user);
  if (user === undefined) throw new Error(`no user "${context.user}"`);
  return { ...readServer(cluster, folder), ...readUser(user, folder) };
}

function readServer(cluster: Cluster, folder: string): KubeCredentials {
  if (!cluster.server.startsWith('https://'))
    throw new Error(`server ${cluster.server} is not https`);
  if (cluster.skipTLSVerify)
    throw new Error(
      `cluster "${cluster.name}" skips the check of certificates; give it a certificate-authority instead`,
    );
  const ca = pem(cluster.caData, cluster.caFile, folder);
  return {
    server: cluster.server,
    ...(ca === undefined ? {} : { ca }),
    ...(cluster.tlsServerName ? { serverName: cluster.tlsServerName } : {}),
  };
}

function readUser(user: User, folder: string): Partial<KubeCredentials> {
  const cert = pem(user.certData, user.certFile, folder);
  const key = pem(user.keyData, user.keyFile, folder);
  if (cert !== undefined && key !== undefined) return { cert, key };
  if (user.token) return { token: user.token.trim() };
  throw new Error(
    `user "${user.name}" has neither a client certificate with its key nor a token; log-in plug-ins are not run: make a service account token for Holdfast`,
  );
}

/** client-node leaves absent fields null or undefined, whatever its types say. */
function pem(
  data: string | null | undefined,
  file: string | null | undefined,
  folder: string,
): string | undefined {
  if (data) return Buffer.from(data, 'base64').toString();
  return file ? readFileSync(resolve(folder, file), 'utf8') : undefined;
}
