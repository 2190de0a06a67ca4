import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect } from 'chai';
import type { Links } from '../links/open.ts';
import { selfSigned } from '../testing/certs.ts';
import { probes } from './table.ts';
import type { Outside } from './probe.ts';

describe('the way in from outside', () => {
  const asked: string[] = [];
  let status = 200;
  let plain: Server;
  let tls: Server;

  const answer = ({ headers, url = '', socket }: IncomingMessage, response: ServerResponse) => {
    const { servername } = socket as Partial<TLSSocket> & { servername?: string | false };
    asked.push([headers.host, url, servername ?? ''].join(' '));
    response.writeHead(status, { 'x-pod': 'web-1' }).end('ok');
  };
  const portOf = (server: Server) => (server.address() as AddressInfo).port;

  before(async () => {
    plain = createServer(answer);
    tls = createTls(selfSigned('DNS:elsewhere'), answer);
    for (const server of [plain, tls])
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    for (const server of [plain, tls]) {
      server.closeAllConnections();
      server.close();
    }
  });
  beforeEach(() => {
    asked.length = 0;
    status = 200;
  });

  const look = async (probe: 'web-new' | 'web-reused', outside: Outside, node?: string) => {
    const sampler = probes[probe](
      { id: probe, probe, everyMs: 100, ...(node !== undefined && { node }) },
      {
        links: {} as Links,
        controlPlanes: [],
        addresses: { pi1: '127.0.0.1' },
        namespace: 'holdfast',
        workload: {
          namespace: 'shop',
          service: 'web',
          pods: 'app=web',
          path: '/healthz',
          status: 204,
          outside,
        },
      },
    );
    const seen = await sampler.look(1000);
    sampler.close();
    return seen;
  };

  it('is the port of a node, or that of an address', async () => {
    status = 204;
    const port = portOf(plain);
    const good = { ok: true, value: { status: 204, pod: 'web-1' } };
    expect(await look('web-new', { port }, 'pi1')).to.deep.equal(good);
    expect(await look('web-reused', { port, address: '127.0.0.1' })).to.deep.equal(good);
    expect(asked).to.deep.equal(Array(2).fill(`127.0.0.1:${port} /healthz `));
  });

  it('has the host in the request, and in the handshake of TLS, and asks no DNS for it', async () => {
    status = 204;
    const host = 'shop.example.org';
    await look('web-new', { port: portOf(plain), address: '127.0.0.1', host });
    const seen = await look('web-reused', {
      port: portOf(tls),
      address: '127.0.0.1',
      host,
      https: true,
    });
    expect(seen.ok).to.equal(true);
    expect(asked).to.deep.equal([`${host} /healthz `, `${host} /healthz ${host}`]);
  });

  it('is well only with the status that the scenario expects', async () => {
    expect(await look('web-new', { port: portOf(plain) }, 'pi1')).to.deep.equal({
      ok: false,
      value: { status: 200, pod: 'web-1' },
      error: 'HTTP 200',
    });
  });

  it('is shut where nobody listens', async () => {
    const seen = await look('web-new', { port: 1, address: '127.0.0.1' });
    expect(seen).to.deep.equal({ ok: false, error: 'ECONNREFUSED' });
  });
});
