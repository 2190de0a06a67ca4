import { expect } from 'chai';
import { performance } from 'node:perf_hooks';
import { createServer, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { type FakeSsh, fakeSsh } from '../testing/fake-ssh.ts';
import { newKeyPair } from '../testing/keys.ts';
import { LinkError } from './errors.ts';
import { SshLink, type SshOptions } from './ssh.ts';

async function failure(attempt: Promise<unknown>): Promise<LinkError> {
  const error = await attempt.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).to.be.instanceOf(LinkError);
  return error as LinkError;
}

describe('an SSH link', () => {
  let node: FakeSsh;
  const links: SshLink[] = [];
  const options = (more: Partial<SshOptions> = {}): SshOptions => ({
    name: 'pi1',
    address: '127.0.0.1',
    port: node.port,
    user: 'pi',
    privateKey: node.privateKey,
    knownHosts: node.knownHosts,
    timeoutMs: 3_000,
    ...more,
  });
  const open = async (more: Partial<SshOptions> = {}): Promise<SshLink> => {
    const link = await SshLink.connect(options(more));
    links.push(link);
    return link;
  };

  beforeEach(async () => {
    node = await fakeSsh();
  });
  afterEach(async () => {
    for (const link of links.splice(0)) link.close();
    await node.close();
  });

  it('runs a command and gives back its status and both its outputs', async () => {
    const link = await open();
    const ran = await link.run('echo out; echo "it\'s err" >&2; exit 3', { timeoutMs: 2_000 });
    expect(ran).to.include({ code: 3, signal: undefined, truncated: false });
    expect([ran.stdout, ran.stderr]).to.deep.equal(['out\n', "it's err\n"]);
  });

  it('hands stdin to the command, and through sudo', async () => {
    const link = await open();
    const ran = await link.run('cat', { timeoutMs: 2_000, sudo: true, stdin: 'a line' });
    expect(ran.stdout).to.equal('a line');
  });

  it('has the node end a command that takes too long', async () => {
    const link = await open();
    const error = await failure(link.run('sleep 30', { timeoutMs: 200 }));
    expect(error.kind).to.equal('timeout');
    expect(error.tookMs).to.be.within(195, 1_500);
    expect(error.message).to.contain('pi1').and.contain('sleep 30');
    expect(link.closed).to.equal(false);
  });

  it('gives back status 124 of a command that ended early with it', async () => {
    const link = await open();
    expect((await link.run('exit 124', { timeoutMs: 2_000 })).code).to.equal(124);
  });

  it('keeps no more output than asked for, and says so', async () => {
    const link = await open();
    const ran = await link.run('head -c 5000 /dev/zero', { timeoutMs: 2_000, maxBytes: 1_000 });
    expect([ran.stdout.length, ran.truncated]).to.deep.equal([1_000, true]);
  });

  it('runs at most eight commands at once', async () => {
    const link = await open();
    const startedMs = performance.now();
    await Promise.all(
      Array.from({ length: 12 }, () => link.run('sleep 0.3', { timeoutMs: 5_000 })),
    );
    expect(performance.now() - startedMs).to.be.greaterThan(590);
  });

  it('has its packets sent at once: a command that waits for an acknowledgement takes 40 ms more', async () => {
    const own = Object.getOwnPropertyDescriptor(Socket.prototype, 'setNoDelay')!;
    const original = own.value as (this: Socket, on?: boolean) => Socket;
    const told: unknown[] = [];
    function setNoDelay(this: Socket, on?: boolean): Socket {
      // It is ours that connects; those of the server are connected.
      if (this.connecting) told.push(on);
      return original.call(this, on);
    }
    Object.defineProperty(Socket.prototype, 'setNoDelay', { ...own, value: setNoDelay });
    try {
      await (await open()).run(':', { timeoutMs: 2_000 });
    } finally {
      Object.defineProperty(Socket.prototype, 'setNoDelay', own);
    }
    expect(told).to.include(true);
  });

  it('stops waiting when its signal aborts', async () => {
    const link = await open();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const { signal } = controller;
    const error = await failure(link.run('sleep 30', { timeoutMs: 20_000, signal }));
    expect(error.kind).to.equal('aborted');
    expect(error.tookMs).to.be.within(90, 1_500);
  });

  it('fails all that is under way when the connection is cut', async () => {
    const link = await open();
    const under = [failure(link.run('sleep 30', { timeoutMs: 20_000 }))];
    under.push(failure(link.run('sleep 31', { timeoutMs: 20_000 })));
    setTimeout(() => node.cut(), 100);
    const kinds = (await Promise.all(under)).map((error) => error.kind);
    expect(kinds).to.deep.equal(['lost', 'lost']);
    expect(link.closed).to.equal(true);
    expect((await failure(link.run('true', { timeoutMs: 1_000 }))).kind).to.equal('lost');
  });

  it('notices within four seconds that a node has gone silent', async () => {
    const link = await open();
    await link.run('true', { timeoutMs: 1_000 });
    node.freeze();
    const error = await failure(link.run('sleep 30', { timeoutMs: 20_000 }));
    expect(error.kind).to.equal('lost');
    expect(error.tookMs).to.be.within(1_500, 4_500);
  });

  it('refuses a host whose key is not known, and says how to add it', async () => {
    const error = await failure(open({ knownHosts: '' }));
    expect(error.kind).to.equal('host-key');
    expect(error.message).to.contain(`ssh-keyscan -p ${node.port} 127.0.0.1`);
  });

  it('refuses a host whose key has changed', async () => {
    const other = newKeyPair().public;
    const error = await failure(open({ knownHosts: `[127.0.0.1]:${node.port} ${other}` }));
    expect(error.kind).to.equal('host-key');
    expect(error.message).to.contain('has another for').and.contain('ssh-keygen');
  });

  it('says that a key is not accepted', async () => {
    const privateKey = newKeyPair().private;
    expect((await failure(open({ privateKey }))).kind).to.equal('auth');
  });

  it('says that a private key cannot be read', async () => {
    const error = await failure(open({ privateKey: 'no key' }));
    expect([error.kind, error.message.includes('private key')]).to.deep.equal(['auth', true]);
  });

  it('says that a port is closed', async () => {
    const error = await failure(open({ port: 1 }));
    expect([error.kind, error.code]).to.deep.equal(['connect', 'ECONNREFUSED']);
  });

  it('gives up on a server that says nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    const error = await failure(open({ port, timeoutMs: 200 }));
    silent.close();
    expect(error.kind).to.equal('timeout');
    expect(error.tookMs).to.be.within(195, 1_500);
  });

  it('forwards to a port as the node sees it', async () => {
    const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await new Promise((resolve) => echo.once('listening', resolve));
    const { port } = echo.address() as AddressInfo;
    const stream = await (await open()).forward('127.0.0.1', port, { timeoutMs: 1_000 });
    stream.write('hello');
    const heard = await new Promise<Buffer>((resolve) => stream.once('data', resolve));
    stream.destroy();
    echo.close();
    expect(heard.toString()).to.equal('hello');
  });

  it('says that nothing listens where it should forward to', async () => {
    const error = await failure((await open()).forward('127.0.0.1', 1, { timeoutMs: 1_000 }));
    expect(error.kind).to.equal('refused');
  });
});
