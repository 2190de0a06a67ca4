import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { layOut, type EtcdPlace } from '../topology.ts';
import { initConfig, joinConfig } from './config.ts';
import { memberConfig } from './etcd.ts';
import { places } from './places.ts';

const secrets = { token: 'abcdef.0123456789abcdef', certificateKey: 'ff' };

function labWith(etcd: EtcdPlace): ReturnType<typeof layOut> {
  const shape = { platform: 'kubeadm', controlPlanes: 2, workers: 1, profile: 'stock' } as const;
  return layOut('one', 0, { ...shape, etcd }, places);
}

/** The documents of a configuration by their kind. */
function read(text: string): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const documents = parseAllDocuments(text).map((one) => one.toJS() as { kind: string });
  return Object.fromEntries(documents.map((one) => [one.kind, one]));
}

describe('the configuration of kubeadm', () => {
  it('has the endpoint, and etcd beside each API server', () => {
    const lab = labWith('stacked');
    const { ClusterConfiguration: cluster, InitConfiguration: init } = read(
      initConfig(lab, lab.nodes[0]!, secrets),
    );
    expect(cluster).to.deep.include({
      controlPlaneEndpoint: '10.77.0.10:8443',
      etcd: { local: { dataDir: '/var/lib/etcd' } },
    });
    expect(init).to.deep.include({
      localAPIEndpoint: { advertiseAddress: '10.77.0.11', bindPort: 6443 },
    });
  });

  it('names the members of an etcd that has nodes of its own', () => {
    const lab = labWith('external');
    const { ClusterConfiguration: cluster } = read(initConfig(lab, lab.nodes[0]!, secrets));
    const { external } = cluster?.['etcd'] as { external: { endpoints: readonly string[] } };
    expect(external.endpoints).to.deep.equal([
      'https://10.77.0.14:2379',
      'https://10.77.0.15:2379',
      'https://10.77.0.16:2379',
    ]);
    expect(memberConfig(lab, lab.nodes[4]!)).to.contain(
      'etcd1=https://10.77.0.14:2380,etcd2=https://10.77.0.15:2380,etcd3=https://10.77.0.16:2380',
    );
  });

  it('lets a control plane join as one, and a worker as a worker', () => {
    const lab = labWith('stacked');
    const [, second, worker] = lab.nodes;
    const joining = (node = second!): Readonly<Record<string, unknown>> | undefined =>
      read(joinConfig(lab, node, secrets, 'sha256:00'))['JoinConfiguration'];
    expect(joining()).to.deep.include({
      controlPlane: {
        certificateKey: 'ff',
        localAPIEndpoint: { advertiseAddress: '10.77.0.12', bindPort: 6443 },
      },
    });
    expect(joining(worker)).to.not.have.property('controlPlane');
    expect(joining(worker)?.['discovery']).to.deep.equal({
      bootstrapToken: {
        token: secrets.token,
        apiServerEndpoint: '10.77.0.10:8443',
        caCertHashes: ['sha256:00'],
      },
    });
  });
});
