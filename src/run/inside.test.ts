import { expect } from 'chai';
import type { Kube } from '../links/kube.ts';
import { deployInside, sampledOf } from './inside.ts';

interface Made {
  readonly kind: string;
  readonly data?: Readonly<Record<string, string>>;
}

const key = 'd1f0';

describe('the pods that ask from inside', () => {
  /** What they are told to pass on, given the DNS of the cluster. */
  async function configuration(dns: string | undefined): Promise<string> {
    const made: Made[] = [];
    const kube = {
      get: () =>
        dns === undefined
          ? Promise.reject(new Error('HTTP 404'))
          : Promise.resolve({ spec: { clusterIP: dns, ports: [] } }),
      request: (_method: string, _path: string, { body }: { body: Made }) => {
        made.push(body);
        return Promise.resolve({ status: 201, headers: {}, text: '{}' });
      },
      create: (_path: string, body: Made) => {
        made.push(body);
        return Promise.resolve({});
      },
    } as unknown as Kube;
    const service = {
      ...{ namespace: 'shop', name: 'web', clusterIP: '10.152.183.7', port: 8080 },
      ...{ balancers: [], selector: {} },
    };
    await deployInside(kube, { service, path: '/healthz' }, { key });
    return made.find(({ kind }) => kind === 'ConfigMap')?.data?.['default.conf'] ?? '';
  }

  it('pass questions on to an endpoint by its address, and to nobody by a name or another path', async () => {
    const text = await configuration('10.152.183.10');
    const location = /location ~ (\^\/endpoint\/.*\$) \{\n\s*internal;\n\s*proxy_pass (.*);/.exec(
      text,
    );
    expect(location?.[2]).to.equal('http://$endpoint/healthz');
    const passes = new RegExp(location?.[1] ?? '$.');
    for (const address of ['10.1.0.7:80', '[fd00::7]:8080'])
      expect(passes.exec(`/endpoint/${address}`)?.groups?.['endpoint']).to.equal(address);
    for (const other of ['web:80', '10.1.0.7', '10.1.0.7:80/admin', 'fd00::7:80', '[web]:80'])
      expect(passes.test(`/endpoint/${other}`), other).to.equal(false);
  });

  it('are told what to ask only by those who know the key of the run', async () => {
    const text = await configuration('10.152.183.10');
    const open = text
      .split(/\n {2}location /)
      .slice(1)
      .filter((location) => !location.includes('internal;'));
    expect(open.map((location) => location.trim().split('\n')[0])).to.deep.equal([
      '= /ready { return 200 "ready\\n"; }',
      '~ ^/d1f0(?<question>/.*)$ { rewrite ^ $question last; }',
    ]);
  });

  it('ask the workload by its name, of the cluster’s DNS, if there is one', async () => {
    const text = await configuration('10.152.183.10');
    expect(text).to.match(
      /location = \/named \{\n\s*internal;\n\s*resolver 10\.152\.183\.10 valid=1s;/,
    );
    expect(text).to.contain('set $named web.shop.svc.cluster.local;');
    expect(text).to.contain('proxy_pass http://$named:8080/healthz;');
    expect(await configuration(undefined)).not.to.match(/named|resolver/);
  });

  it('are not asked for what they did not answer when that was tried', () => {
    const series = ['web-new', 'inside-new', 'inside-named', 'each-endpoint', 'names'].map(
      (probe) => ({ id: `${probe}@pi1`, probe, node: 'pi1', everyMs: 100 }),
    );
    const sampled = (probes?: readonly string[]): readonly string[] =>
      sampledOf(series, probes && { nodePort: 30_000, key, probes }).map(({ probe }) => probe);
    expect(sampled()).to.deep.equal(['web-new']);
    expect(sampled(['each-endpoint', 'names'])).to.deep.equal([
      ...['web-new', 'each-endpoint', 'names'],
    ]);
  });
});
