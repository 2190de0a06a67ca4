import { expect } from 'chai';
import { readCluster } from './cluster.ts';

const text = `apiVersion: holdfast.dev/v1
kind: Cluster
name: rack
platform: microk8s
cluster-id: 3f0c2d6a-6f0e-4b39-9c9a-0d2f6f4f8a11
kubeconfig: { file: ~/.kube/config, context: rack }
ssh: { user: ubuntu, identity: keys/id_ed25519, known-hosts: /etc/ssh/known_hosts }
nodes:
  pi2: { address: 192.168.1.102, power: { command: { off: plug off, on: plug on, state: plug } }, boots-within: 90s }
  pi1: { address: pi1.local }
`;

describe('a cluster file', () => {
  it('becomes a cluster with absolute paths, its nodes in their order, consenting to little', () => {
    expect(readCluster(text, '/home/me/clusters/rack.yaml', '/home/me')).to.deep.equal({
      cluster: {
        name: 'rack',
        platform: 'microk8s',
        clusterId: '3f0c2d6a-6f0e-4b39-9c9a-0d2f6f4f8a11',
        kubeconfig: { file: '/home/me/.kube/config', context: 'rack' },
        ssh: {
          user: 'ubuntu',
          identity: '/home/me/clusters/keys/id_ed25519',
          knownHosts: '/etc/ssh/known_hosts',
          port: 22,
        },
        allow: ['reversible'],
        nodes: [
          {
            name: 'pi2',
            address: '192.168.1.102',
            power: { command: { off: 'plug off', on: 'plug on', state: 'plug' } },
            bootsWithinMs: 90_000,
          },
          { name: 'pi1', address: 'pi1.local', bootsWithinMs: 300_000 },
        ],
        protect: { namespaces: [] },
      },
    });
  });

  it('says which machines are of an external etcd, where the platform can have one', () => {
    const etcd = text.replace('address: pi1.local', 'address: pi1.local, role: etcd');
    expect(
      readCluster(etcd.replace('microk8s', 'kubeadm'), '/c/rack.yaml', '/home/me'),
    ).to.have.nested.property('cluster.nodes[1].role', 'etcd');
    expect(readCluster(etcd, 'rack.yaml'))
      .to.have.nested.property('problems[0]')
      .that.includes({ file: 'rack.yaml', line: 10, column: 36 });
  });

  it('says what it allows and protects', () => {
    const read = readCluster(
      `${text}allow: [reversible, power]\nprotect: { namespaces: [billing] }\n`,
      'rack.yaml',
    );
    expect(read).to.have.nested.property('cluster.allow').that.deep.equals(['reversible', 'power']);
    expect(read).to.have.nested.property('cluster.protect.namespaces[0]', 'billing');
  });

  it('takes ~ for home only at the start of a path', () => {
    const odd = text.replace('keys/id_ed25519', './~/id~');
    expect(readCluster(odd, '/c/rack.yaml', '/home/me')).to.have.nested.property(
      'cluster.ssh.identity',
      '/c/~/id~',
    );
  });
});
