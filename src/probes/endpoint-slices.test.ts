import { expect } from 'chai';
import { readyByNode, readyEndpoints, slicesPath, type SliceList } from './endpoint-slices.ts';

const targetRef = (name: string) => ({ namespace: 'shop', name });

const list: SliceList = {
  items: [
    {
      ports: [
        { name: 'admin', port: 9000 },
        { name: 'http', port: 8080 },
      ],
      endpoints: [
        {
          ...{
            addresses: ['10.1.0.2', '10.1.0.99'],
            nodeName: 'pi2',
            targetRef: targetRef('web-2'),
          },
          conditions: { ready: true },
        },
        {
          ...{ addresses: ['10.1.0.1'], nodeName: 'pi1', targetRef: targetRef('web-1') },
          conditions: { ready: false },
        },
        { addresses: ['fd00::7'], targetRef: targetRef('web-0') },
      ],
    },
    {
      ports: [{ name: 'http', port: 8080 }],
      endpoints: [
        // While slices are put in order, one is in two.
        { addresses: ['10.1.0.2'], nodeName: 'pi2', targetRef: targetRef('web-2') },
        { addresses: ['192.0.2.9'] },
        { nodeName: 'pi3' },
      ],
    },
    { ports: null, endpoints: null },
  ],
};

describe('the EndpointSlices of a Service', () => {
  it('are those with its label', () => {
    expect(slicesPath({ namespace: 'shop', service: 'web' })).to.equal(
      '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dweb',
    );
  });

  it('lead to those that are ready, each once, at the port that is asked', () => {
    expect(readyEndpoints(list, 'http')).to.deep.equal([
      { pod: '192.0.2.9:8080', address: '192.0.2.9:8080' },
      { pod: 'shop/web-0', address: '[fd00::7]:8080' },
      { pod: 'shop/web-2', address: '10.1.0.2:8080', node: 'pi2' },
    ]);
    expect(readyEndpoints(list, 'admin').map(({ address }) => address)).to.deep.equal([
      '[fd00::7]:9000',
      '10.1.0.2:9000',
    ]);
  });

  it('need not have a name for their port, and lead nowhere without that port', () => {
    const [unnamed] = [
      { items: [{ ports: [{ port: 80 }], endpoints: [{ addresses: ['10.1.0.1'] }] }] },
    ];
    expect(readyEndpoints(unnamed)).to.deep.equal([{ pod: '10.1.0.1:80', address: '10.1.0.1:80' }]);
    expect(readyEndpoints(unnamed, 'http')).to.deep.equal([]);
    expect(readyEndpoints(list)).to.deep.equal([]);
  });

  it('are counted by their nodes, if they are ready', () => {
    expect(readyByNode(list)).to.deep.equal({ pi2: 2, pi3: 1, '': 2 });
  });
});
