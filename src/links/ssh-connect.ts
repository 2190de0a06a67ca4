import { performance } from 'node:perf_hooks';
import type { Client, ServerHostKeyAlgorithm } from 'ssh2';
import { deadline } from './deadline.ts';
import { LinkError, type LinkErrorKind, sayCause } from './errors.ts';
import {
  checkHostKey,
  fingerprint,
  type HostKeyVerdict,
  keyType,
  knownHostName,
  knownKeyTypes,
} from './knownhosts.ts';

export interface SshOptions {
  /** Of the node, for messages. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** OpenSSH or PEM, without passphrase. */
  readonly privateKey: string;
  /** Text of a known_hosts file. */
  readonly knownHosts: string;
  /** Until the session is open; milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

// A peer without power sends nothing: three unanswered questions, 750 ms apart, tell a lost one within about 3 s.
const keepaliveMs = 750;
const keepalives = 3;

const hostKeyAlgorithms: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/**
 * Opens a session: TCP without delay, host key checked, logged in by key, keep-alives on.
 * @param use is called in the turn in which the session opens, so that it can listen before anything else happens
 * @throws LinkError connect, host-key, auth, timeout, aborted
 */
export async function openClient<T>(options: SshOptions, use: (client: Client) => T): Promise<T> {
  // Loaded by the first who needs it: it takes 11 MB, and the sampling worker seldom does.
  const { default: ssh2 } = await import('ssh2');
  const startedMs = performance.now();
  return new Promise<T>((resolve, reject) => {
    const client = new ssh2.Client();
    let refusedKey: LinkErrorDetail | undefined;
    let settled = false;
    let clear: () => void = () => undefined;
    const fail = (kind: LinkErrorKind, detail?: string, cause?: unknown) => {
      if (settled) return;
      settled = true;
      clear();
      client.destroy();
      reject(
        new LinkError({
          kind,
          node: options.name,
          what: `open SSH to ${options.user}@${options.address}:${options.port}`,
          tookMs: performance.now() - startedMs,
          ...(detail === undefined ? {} : { detail }),
          cause,
        }),
      );
    };
    clear = deadline(options.timeoutMs, options.signal, fail);
    if (options.signal?.aborted === true) return;

    const identity = ssh2.utils.parseKey(options.privateKey);
    if (identity instanceof Error) {
      fail('auth', `the private key cannot be used: ${identity.message}`, identity);
      return;
    }
    client.on('error', (error) => {
      if (refusedKey !== undefined) fail('host-key', refusedKey.detail, error);
      else fail(kindOf(error), sayFailure(error, options), error);
    });
    client.on('close', () => fail('lost', 'the node closed the connection before the login'));
    client.once('ready', () => {
      settled = true;
      clear();
      resolve(use(client));
    });
    client.connect({
      host: options.address,
      port: options.port,
      username: options.user,
      privateKey: options.privateKey,
      readyTimeout: 0,
      keepaliveInterval: keepaliveMs,
      keepaliveCountMax: keepalives,
      algorithms: { serverHostKey: preferred(options) },
      hostVerifier: (key: Buffer) => {
        const verdict = checkHostKey(options.knownHosts, options.address, options.port, key);
        if (verdict !== 'known') refusedKey = { detail: sayRefusedKey(verdict, key, options) };
        return verdict === 'known';
      },
    });
    client.setNoDelay(true);
  });
}

interface LinkErrorDetail {
  readonly detail: string;
}

/** Asks first for the types of key that known_hosts has: a server shows only one key. */
function preferred(options: SshOptions): ServerHostKeyAlgorithm[] {
  const known = knownKeyTypes(options.knownHosts, options.address, options.port);
  const isKnown = (algorithm: string) =>
    known.includes(algorithm) || (algorithm.startsWith('rsa-sha2-') && known.includes('ssh-rsa'));
  return [
    ...hostKeyAlgorithms.filter(isKnown),
    ...hostKeyAlgorithms.filter((algorithm) => !isKnown(algorithm)),
  ];
}

function kindOf(error: Error & { level?: string }): LinkErrorKind {
  switch (error.level) {
    case 'client-authentication':
      return 'auth';
    case 'client-timeout':
      return 'timeout';
    case 'client-socket':
    case 'client-dns':
      return 'connect';
    case undefined:
    default:
      return 'protocol';
  }
}

function sayFailure(error: Error & { level?: string }, options: SshOptions): string {
  if (error.level !== 'client-authentication') return sayCause(error);
  return `the node does not accept the key for user ${options.user}; try ssh -i IDENTITY ${options.user}@${options.address}`;
}

function sayRefusedKey(
  verdict: Exclude<HostKeyVerdict, 'known'>,
  key: Buffer,
  options: SshOptions,
): string {
  const shown = `it shows the ${keyType(key)} key ${fingerprint(key)}`;
  const name = knownHostName(options.address, options.port);
  const add = `ssh-keyscan -p ${options.port} ${options.address} >> KNOWN_HOSTS`;
  switch (verdict) {
    case 'unknown':
      return `${shown}, and known_hosts has none of that type for ${name}; if that is its key, add it: ${add}`;
    case 'changed':
      return `${shown}, and known_hosts has another for ${name}: another machine, or reinstalled; if reinstalled: ssh-keygen -f KNOWN_HOSTS -R '${name}' and ${add}`;
    case 'revoked':
      return `${shown}, which known_hosts marks as revoked`;
  }
}
