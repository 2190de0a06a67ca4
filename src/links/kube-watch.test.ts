import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect } from 'chai';
import { selfSigned, type Pair } from '../testing/certs.ts';
import { fakeApi, type FakeApi } from '../testing/fake-kube.ts';
import { LinkError } from './errors.ts';
import { openKube, type Kube } from './kube.ts';

describe('a watch on an API server', () => {
  let pair: Pair;
  let api: FakeApi;
  let kube: Kube;
  let respond: (response: ServerResponse, request: IncomingMessage) => unknown;

  before(() => {
    pair = selfSigned('DNS:kubernetes,IP:127.0.0.1');
  });
  beforeEach(async () => {
    api = await fakeApi(pair, (request, response) => respond(response, request));
    const credentials = { server: api.server, ca: pair.cert, token: 'secret' };
    kube = openKube({ node: 'pi1', server: api.server, credentials, deadlineMs: 300 });
  });
  afterEach(async () => {
    kube.close();
    await api.close();
  });

  /** Watches until it ends. */
  async function watched(
    signal = new AbortController().signal,
  ): Promise<{ lines: string[]; statuses: number[]; error?: unknown }> {
    const lines: string[] = [];
    const statuses: number[] = [];
    const onLine = (line: string): void => void lines.push(line);
    const onOpen = (status: number): void => void statuses.push(status);
    try {
      await kube.watch('/w?watch=1', { onLine, onOpen, signal });
      return { lines, statuses };
    } catch (error) {
      return { lines, statuses, error };
    }
  }

  it('gives line by line what comes in pieces, for longer than a deadline, until the server ends it', async () => {
    respond = (response, { headers, url }) => {
      response.write(`{"a":"${headers.authorization}"}\n{"b"`);
      setTimeout(() => response.end(`:"${url}"}\n`), 500);
    };
    const { lines, statuses, error } = await watched();
    expect(error).to.equal(undefined);
    expect(statuses).to.deep.equal([200]);
    expect(lines).to.deep.equal(['{"a":"Bearer secret"}', '{"b":"/w?watch=1"}']);
  });

  it('says that it broke', async () => {
    respond = (response) => {
      response.write('{"a":1}\n');
      setTimeout(() => response.socket?.destroy(), 50);
    };
    const { lines, error } = await watched();
    expect(lines).to.deep.equal(['{"a":1}']);
    expect(error).to.be.instanceOf(LinkError);
    expect((error as LinkError).kind).to.equal('lost');
  });

  it('ends without an error when its signal aborts, and lets go of its connection', async () => {
    const life = new AbortController();
    let ended: Promise<unknown> | undefined;
    respond = (response) => {
      ended = once(response, 'close');
      response.write('{"a":1}\n');
      setTimeout(() => life.abort(), 50);
    };
    expect(await watched(life.signal)).to.deep.equal({ lines: ['{"a":1}'], statuses: [200] });
    await ended;
  });
});
