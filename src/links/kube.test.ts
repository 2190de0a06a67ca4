import { expect } from 'chai';
import { type Pair, selfSigned } from '../testing/certs.ts';
import { type FakeApi, fakeApi, sendJson } from '../testing/fake-kube.ts';
import { LinkError } from './errors.ts';
import { type Kube, KubeError, openKube } from './kube.ts';

type Handler = Parameters<typeof fakeApi>[1];

async function thrown(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function lost(attempt: Promise<unknown>): Promise<LinkError> {
  const error = await thrown(attempt);
  expect(error).to.be.instanceOf(LinkError);
  return error as LinkError;
}

describe('a link to an API server', () => {
  let pair: Pair;
  const closings: (() => unknown)[] = [];
  const open = async (
    handler: Handler,
    more: { pair?: Pair; token?: string; deadlineMs?: number } = {},
  ): Promise<{ api: FakeApi; kube: Kube }> => {
    const mine = more.pair ?? pair;
    const api = await fakeApi(mine, handler);
    closings.push(() => api.close());
    return { api, kube: link(api.server, mine.cert, more) };
  };
  const link = (
    server: string,
    ca: string,
    { token, deadlineMs = 1_000 }: { token?: string; deadlineMs?: number } = {},
  ): Kube => {
    const credentials = { server, ca, ...(token === undefined ? {} : { token }) };
    const kube = openKube({ node: 'pi1', server, credentials, deadlineMs });
    closings.push(() => kube.close());
    return kube;
  };

  before(() => {
    pair = selfSigned('DNS:kubernetes,IP:127.0.0.1');
  });
  afterEach(async () => {
    for (const close of closings.splice(0).reverse()) await close();
  });

  it('sends many requests on one connection', async () => {
    const { api, kube } = await open((request, response) =>
      sendJson(response, 200, { path: request.url }),
    );
    for (let i = 0; i < 20; i += 1)
      expect(await kube.get(`/api/v1/nodes?i=${i}`)).to.deep.equal({
        path: `/api/v1/nodes?i=${i}`,
      });
    expect(api.connections()).to.equal(1);
  });

  it('creates, puts, patches and deletes as Kubernetes wants it', async () => {
    const { kube } = await open((request, response, body) => {
      const { method, url, headers } = request;
      sendJson(response, 200, { method, url, type: headers['content-type'], body });
    });
    const all = [
      await kube.create('/c', { a: 1 }),
      await kube.put('/u', { a: 2 }),
      await kube.patch('/m', { a: 3 }),
      await kube.patch('/s', { a: 4 }, { kind: 'strategic' }),
      await kube.patch('/j', [], { kind: 'json' }),
      await kube.del('/d'),
    ];
    expect(all).to.deep.equal([
      { method: 'POST', url: '/c', type: 'application/json', body: '{"a":1}' },
      { method: 'PUT', url: '/u', type: 'application/json', body: '{"a":2}' },
      { method: 'PATCH', url: '/m', type: 'application/merge-patch+json', body: '{"a":3}' },
      {
        method: 'PATCH',
        url: '/s',
        type: 'application/strategic-merge-patch+json',
        body: '{"a":4}',
      },
      { method: 'PATCH', url: '/j', type: 'application/json-patch+json', body: '[]' },
      { method: 'DELETE', url: '/d', body: '' },
    ]);
  });

  it('sends the token', async () => {
    const { kube } = await open(
      (request, response) => sendJson(response, 200, request.headers.authorization),
      { token: 'secret' },
    );
    expect(await kube.get('/')).to.equal('Bearer secret');
  });

  it('lists items, and dates an answer by the clock of the server', async () => {
    const { kube } = await open((_request, response) => {
      response.setHeader('date', 'Sat, 21 Nov 2026 10:00:00 GMT');
      sendJson(response, 200, { items: [1, 2] });
    });
    expect(await kube.list('/')).to.deep.equal([1, 2]);
    const { serverNowMs } = await kube.getDated('/');
    expect(serverNowMs).to.equal(Date.UTC(2026, 10, 21, 10));
  });

  it('throws a status of 400 or more with Kubernetes’ own reason, and never tries again', async () => {
    let requests = 0;
    const { kube } = await open((_request, response) => {
      requests += 1;
      sendJson(response, 409, { kind: 'Status', reason: 'Conflict', message: 'it was changed' });
    });
    const error = await thrown(kube.put('/api/v1/x', {}));
    expect(error).to.be.instanceOf(KubeError);
    expect(error).to.include({
      status: 409,
      reason: 'Conflict',
      path: '/api/v1/x',
      code: 'HTTP 409',
    });
    expect((error as KubeError).message).to.equal(
      'PUT /api/v1/x on pi1: HTTP 409 Conflict: it was changed',
    );
    expect(requests).to.equal(1);
  });

  it('gives a status back as a value where the caller asks for the answer itself', async () => {
    const { kube } = await open((_request, response) => sendJson(response, 503, { a: 1 }));
    const answer = await kube.request('GET', '/');
    expect([answer.status, answer.text]).to.deep.equal([503, '{"a":1}']);
  });

  it('ends a request at its deadline, whether the server says nothing or never finishes', async () => {
    const { kube } = await open(
      (request, response) => {
        if (request.url === '/half') response.writeHead(200).write('{"half":');
      },
      { deadlineMs: 200 },
    );
    for (const path of ['/none', '/half']) {
      const error = await lost(kube.get(path));
      expect([error.kind, error.code], path).to.deep.equal(['timeout', 'EDEADLINE']);
      expect(error.tookMs, path).to.be.within(195, 600);
    }
    expect((await lost(kube.get('/none', { deadlineMs: 50 }))).tookMs).to.be.within(45, 190);
  });

  it('lets no request wait for one that hangs', async () => {
    const { kube } = await open((request, response) => {
      if (request.url === '/quick') sendJson(response, 200, 'quick');
    });
    const deadlineMs = 9_000;
    const hanging = Array.from({ length: 15 }, () => lost(kube.get('/hang', { deadlineMs })));
    expect(await kube.get('/quick', { deadlineMs: deadlineMs / 2 })).to.equal('quick');
    kube.close();
    expect((await Promise.all(hanging)).map((error) => error.kind)).to.include('aborted');
  });

  it('sends a request once only, though the connection is cut without an answer', async () => {
    let requests = 0;
    const { kube } = await open((request) => {
      requests += 1;
      request.socket.destroy();
    });
    expect((await lost(kube.get('/'))).kind).to.equal('lost');
    expect(requests).to.equal(1);
  });

  it('says that a port is closed', async () => {
    const error = await lost(link('https://127.0.0.1:1', pair.cert).get('/'));
    expect([error.kind, error.code]).to.deep.equal(['connect', 'ECONNREFUSED']);
  });

  it('says that an answer is no JSON', async () => {
    const { kube } = await open((_request, response) => response.end('<html>'));
    const error = await lost(kube.get('/'));
    expect([error.kind, error.message.includes('<html>')]).to.deep.equal(['protocol', true]);
  });

  it('says that bytes are no HTTP', async () => {
    const { kube } = await open((request) => request.socket.end('nonsense\r\n\r\n'));
    expect((await lost(kube.get('/'))).kind).to.equal('protocol');
  });

  it('takes a certificate without the address if it has the name kubernetes', async () => {
    const named = selfSigned('DNS:kubernetes,IP:10.152.183.1');
    const { kube } = await open((_request, response) => sendJson(response, 200, 'in'), {
      pair: named,
    });
    expect(await kube.get('/')).to.equal('in');
  });

  it('refuses a certificate with neither the address nor that name', async () => {
    const other = selfSigned('DNS:elsewhere');
    const { kube } = await open((_request, response) => sendJson(response, 200, 'in'), {
      pair: other,
    });
    expect((await lost(kube.get('/'))).kind).to.equal('host-key');
  });

  it('refuses a certificate of another authority', async () => {
    const { api } = await open((_request, response) => sendJson(response, 200, 'in'));
    const error = await lost(link(api.server, selfSigned('DNS:kubernetes').cert).get('/'));
    expect(error.kind).to.equal('host-key');
  });

  it('stops when the signal aborts, and sends nothing if it has', async () => {
    let requests = 0;
    const controller = new AbortController();
    const { signal } = controller;
    const { kube } = await open(() => {
      requests += 1;
      controller.abort();
    });
    expect((await lost(kube.get('/', { signal }))).kind).to.equal('aborted');
    expect((await lost(kube.get('/', { signal }))).kind).to.equal('aborted');
    expect(requests).to.equal(1);
  });

  it('takes null for the items of an empty list, and nothing else that is none', async () => {
    const bodies = [{ items: null }, { items: 5 }, {}, 'text', null];
    let next = 0;
    const { kube } = await open((_, response) => sendJson(response, 200, bodies[next++]));
    expect(await kube.list('/x')).to.deep.equal([]);
    for (const detail of ['5', 'nothing', 'nothing'])
      expect(await lost(kube.list('/x'))).to.include({
        kind: 'protocol',
        detail: `a list without items: ${detail}`,
      });
    expect(await lost(kube.list('/x'))).to.include({
      kind: 'protocol',
      detail: 'HTTP 200 with what is no object: null',
    });
  });
});
