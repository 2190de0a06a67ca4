import { expect } from 'chai';
import { type AddressInfo, connect, createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { type Pair, selfSigned } from '../testing/certs.ts';
import {
  type Answer,
  fakeDqlite,
  type FakeMember,
  member,
  response,
  text,
  u64,
} from '../testing/fake-dqlite.ts';
import { DqliteLink, type DqliteOptions } from './dqlite.ts';
import { LinkError } from './errors.ts';

const leader = { id: 3297041220608546238n, address: '10.0.0.1:19001' };
const members = [
  { id: leader.id, address: leader.address, role: 'voter' as const },
  { id: 14677515894319981622n, address: '10.0.0.2:19001', role: 'stand-by' as const },
];
const healthy = member(leader, members);

async function failure(attempt: Promise<unknown>): Promise<LinkError> {
  const error = await attempt.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).to.be.instanceOf(LinkError);
  return error as LinkError;
}

describe('a Dqlite link', () => {
  let pair: Pair;
  const closings: (() => unknown)[] = [];
  const serve = async (answer: Answer, with_ = pair): Promise<FakeMember> => {
    const fake = await fakeDqlite(with_, answer);
    closings.push(() => fake.close());
    return fake;
  };
  const open = (port: number, more: Partial<DqliteOptions> = {}): DqliteLink => {
    const link = new DqliteLink({ node: 'pi1', host: '127.0.0.1', port, ...pair, ...more });
    closings.push(() => link.close());
    return link;
  };

  before(() => {
    // As MicroK8s makes it: the name is of the cluster's first node, wherever this member runs.
    pair = selfSigned('DNS:first-node,IP:127.0.0.1');
  });
  afterEach(async () => {
    for (const close of closings.splice(0).reverse()) await close();
  });

  it('tells leader, members with roles, and description, on one connection', async () => {
    const fake = await serve(healthy);
    const link = open(fake.port);
    const id = '3297041220608546238';
    expect(await link.leader(1_000)).to.deep.equal({ id, address: leader.address });
    expect(await link.cluster(1_000)).to.deep.equal([
      { id, address: '10.0.0.1:19001', role: 'voter' },
      { id: '14677515894319981622', address: '10.0.0.2:19001', role: 'stand-by' },
    ]);
    expect(await link.describe(1_000)).to.deep.equal({ failureDomain: '1', weight: '0' });
    expect(fake.connections()).to.equal(1);
  });

  it('asks again while an answer is still out, and keeps the answers apart', async () => {
    const link = open((await serve(healthy)).port);
    const [first, members, last] = await Promise.all([
      link.leader(1_000),
      link.cluster(1_000),
      link.leader(1_000),
    ]);
    expect([first?.address, last?.address]).to.deep.equal([leader.address, leader.address]);
    expect(members).to.have.length.above(0);
  });

  it('ends a call at its deadline when the member hangs, and opens another connection for the next', async () => {
    let hangs = true;
    const fake = await serve((type, socket) => (hangs ? undefined : healthy(type, socket)));
    const link = open(fake.port);
    const error = await failure(link.leader(200));
    expect([error.kind, error.code]).to.deep.equal(['timeout', 'EDEADLINE']);
    expect(error.tookMs).to.be.within(195, 600);
    hangs = false;
    expect((await link.leader(1_000))?.address).to.equal(leader.address);
    expect(fake.connections()).to.equal(2);
  });

  it('does not take a late answer for the answer to a later question', async () => {
    let late: (() => void) | undefined;
    const fake = await serve((type, socket) => {
      if (late !== undefined) return healthy(type, socket);
      late = () => socket.write(response(1, u64(99n), text('old')));
      return undefined;
    });
    const link = open(fake.port);
    await failure(link.leader(100));
    late?.();
    expect((await link.leader(1_000))?.id).to.equal(leader.id.toString());
  });

  it('fails when the connection is reset, and works again after', async () => {
    let resets = true;
    const fake = await serve((type, socket) => {
      if (!resets) return healthy(type, socket);
      socket.destroy();
      return undefined;
    });
    const link = open(fake.port);
    expect((await failure(link.cluster(1_000))).kind).to.equal('lost');
    resets = false;
    expect(await link.cluster(1_000)).to.have.length(2);
  });

  it('drops a member that talks nonsense, and tries it again', async () => {
    const nonsense = [
      Buffer.alloc(64, 0xff),
      response(9, u64(1n)),
      response(1, u64(1n)),
      response(3, u64(9n)),
      Buffer.concat([response(1, u64(1n), text('a')), response(1, u64(1n), text('b'))]),
    ];
    let turn = 0;
    const fake = await serve((type, socket) => nonsense[turn] ?? healthy(type, socket));
    const link = open(fake.port);
    const kinds: string[] = [];
    for (; turn < 4; turn += 1) kinds.push((await failure(link.cluster(1_000))).kind);
    expect(kinds).to.deep.equal(['protocol', 'protocol', 'protocol', 'protocol']);
    expect((await link.leader(1_000))?.address, 'the first of two frames').to.equal('a');
    turn = 5;
    expect(await link.cluster(1_000)).to.have.length(2);
  });

  it('goes on with a member that refuses', async () => {
    let refuses = true;
    const fake = await serve((type, socket) =>
      refuses ? response(0, u64(1n), text('not now')) : healthy(type, socket),
    );
    const link = open(fake.port);
    const error = await failure(link.cluster(1_000));
    expect([error.kind, error.message.includes('not now')]).to.deep.equal(['refused', true]);
    refuses = false;
    expect(await link.cluster(1_000)).to.have.length(2);
    expect(fake.connections()).to.equal(1);
  });

  it('takes an answer that comes byte by byte', async () => {
    const fake = await serve((type, socket) => {
      const frame = healthy(type, socket)!;
      frame.forEach((_, i) => setTimeout(() => socket.write(frame.subarray(i, i + 1)), i));
      return undefined;
    });
    expect((await open(fake.port).leader(2_000))?.address).to.equal(leader.address);
  });

  it('says that a port is closed', async () => {
    const error = await failure(open(1).leader(1_000));
    expect([error.kind, error.code]).to.deep.equal(['connect', 'ECONNREFUSED']);
  });

  it('refuses a member with another certificate', async () => {
    const fake = await serve(healthy, selfSigned('DNS:first-node,IP:127.0.0.1'));
    const error = await failure(open(fake.port).leader(1_000));
    expect(error.kind).to.equal('host-key');
  });

  it('gives a slow handshake its own time, though single calls end earlier', async () => {
    const fake = await serve(healthy);
    let letOn: () => void = () => undefined;
    const enough = new Promise<void>((resolve) => (letOn = resolve));
    const slow = createServer((socket) => {
      void enough.then(() => {
        const far = connect(fake.port, '127.0.0.1');
        socket.pipe(far).pipe(socket);
        far.on('error', () => socket.destroy());
        socket.on('error', () => far.destroy());
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => slow.once('listening', resolve));
    closings.push(() => slow.close());
    const link = open((slow.address() as AddressInfo).port, { connectTimeoutMs: 8_000 });
    for (const call of ['first', 'second'])
      expect((await failure(link.leader(100))).kind, call).to.equal('timeout');
    letOn();
    expect((await link.leader(5_000))?.id).to.equal(leader.id.toString());
    expect(fake.connections()).to.equal(1);
  });

  it('gives up a handshake that does not end, and tries again', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as AddressInfo;
    closings.push(() => silent.close());
    const link = open(port, { connectTimeoutMs: 150 });
    const error = await failure(link.leader(5_000));
    expect(error.kind).to.equal('timeout');
    expect(error.tookMs).to.be.within(145, 1_000);
    expect((await failure(link.leader(5_000))).kind).to.equal('timeout');
  });

  it('runs over any stream that it is given', async () => {
    const fake = await serve(healthy);
    const link = open(1, { dial: () => Promise.resolve(connect(fake.port, '127.0.0.1')) });
    expect(await link.cluster(1_000)).to.have.length(2);
  });

  it('passes on why a stream could not be made', async () => {
    const why = new LinkError({ kind: 'refused', node: 'pi1', what: 'forward', tookMs: 1 });
    const link = open(1, { dial: () => Promise.reject(why) });
    expect((await failure(link.leader(1_000))).kind).to.equal('refused');
  });

  it('ends what is under way when it is closed, and stays closed', async () => {
    const link = open((await serve(() => undefined)).port);
    setTimeout(() => link.close(), 100);
    expect((await failure(link.leader(5_000))).kind).to.equal('aborted');
    expect((await failure(link.leader(5_000))).kind).to.equal('aborted');
  });

  it('stops waiting when the signal aborts, and at once if it has', async () => {
    const link = open((await serve(() => undefined)).port);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const startedMs = performance.now();
    expect((await failure(link.leader(5_000, controller.signal))).kind).to.equal('aborted');
    expect((await failure(link.leader(5_000, controller.signal))).kind).to.equal('aborted');
    expect(performance.now() - startedMs).to.be.lessThan(1_000);
  });
});
