import { isIP } from 'node:net';
import { quote } from '../model/quote.ts';
import type { KubernetesSettings, NodeFacts } from '../model/snapshot.ts';
import type { LocalMember, Platform } from '../platforms/platform.ts';
import { LinkError, understood } from './errors.ts';
import type { RunOptions, SshLink } from './ssh.ts';

/** What a node says of the datastore member it is. */
export interface MemberReport {
  readonly member: LocalMember;
  readonly settings: Readonly<Record<string, number>>;
  /** `unknown` if the node could not tell. */
  readonly version: string;
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
 * What a control plane says of its datastore member.
 * @returns undefined if it has none
 * @throws LinkError protocol if its files are not what the platform writes
 */
export async function askMember(
  ssh: SshLink,
  platform: Platform,
  asking: Asking,
): Promise<MemberReport | undefined> {
  const { memberFile, settingsFile, versionCommand, readMember, readSettings } = platform.datastore;
  const [memberText, settingsText, version] = await Promise.all([
    readIfThere(ssh, memberFile, asking),
    readIfThere(ssh, settingsFile, asking),
    ssh.run(versionCommand, asking),
  ]);
  if (memberText === undefined) return undefined;
  return {
    member: understood(ssh.node, memberFile, () => readMember(memberText)),
    settings: understood(ssh.node, settingsFile, () => readSettings(settingsText)),
    version: version.code === 0 ? versionIn(version.stdout) : 'unknown',
  };
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

/** The version in what a program says of itself, where it may be followed by more; `unknown` if there is none. */
export function versionIn(said: string): string {
  return /v?\d+\.\d+\.\d+[^\s,;]*/.exec(said)?.[0] ?? 'unknown';
}

/** The certificate and key that all members share. */
export async function askPair(
  ssh: SshLink,
  platform: Platform,
  asking: Asking,
): Promise<{ cert: string; key: string }> {
  const { certFile, keyFile } = platform.datastore;
  const [cert, key] = await Promise.all([
    readAsRoot(ssh, certFile, asking),
    readAsRoot(ssh, keyFile, asking),
  ]);
  return { cert, key };
}

async function readAsRoot(ssh: SshLink, file: string, asking: Asking): Promise<string> {
  const ran = await ssh.run(`cat ${quote(file)}`, { ...asking, sudo: true });
  if (ran.code === 0) return ran.stdout;
  const why = ran.stderr.trim() || `exit status ${ran.code ?? 'none'}`;
  throw new LinkError({
    kind: 'refused',
    node: ssh.node,
    what: `read ${file} as root`,
    tookMs: ran.tookMs,
    detail: why.startsWith('sudo:') ? `${why}; the user must be allowed sudo without one` : why,
  });
}

async function readIfThere(
  ssh: SshLink,
  file: string,
  asking: Asking,
): Promise<string | undefined> {
  const command = `if test -e ${quote(file)}; then cat ${quote(file)}; else exit 44; fi`;
  const ran = await ssh.run(command, { ...asking, sudo: true });
  if (ran.code === 0) return ran.stdout;
  if (ran.code === 44) return undefined;
  throw new LinkError({
    kind: 'refused',
    node: ssh.node,
    what: `read ${file} as root`,
    tookMs: ran.tookMs,
    detail: ran.stderr.trim(),
  });
}
