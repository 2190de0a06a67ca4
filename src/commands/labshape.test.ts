import { expect } from 'chai';
import { wishFrom } from './labshape.ts';

const ask = { name: 'one' };

describe('the shape of a lab', () => {
  it('is that of its platform where nothing is said', () => {
    expect(wishFrom({ ...ask, platform: 'microk8s' })).to.deep.equal({
      ...ask,
      platform: 'microk8s',
      controlPlanes: 4,
      workers: 0,
      profile: 'tuned',
    });
    expect(wishFrom({ ...ask, platform: 'kubeadm' })).to.deep.equal({
      ...ask,
      platform: 'kubeadm',
      controlPlanes: 3,
      workers: 2,
      profile: 'stock',
      etcd: 'stacked',
    });
  });

  it('is what was said, control planes by either name', () => {
    const wish = wishFrom({
      ...ask,
      platform: 'kubeadm',
      controlPlanes: 1,
      workers: 0,
      etcd: 'external',
    });
    expect(wish).to.include({ controlPlanes: 1, workers: 0, etcd: 'external' });
    expect(wishFrom({ ...ask, platform: 'microk8s', monitoring: true })).to.include({
      monitoring: true,
    });
    expect(wishFrom({ ...ask, platform: 'microk8s', nodes: 3 })).to.include({ controlPlanes: 3 });
  });

  it('is refused what the platform has not', () => {
    expect(() => wishFrom({ ...ask, platform: 'microk8s', etcd: 'stacked' })).to.throw(/--etcd/);
    expect(() => wishFrom({ ...ask, platform: 'kubeadm', profile: 'tuned' })).to.throw(
      'kubeadm has no profile "tuned"; it has stock, sdcard.',
    );
  });
});
