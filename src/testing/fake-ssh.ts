import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';
import { newKeyPair, type KeyPair } from './keys.ts';

const { Server, utils } = ssh2;

export interface FakeSshOptions {
  /** What /usr/bin/sudo is; by default it lets everybody do everything. */
  readonly sudo?: string;
  /** Default 127.0.0.1; all of 127/8 is this machine. */
  readonly host?: string;
  /** Default: any free one. */
  readonly port?: number;
  /** Of the user, and of the host: made unless given. */
  readonly userKey?: KeyPair;
  readonly hostKey?: KeyPair;
  /** For the commands, beside what this process has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A node as SSH shows it: commands really run, on this machine, by this user; sudo is a stand-in. */
export interface FakeSsh {
  readonly port: number;
  /** Of a user who may log in. */
  readonly privateKey: string;
  /** A line for known_hosts. */
  readonly knownHosts: string;
  readonly hostKey: Buffer;
  /** From now on reads nothing and so answers nothing, as a machine without power. */
  freeze(): void;
  /** Cuts all connections. */
  cut(): void;
  close(): Promise<void>;
}

const openSudo = '#!/bin/sh\nshift\nexec "$@"\n';

export async function fakeSsh(options: FakeSshOptions = {}): Promise<FakeSsh> {
  const host = options.hostKey ?? newKeyPair();
  const user = options.userKey ?? newKeyPair();
  const address = options.host ?? '127.0.0.1';
  const allowed = parsed(user.public).getPublicSSH();
  const hostKey = parsed(host.public).getPublicSSH();
  const bin = mkdtempSync(join(tmpdir(), 'holdfast-ssh-'));
  writeFileSync(join(bin, 'sudo'), options.sudo ?? openSudo);
  chmodSync(join(bin, 'sudo'), 0o755);
  const env = { ...process.env, ...options.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  const connections = new Set<Connection>();
  const children = new Set<ChildProcess>();

  const server = new Server({ hostKeys: [host.private] }, (connection) => {
    connections.add(connection);
    // The types do not know it; without it each answer waits 40 ms for an acknowledgement.
    (connection as unknown as Socket).setNoDelay(true);
    connection.on('error', () => undefined);
    connection.on('close', () => connections.delete(connection));
    connection.on('authentication', (attempt) => {
      const isKey = attempt.method === 'publickey' && attempt.key.data.equals(allowed);
      if (isKey) attempt.accept();
      else attempt.reject(['publickey']);
    });
    connection.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => {
        execute(acceptExec(), command, env, children);
      });
    });
    connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
      const socket = connect(destPort, destIP);
      socket.once('error', reject);
      socket.once('connect', () => {
        const channel = accept();
        channel.pipe(socket).pipe(channel);
        channel.on('error', () => socket.destroy());
        socket.on('error', () => channel.destroy());
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, address, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    privateKey: user.private,
    knownHosts: `[${address}]:${port} ${host.public}\n`,
    hostKey,
    freeze: () => connections.forEach((connection) => socketOf(connection).pause()),
    cut: () => connections.forEach((connection) => socketOf(connection).destroy()),
    close: () => {
      for (const child of children) child.kill('SIGKILL');
      for (const connection of connections) socketOf(connection).destroy();
      rmSync(bin, { recursive: true });
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function execute(
  channel: ServerChannel,
  command: string,
  env: NodeJS.ProcessEnv,
  children: Set<ChildProcess>,
): void {
  const child = spawn('/bin/sh', ['-c', command], { env });
  children.add(child);
  channel.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  channel.pipe(child.stdin);
  child.stdout.on('data', (chunk) => channel.write(chunk));
  child.stderr.on('data', (chunk) => channel.stderr.write(chunk));
  channel.on('close', () => child.kill('SIGKILL'));
  child.on('close', (code, signal) => {
    children.delete(child);
    if (code === null) channel.exit(signal?.replace('SIG', '') ?? 'KILL', false, '');
    else channel.exit(code);
    channel.end();
  });
}

function parsed(key: string): ssh2.ParsedKey {
  const result = utils.parseKey(key);
  if (result instanceof Error) throw result;
  return result;
}

/** ssh2 keeps its socket to itself; to lose a connection in mid-flight one must reach it. */
function socketOf(connection: Connection): Socket {
  return (connection as unknown as { _sock: Socket })._sock;
}
