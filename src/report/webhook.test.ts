import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { Servers } from './testing/servers.ts';
import { webhookAt, WebhookAddressError } from './webhook.ts';

const secret = 'T0P-S3CRET';

interface Asked {
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

describe('a webhook', () => {
  const servers = new Servers();
  afterEach(() => servers.close());

  /** A server on this machine, and what it was asked. */
  const serve = async (
    answer: RequestListener,
  ): Promise<{ host: string; asked: Asked[]; server: Server }> => {
    const asked: Asked[] = [];
    const served = await servers.serve((request, response) => {
      void text(request).then((body) => {
        asked.push({ url: request.url, headers: request.headers, body });
        answer(request, response);
      });
    });
    return { ...served, asked };
  };

  const addressOf = (host: string): string =>
    `http://user:${secret}@${host}/hooks/${secret}?token=${secret}`;
  const quick = { deadlineMs: 5000, pauseMs: 20 };

  it('posts the body as JSON to the whole address, with its user and password', async () => {
    const { host, asked } = await serve((_, response) => response.writeHead(204).end());
    const webhook = webhookAt(addressOf(host), quick);
    expect(webhook.host).to.equal(host);
    expect(await webhook.send('{"text":"é"}')).to.equal(undefined);
    expect(asked).to.have.length(1);
    expect(asked[0]).to.deep.include({
      url: `/hooks/${secret}?token=${secret}`,
      body: '{"text":"é"}',
    });
    expect(asked[0]?.headers).to.include({
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`user:${secret}`).toString('base64')}`,
    });
  });

  it('is tried once more after an error of the server, and no third time', async () => {
    const { host, asked } = await serve((_, response) => response.writeHead(500).end(secret));
    const said = await webhookAt(addressOf(host), quick).send('{}');
    expect(said).to.equal('it answered 500, and then it answered 500');
    expect(asked).to.have.length(2);
  });

  it('is told if the second attempt is accepted', async () => {
    let times = 0;
    const { host } = await serve((_, response) =>
      response.writeHead(times++ === 0 ? 503 : 200).end(),
    );
    expect(await webhookAt(addressOf(host), quick).send('{}')).to.equal(undefined);
    expect(times).to.equal(2);
  });

  it('is not asked again what it has refused', async () => {
    const { host, asked } = await serve((_, response) => response.writeHead(403).end());
    expect(await webhookAt(addressOf(host), quick).send('{}')).to.equal('it answered 403');
    expect(asked).to.have.length(1);
  });

  it('that refuses connections is named by a code, not by its address', async () => {
    const { host, server } = await serve(() => undefined);
    await new Promise((done) => server.close(done));
    const said = await webhookAt(addressOf(host), quick).send('{}');
    expect(said).to.equal('ECONNREFUSED, and then ECONNREFUSED');
  });

  it('that breaks off is tried once more', async () => {
    const { host, asked } = await serve((request) => request.socket.destroy());
    const said = await webhookAt(addressOf(host), quick).send('{}');
    expect(said).to.match(/^[A-Z_]+, and then [A-Z_]+$/);
    expect(asked).to.have.length(2);
  });

  it('that hangs is waited for until the deadline, and not asked twice', async () => {
    const { host, asked } = await serve(() => undefined);
    const from = performance.now();
    const said = await webhookAt(addressOf(host), { deadlineMs: 200, pauseMs: 20 }).send('{}');
    expect(said).to.equal('no answer within 0.2 s');
    expect(performance.now() - from).to.be.within(190, 8000);
    expect(asked).to.have.length(1);
  });

  it('that hangs the second time is given up at the same deadline', async () => {
    let times = 0;
    const { host } = await serve((_, response) => {
      if (times++ === 0) response.writeHead(500).end();
    });
    const from = performance.now();
    const said = await webhookAt(addressOf(host), { deadlineMs: 1000, pauseMs: 20 }).send('{}');
    expect(said).to.equal('it answered 500, and then no answer within 1 s');
    expect(performance.now() - from).to.be.within(990, 8000);
  });

  it('whose answer never ends has been told', async () => {
    const { host } = await serve((_, response) => void response.writeHead(200).write('and'));
    expect(await webhookAt(addressOf(host), quick).send('{}')).to.equal(undefined);
  });

  it('is not followed to where it redirects', async () => {
    const other = await serve((_, response) => response.writeHead(200).end());
    for (const status of [301, 302, 307, 308]) {
      const { host, asked } = await serve((_, response) =>
        response.writeHead(status, { location: `http://${other.host}/${secret}` }).end(),
      );
      const said = await webhookAt(addressOf(host), quick).send('{}');
      expect(said).to.equal(`it answered ${status}, and redirects are not followed`);
      expect(asked).to.have.length(1);
    }
    expect(other.asked).to.deep.equal([]);
  });

  it('is given up when told to stop', async () => {
    const { host } = await serve(() => undefined);
    const said = await webhookAt(addressOf(host), quick).send('{}', AbortSignal.timeout(50));
    expect(said).to.equal('it was interrupted');
  });

  it('is refused, without being printed, if its address is none', () => {
    const addresses = {
      [`chat.example.org/hooks/${secret}`]: /^it is no URL/,
      [`${secret}:hooks`]: /^it does not begin with https/,
      [`ftp://chat.example.org/${secret}`]: /^it does not begin with https/,
      [`https://user:%zz${secret}@chat.example.org/`]: /^a % in its user or password/,
      [`https://chat.example.org:port/${secret}`]: /^it is no URL/,
    };
    for (const [address, because] of Object.entries(addresses)) {
      expect(() => webhookAt(address)).to.throw(WebhookAddressError, because);
      try {
        webhookAt(address);
      } catch (error) {
        expect(String((error as Error).stack)).to.not.include(secret);
        expect((error as Error).cause).to.equal(undefined);
      }
    }
  });
});
