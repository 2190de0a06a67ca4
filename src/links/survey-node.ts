import { isIP } from 'node:net';
import { showsAddress } from '../model/endpoint.ts';
import { quote } from '../model/quote.ts';
import type { KubernetesSettings, NodeFacts } from '../model/snapshot.ts';
import type { Asked, LocalMember, Platform } from '../platforms/platform.ts';
import type { DatastoreAccess } from './access.ts';
import { LinkError, understood } from './errors.ts';
import type { Ran, RunOptions, SshLink } from './ssh.ts';

/** What a node says of the datastore member it is. */
export interface MemberReport {
  readonly member: LocalMember;
  readonly settings: Readonly<Record<string, number>>;
  /** Absent if the node could not tell. */
  readonly version?: string;
}

type Asking = Omit<RunOptions, 'sudo' | 'stdin'>;

/** How we come to a node, as the node sees it: sshd tells its sessions who comes from where, and to where. */
export async function askController(
  ssh: SshLink,
  asking: Asking,
): Promise<NodeFacts['controller']> {
  const ran = await ssh.run('echo "$SSH_CONNECTION"', asking);
  const [from = '', , , port] = ran.stdout.trim().split(' ');
  // A link-local address comes with the node's interface.
  const address = from.replace(/%.*/, '');
  return ran.code === 0 && isIP(address) !== 0 && /^\d{1,5}$/.test(port ?? '')
    ? { address, port: Number(port) }
    : undefined;
}

/**
 * The boot id of the machine behind a link, read as root: that shows that sudo asks for no password, too.
 * @throws LinkError refused if it does
 */
export async function askBootId(ssh: SshLink, asking: Asking): Promise<string> {
  const text = await readAsRoot(ssh, '/proc/sys/kernel/random/boot_id', asking);
  return text.trim();
}

/**
 * What a node says of its datastore member, whether or not that runs.
 * @returns undefined if it has none
 * @throws LinkError protocol if its files are not what the platform writes
 */
export async function askMember(
  ssh: SshLink,
  { datastore }: Platform,
  asking: Asking,
): Promise<MemberReport | undefined> {
  const { kind, versionCommand } = datastore;
  const [member, settings, version] = await Promise.all([
    ask(ssh, `its member of ${kind}`, datastore.member, asking),
    ask(ssh, `its settings of ${kind}`, datastore.settings, asking),
    versionCommand === undefined ? undefined : askVersion(ssh, versionCommand, asking),
  ]);
  return member && { member, settings, ...(version !== undefined && { version }) };
}

async function askVersion(
  ssh: SshLink,
  command: string,
  asking: Asking,
): Promise<string | undefined> {
  const { code, stdout } = await ssh.run(command, asking);
  return code === 0 ? versionIn(stdout) : undefined;
}

/** The settings of Kubernetes on a control plane; one that does not tell keeps nobody from anything. */
export async function askTimings(
  ssh: SshLink,
  { timings }: Platform,
  asking: Asking,
): Promise<KubernetesSettings> {
  const { stdout } = await ssh.run(timings.script, { ...asking, sudo: true });
  return timings.read(stdout);
}

/** Does one of the node's interfaces have an address? One that cannot tell is not known to. */
export async function hasAddress(ssh: SshLink, address: string, asking: Asking): Promise<boolean> {
  const { code, stdout } = await ssh.run(showsAddress(address), asking);
  return code === 0 && stdout.trim() !== '';
}

/** The version in what a program says of itself, where it may be followed by more. */
export function versionIn(said: string): string | undefined {
  return /v?\d+\.\d+\.\d+[^\s,;]*/.exec(said)?.[0];
}

/** A certificate and key that all members let in, and the authority of theirs if that is another. */
export async function askPair(
  ssh: SshLink,
  { datastore: { pair } }: Platform,
  asking: Asking,
): Promise<Pick<DatastoreAccess, 'cert' | 'key' | 'ca'>> {
  const [cert, key, ca] = await Promise.all([
    readAsRoot(ssh, pair.cert, asking),
    readAsRoot(ssh, pair.key, asking),
    pair.ca === undefined ? undefined : readAsRoot(ssh, pair.ca, asking),
  ]);
  return { cert, key, ...(ca !== undefined && { ca }) };
}

async function ask<T>(
  ssh: SshLink,
  what: string,
  { script, read }: Asked<T>,
  asking: Asking,
): Promise<T> {
  const ran = await ssh.run(script, { ...asking, sudo: true });
  if (ran.code !== 0) throw notRead(ssh, what, ran);
  return understood(ssh.node, what, () => read(ran.stdout));
}

async function readAsRoot(ssh: SshLink, file: string, asking: Asking): Promise<string> {
  const ran = await ssh.run(`cat ${quote(file)}`, { ...asking, sudo: true });
  if (ran.code === 0) return ran.stdout;
  throw notRead(ssh, file, ran);
}

function notRead(ssh: SshLink, what: string, { code, stderr, tookMs }: Ran): LinkError {
  const why = stderr.trim() || `exit status ${code ?? 'none'}`;
  return new LinkError({
    kind: 'refused',
    node: ssh.node,
    what: `read ${what} as root`,
    tookMs,
    detail: why.startsWith('sudo:') ? `${why}; the user must be allowed sudo without one` : why,
  });
}
