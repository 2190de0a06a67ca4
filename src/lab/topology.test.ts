import { expect } from 'chai';
import { kubeadm } from './kubeadm/platform.ts';
import {
  controlPlanes,
  kubernetesNodes,
  layOut,
  machinesOf,
  virtualAddress,
  workers,
} from './topology.ts';

const shape = { platform: 'kubeadm', controlPlanes: 3, workers: 1, profile: 'stock' } as const;

describe('the topology of a lab', () => {
  it('numbers control planes, workers and members of etcd through', () => {
    const lab = layOut('one', 7, { ...shape, etcd: 'external' }, kubeadm.places);
    expect(lab.nodes.map(({ name, address, role }) => `${name} ${address} ${role}`)).to.deep.equal([
      'pi1 10.77.7.11 control-plane',
      'pi2 10.77.7.12 control-plane',
      'pi3 10.77.7.13 control-plane',
      'pi4 10.77.7.14 worker',
      'etcd1 10.77.7.15 etcd',
      'etcd2 10.77.7.16 etcd',
      'etcd3 10.77.7.17 etcd',
    ]);
    expect(controlPlanes(lab)).to.have.length(3);
    expect(workers(lab)).to.have.length(1);
    expect(kubernetesNodes(lab)).to.have.length(4);
  });

  it('has the monitor beside its nodes, at an address that none of them can have', () => {
    const lab = layOut('one', 7, { ...shape, etcd: 'external', monitoring: true }, kubeadm.places);
    expect(lab.monitor).to.deep.equal({
      name: 'monitor',
      index: 254,
      role: 'monitor',
      address: '10.77.7.9',
    });
    expect(lab.nodes).to.have.length(7).and.not.include(lab.monitor);
    expect(machinesOf(lab)).to.have.length(8).and.include(lab.monitor);
    expect(layOut('one', 7, shape, kubeadm.places)).not.to.have.property('monitor');
  });

  it('has no nodes for a datastore that is on the control planes, and an address that is no node’s', () => {
    const lab = layOut('one', 0, { ...shape, etcd: 'stacked' }, kubeadm.places);
    expect(lab.nodes.map(({ name }) => name)).to.deep.equal(['pi1', 'pi2', 'pi3', 'pi4']);
    expect(lab.nodes.map(({ address }) => address)).to.not.include(virtualAddress(lab));
  });
});
