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

  it('says whence alerts are known: whom to ask, or where to listen', () => {
    const sourceIn = (alerts: string): unknown => {
      const read = readCluster(`${text}alerts: ${alerts}\n`, '/c/rack.yaml', '/home/me');
      return 'cluster' in read ? read.cluster.alerts : read.problems;
    };
    expect(sourceIn('{ alertmanager: https://am.local/x, token-file: ~/token }')).to.deep.equal({
      alertmanager: 'https://am.local/x',
      tokenFile: '/home/me/token',
    });
    expect(
      sourceIn('{ alertmanager: http://10.0.0.1:9093, prometheus: http://10.0.0.1:9090 }'),
    ).to.deep.equal({
      alertmanager: 'http://10.0.0.1:9093',
      prometheus: 'http://10.0.0.1:9090',
    });
    for (const [listen, host] of [
      ['0.0.0.0:9099', '0.0.0.0'],
      ['"[::1]:9099"', '::1'],
      ['here.local:9099', 'here.local'],
    ])
      expect(sourceIn(`{ listen: ${listen} }`)).to.deep.equal({ listen: { host, port: 9099 } });
    const bad = [
      ...['{ listen: 9099 }', '{ listen: ":9099" }', '{ listen: "a:0" }', '{ listen: a, b: c }'],
      ...[
        '{ alertmanager: ftp://a }',
        '{ alertmanager: http://u:p@a }',
        '{ alertmanager: http://a?b }',
      ],
      ...['{ alertmanager: http://a, listen: "a:1" }', '{}', '{ listen: "a:1", token-file: x }'],
    ];
    for (const one of bad) expect(sourceIn(one), one).to.be.an('array').with.length.above(0);
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
