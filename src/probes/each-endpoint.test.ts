import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Links } from '../links/open.ts';
import { eachEndpoint } from './each-endpoint.ts';
import { insideNamed } from './inside.ts';
import type { ProbeContext, Sampler } from './probe.ts';

describe('a pod of ours that asks each endpoint', () => {
  let server: Server;
  const paths: string[] = [];
  /** By the path that the pod of ours is asked for; 200 without. */
  let statuses: Readonly<Record<string, number>> = {};
  /** What each API server tells, by its node: names of pods, or nothing. */
  let told: Readonly<Record<string, readonly string[] | undefined>> = {};
  const asked: string[] = [];

  before(async () => {
    server = createServer(({ url = '' }, response) => {
      paths.push(url);
      response.writeHead(statuses[url] ?? 200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    paths.length = 0;
    asked.length = 0;
    statuses = {};
    told = {};
  });

  const list = (pods: readonly string[]) => ({
    items: [
      {
        ports: [{ name: 'http', port: 80 }],
        endpoints: pods.map((name, index) => ({
          addresses: [`10.1.0.${index + 1}`],
          nodeName: 'pi1',
          targetRef: { namespace: 'shop', name },
        })),
      },
    ],
  });

  const kube = (node: string) => ({
    get: (path: string, { deadlineMs }: { deadlineMs: number }) => {
      asked.push(`${node} ${path.split('/').at(-1)?.split('?')[0]} ${deadlineMs}`);
      const pods = told[node];
      return pods === undefined
        ? Promise.reject(Object.assign(new Error('x'), { code: 'EDEADLINE' }))
        : Promise.resolve(list(pods));
    },
  });

  const contextAt = (host: string): ProbeContext => ({
    links: { kube } as unknown as Links,
    controlPlanes: ['pi1', 'pi2'],
    addresses: { pi2: host, pi3: host },
    namespace: 'holdfast',
    workload: {
      ...{ namespace: 'shop', service: 'web', portName: 'http', pods: 'app=web', path: '/' },
      status: 200,
      inside: { nodePort: (server.address() as AddressInfo).port, key: 'd1f0', probes: [] },
    },
  });

  const open = (node = 'pi2', host = '127.0.0.1'): Sampler =>
    eachEndpoint({ id: 'x', probe: 'each-endpoint', node, everyMs: 701 }, contextAt(host));

  const endpoint = (name: string, index: number) => ({
    ...{ pod: `shop/${name}`, address: `10.1.0.${index}:80`, node: 'pi1' },
  });

  it('tells of each that is listed, by its own address', async () => {
    told = { pi2: ['web-1', 'web-2'] };
    const sampler = open();
    expect(await sampler.look(1000)).to.deep.equal({
      ok: true,
      value: { endpoints: [endpoint('web-1', 1), endpoint('web-2', 2)] },
    });
    sampler.close();
    expect(paths.toSorted()).to.deep.equal([
      '/d1f0/endpoint/10.1.0.1:80',
      '/d1f0/endpoint/10.1.0.2:80',
    ]);
    expect(asked).to.deep.equal(['pi2 endpointslices 250']);
  });

  it('says no if one does not answer, and which and why', async () => {
    told = { pi2: ['web-1', 'web-2'] };
    statuses = { '/d1f0/endpoint/10.1.0.2:80': 504 };
    const sampler = open();
    expect(await sampler.look(1000)).to.deep.equal({
      ok: false,
      value: { endpoints: [endpoint('web-1', 1), { ...endpoint('web-2', 2), error: 'HTTP 504' }] },
      error: 'HTTP 504',
    });
    sampler.close();
  });

  it('says no if none is listed', async () => {
    told = { pi2: [] };
    const sampler = open();
    expect(await sampler.look(1000)).to.deep.equal({
      ok: false,
      value: { endpoints: [] },
      error: 'ENOENDPOINT',
    });
    sampler.close();
  });

  it('follows those that come and go, by the word of another API server where one says nothing', async () => {
    const sampler = open('pi3');
    expect(await sampler.look(1000)).to.deep.equal({ ok: false, error: 'EDEADLINE' });
    told = { pi2: ['web-1'] };
    expect((await sampler.look(1000)).value).to.deep.equal({ endpoints: [endpoint('web-1', 1)] });
    told = { pi2: ['web-3', 'web-4'] };
    expect((await sampler.look(1000)).value).to.deep.equal({
      endpoints: [endpoint('web-3', 1), endpoint('web-4', 2)],
    });
    // Where nobody says it any more, the proxies keep what they have, too.
    told = {};
    expect((await sampler.look(1000)).value).to.deep.equal({
      endpoints: [endpoint('web-3', 1), endpoint('web-4', 2)],
    });
    sampler.close();
    expect(asked.map((one) => one.split(' ')[0])).to.deep.equal(['pi1', 'pi2', 'pi2', 'pi2']);
  });

  it('knows nothing of any if it does not answer itself', async () => {
    told = { pi2: ['web-1'] };
    const sampler = open('pi2', '127.0.0.2');
    const seen = await sampler.look(300);
    sampler.close();
    expect(seen).to.include({ ok: false }).and.not.to.have.property('value');
  });

  it('asks by the name of the Service, too', async () => {
    const sampler = insideNamed(
      { id: 'x', probe: 'inside-named', node: 'pi2', everyMs: 317 },
      contextAt('127.0.0.1'),
    );
    expect(await sampler.look(1000)).to.deep.equal({ ok: true, value: { status: 200 } });
    sampler.close();
    expect(paths).to.deep.equal(['/d1f0/named']);
  });

  it('is nowhere for a node that nobody knows', () => {
    expect(() => open('pi9')).to.throw('series x has nobody to ask');
  });
});
