import { expect } from 'chai';
import type { ServiceWorkload } from '../model/scenario.ts';
import { objectsAt } from '../testing/fake-objects.ts';
import { findOwnWorkload } from './own-workload.ts';

const meant: ServiceWorkload = {
  namespace: 'shop',
  service: 'web',
  path: '/healthz',
  expect: 204,
  by: 'node-port',
};

const ports = [
  { name: 'http', port: 80, nodePort: 30_080 },
  { name: 'admin', port: 8080, nodePort: 30_088 },
];
const spec = { clusterIP: '10.152.183.7', selector: { app: 'web', tier: 'front' }, ports };
const slices =
  '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dweb';
/** Those of the Service's ports by name; of one without a name, too. */
const ready = {
  items: ['http', 'admin', ''].map((name) => ({
    ports: [{ name, port: 8080 }],
    endpoints: [{ addresses: ['10.1.0.1'], conditions: { ready: true } }],
  })),
};
const ingresses = '/apis/networking.k8s.io/v1/namespaces/shop/ingresses';

const servedBy = (...ips: string[]) => ({
  items: [
    {
      spec: { rules: [{ host: 'other.example.org' }, { host: 'shop.example.org' }] },
      status: { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } },
    },
  ],
});

async function find(change: Partial<ServiceWorkload>, service: object = {}, more: object = {}) {
  const path = '/api/v1/namespaces/shop/services/web';
  const kube = objectsAt({ [path]: { spec, ...service }, [slices]: ready, ...more });
  return findOwnWorkload(kube, { ...meant, ...change });
}

async function wayIn(...args: Parameters<typeof find>): Promise<unknown> {
  const found = await find(...args);
  return 'noWay' in found ? found.noWay : found.address.outside;
}

describe('a Service of the users', () => {
  it('is asked as the scenario says, and its pods are those that it selects', async () => {
    expect(await find({})).to.deep.equal({
      service: {
        namespace: 'shop',
        name: 'web',
        clusterIP: '10.152.183.7',
        port: 80,
        portName: 'http',
        nodePort: 30_080,
        balancers: [],
        selector: { app: 'web', tier: 'front' },
      },
      address: {
        namespace: 'shop',
        service: 'web',
        portName: 'http',
        pods: 'app=web,tier=front',
        path: '/healthz',
        status: 204,
        outside: { port: 30_080 },
      },
    });
  });

  it('is reached by the port that is meant, by its number or its name', async () => {
    expect(await wayIn({ port: 8080 })).to.deep.equal({ port: 30_088 });
    expect(await wayIn({ port: 'admin' })).to.deep.equal({ port: 30_088 });
    expect(await wayIn({ port: 'grpc' })).to.equal(
      'Service shop/web has no port grpc; its ports: 80 (http), 8080 (admin)',
    );
  });

  it('has no way in by a node port that it has not, and says what else to write', async () => {
    const plain = { spec: { ...spec, ports: [{ port: 80 }] } };
    expect(await wayIn({}, plain)).to.match(/^Service shop\/web has no node port; write by: \{/);
    const status = { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } };
    expect(await wayIn({}, { ...plain, status })).to.contain('write by: load-balancer');
  });

  it('is reached by its load balancer once that has an address', async () => {
    const status = { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } };
    expect(await wayIn({ by: 'load-balancer' }, { spec, status })).to.deep.equal({
      address: '192.0.2.7',
      port: 80,
    });
    const named = { loadBalancer: { ingress: [{ hostname: 'lb.example.org' }] } };
    expect(await wayIn({ by: 'load-balancer' }, { spec, status: named })).to.contain('no address');
    expect(await wayIn({ by: 'load-balancer' })).to.contain('no address');
  });

  it('is reached by the host of an Ingress, at its address or a pinned one', async () => {
    const by = { ingress: 'shop.example.org' };
    expect(await wayIn({ by }, {}, { [ingresses]: servedBy('192.0.2.8') })).to.deep.equal({
      address: '192.0.2.8',
      port: 80,
      host: 'shop.example.org',
    });
    const pinned = { ...by, address: '192.0.2.9', https: true };
    expect(await wayIn({ by: pinned })).to.deep.equal({
      address: '192.0.2.9',
      port: 443,
      host: 'shop.example.org',
      https: true,
    });
    expect(await wayIn({ by: { ...pinned, port: 8443 } })).to.have.property('port', 8443);
  });

  it('has no way in by an Ingress that nobody has, or that does not say where it is', async () => {
    const by = { ingress: 'shop.example.org' };
    expect(await wayIn({ by }, {}, { [ingresses]: { items: [] } })).to.match(
      /^no Ingress in namespace shop has the host shop.example.org/,
    );
    // A controller on the ports of its hosts says this for want of an address.
    for (const ips of [[], ['127.0.0.1']])
      expect(await wayIn({ by }, {}, { [ingresses]: servedBy(...ips) })).to.match(
        /^the Ingress of shop.example.org does not say where it is reached/,
      );
  });

  it('needs no way in where pods alone ask it', async () => {
    expect(await wayIn({ by: 'pod' }, { spec: { ...spec, ports: [{ port: 80 }] } })).to.equal(
      undefined,
    );
  });

  it('is refused if it is not there, has no port, or does not say which pods are its own', async () => {
    expect(await findOwnWorkload(objectsAt({}), meant)).to.deep.equal({
      noWay: 'there is no Service shop/web',
    });
    expect(await wayIn({}, { spec: { ...spec, ports: [] } })).to.equal(
      'Service shop/web has no port at all; its ports: none',
    );
    expect(await wayIn({}, { spec: { ...spec, selector: undefined } })).to.match(
      /^Service shop\/web selects no pods/,
    );
  });

  it('is refused if none of its pods is ready at that port', async () => {
    const none = 'Service shop/web leads to no ready pod: nobody would answer';
    expect(await wayIn({}, {}, { [slices]: { items: [] } })).to.equal(none);
    const [http] = ready.items;
    expect(await wayIn({ port: 'admin' }, {}, { [slices]: { items: [http] } })).to.equal(none);
  });

  it('may have no address of its own', async () => {
    const found = await find({ by: 'pod' }, { spec: { ...spec, clusterIP: 'None' } });
    expect(found).to.have.property('service').that.does.not.have.property('clusterIP');
  });

  it('is not known where the API fails', async () => {
    const kube = { ...objectsAt({}), get: () => Promise.reject(new Error('EDEADLINE')) };
    const failed = await findOwnWorkload(kube, meant).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(Error).with.property('message', 'EDEADLINE');
  });
});
