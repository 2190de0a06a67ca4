import { expect } from 'chai';
import { layOut } from '../topology.ts';
import { haproxyConfig, keepalivedConfig } from './endpoint.ts';
import { places } from './places.ts';

const shape = { platform: 'kubeadm', workers: 1, profile: 'stock', etcd: 'stacked' } as const;
const lab = layOut('one', 0, { ...shape, controlPlanes: 3 }, places);

describe('the endpoint of the control plane', () => {
  it('passes on to every API server and to no worker', () => {
    const servers = [...haproxyConfig(lab).matchAll(/^ {2}server (\S+) (\S+)$/gm)];
    expect(servers.map(([, name, address]) => `${name} ${address}`)).to.deep.equal([
      'pi1 10.77.0.11:6443',
      'pi2 10.77.0.12:6443',
      'pi3 10.77.0.13:6443',
    ]);
  });

  it('is held by the first of those whose balancer answers, who speak with each other alone', () => {
    const [first, second] = lab.nodes.map((node) => keepalivedConfig(lab, node));
    const priority = (text = ''): number => Number(/priority (\d+)/.exec(text)?.[1]);
    const weight = Number(/weight (-\d+)/.exec(first ?? '')?.[1]);
    expect(priority(first)).to.be.greaterThan(priority(second));
    expect(priority(first) + weight).to.be.lessThan(priority(second));
    const peers = /unicast_peer \{([^}]*)\}/
      .exec(second ?? '')?.[1]
      ?.trim()
      .split(/\s+/);
    expect(peers).to.deep.equal(['10.77.0.11', '10.77.0.13']);
    expect(second).to.contain('unicast_src_ip 10.77.0.12\n');
    expect(second).to.match(/virtual_ipaddress \{\s+10\.77\.0\.10\/24\s+\}/);
  });

  it('needs no peers with one control plane', () => {
    const alone = layOut('one', 0, { ...shape, controlPlanes: 1 }, places);
    expect(keepalivedConfig(alone, alone.nodes[0]!)).to.not.contain('unicast_peer');
  });
});
