import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { ask } from './ask.ts';
import type { Seen } from './probe.ts';

describe('a question over HTTP', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** What is seen of an answer with this status and these headers. */
  async function seen(status: number, headers: Record<string, string>): Promise<Seen> {
    const serving = createServer((_, response) => response.writeHead(status, headers).end('web\n'));
    server = serving;
    await new Promise<void>((resolve) => serving.listen(0, '127.0.0.1', resolve));
    const { port } = serving.address() as AddressInfo;
    const path = { host: '127.0.0.1', port, path: '/' };
    return ask({ ...path, status: 200, agent: undefined, timeoutMs: 1000 });
  }

  it('tells the pod and the version that the answer names, and neither of one that names none', async () => {
    expect(await seen(200, { 'X-Pod': 'web-1', 'X-Version': 'v2' })).to.deep.equal({
      ok: true,
      value: { status: 200, pod: 'web-1', version: 'v2' },
    });
    server?.close();
    expect(await seen(200, {})).to.deep.equal({ ok: true, value: { status: 200 } });
  });

  it('tells who gave an answer that is not the good one', async () => {
    expect(await seen(503, { 'X-Version': 'v1' })).to.deep.equal({
      ok: false,
      value: { status: 503, version: 'v1' },
      error: 'HTTP 503',
    });
  });
});
