import { expect } from 'chai';
import { kubeadm } from './platform.ts';

const { member, settings } = kubeadm.datastore;

describe('kubeadm', () => {
  it('runs its datastore in a static pod, or as a service where it is external', () => {
    expect(kubeadm.services(false).datastore).to.deep.include({
      manifest: '/etc/kubernetes/manifests/etcd.yaml',
    });
    expect(kubeadm.services(true).datastore).to.deep.include({ unit: 'etcd.service' });
  });

  it('has a member where there is data of one', () => {
    expect(member.read('member\n')).to.deep.equal({ port: 2379 });
    expect(member.read('')).to.equal(undefined);
  });

  it('has the timers of etcd, if nothing else is said', () => {
    expect(settings.read('')).to.deep.equal({ heartbeatMs: 100, electionMs: 1000 });
    expect(settings.read('etcd\n--name=pi1\n')).to.deep.equal({
      heartbeatMs: 100,
      electionMs: 1000,
    });
  });

  for (const [how, text] of [
    ['flags', 'etcd\n--heartbeat-interval=250\n--election-timeout=2500\n'],
    ['flags of a manifest', '    - --heartbeat-interval=250\n    - "--election-timeout=2500"\n'],
    ['variables', 'ETCD_HEARTBEAT_INTERVAL=250\nETCD_ELECTION_TIMEOUT=2500\n'],
    ['a file', 'name: pi1\nheartbeat-interval: 250\nelection-timeout: 2500\n'],
  ] as const) {
    it(`reads the timers of etcd from ${how}`, () => {
      expect(settings.read(text)).to.deep.equal({ heartbeatMs: 250, electionMs: 2500 });
    });
  }
});
