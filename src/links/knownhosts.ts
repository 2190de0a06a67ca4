import { createHash, createHmac } from 'node:crypto';

export type HostKeyVerdict = 'known' | 'unknown' | 'changed' | 'revoked';

interface Line {
  readonly revoked: boolean;
  readonly names: string;
  readonly type: string;
  readonly key: string;
}

/**
 * Looks a host key up in the text of a known_hosts file: plain, hashed and [host]:port names, patterns, revoked keys.
 * @param key the raw key as the server sent it
 * @returns `changed` if the host is there with another key of the same type
 * @see sshd(8), SSH_KNOWN_HOSTS FILE FORMAT
 */
export function checkHostKey(
  text: string,
  host: string,
  port: number,
  key: Buffer,
): HostKeyVerdict {
  const encoded = key.toString('base64');
  const lines = linesFor(text, host, port);
  if (lines.some((line) => line.revoked && line.key === encoded)) return 'revoked';
  const trusted = lines.filter((line) => !line.revoked);
  if (trusted.some((line) => line.key === encoded)) return 'known';
  return trusted.some((line) => line.type === keyType(key)) ? 'changed' : 'unknown';
}

/** Types of the keys that the file holds for a host: these are to be asked for first, else a known host looks unknown. */
export function knownKeyTypes(text: string, host: string, port: number): string[] {
  return linesFor(text, host, port)
    .filter((line) => !line.revoked)
    .map((line) => line.type);
}

/** The name under which known_hosts files list a host: the port is part of it unless it is 22. */
export function knownHostName(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`;
}

/** The fingerprint of a raw key as ssh prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type that a raw key names itself: a length in four bytes, then so many characters. */
export function keyType(key: Buffer): string {
  if (key.length < 4) return '';
  return key.toString('latin1', 4, 4 + key.readUInt32BE(0));
}

function linesFor(text: string, host: string, port: number): Line[] {
  const name = knownHostName(host, port);
  return text
    .split('\n')
    .map(readLine)
    .filter((line) => line !== undefined)
    .filter((line) => namesMatch(line.names, name));
}

/** Lines of certificate authorities are passed over: ssh2 does not offer host certificates. */
function readLine(text: string): Line | undefined {
  const words = text.trim().split(/\s+/);
  const marker = words[0]?.startsWith('@') === true ? words.shift() : undefined;
  const [names, type, key] = words;
  if (names === undefined || type === undefined || key === undefined) return undefined;
  if (names.startsWith('#') || marker === '@cert-authority') return undefined;
  return { revoked: marker === '@revoked', names, type, key };
}

function namesMatch(names: string, name: string): boolean {
  if (names.startsWith('|1|')) return hashMatches(names, name);
  const patterns = names.split(',');
  const denied = patterns.some((each) => each.startsWith('!') && globMatches(each.slice(1), name));
  return !denied && patterns.some((each) => !each.startsWith('!') && globMatches(each, name));
}

function hashMatches(names: string, name: string): boolean {
  const [, , salt, hash] = names.split('|');
  if (salt === undefined || hash === undefined) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

function globMatches(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(name);
}
