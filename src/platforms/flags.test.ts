import { expect } from 'chai';
import { settingsFromFlags } from './flags.ts';

describe('the flags of Kubernetes', () => {
  it('tell the leases of both components, and how long a node may be silent', () => {
    const text = [
      'kube-controller-manager --leader-elect-lease-duration=60s',
      'kube-controller-manager --node-monitor-grace-period=1m30s',
      'kube-controller-manager --node-monitor-period=5s',
      'kube-scheduler --leader-elect-lease-duration=15s',
      'kube-apiserver --default-unreachable-toleration-seconds=20',
    ].join('\n');
    expect(settingsFromFlags(text)).to.deep.equal({
      leaseMs: { 'kube-controller-manager': 60_000, 'kube-scheduler': 15_000 },
      nodeGraceMs: 90_000,
      nodeMonitorMs: 5000,
      tolerationMs: 20_000,
    });
  });

  it('tell nothing of what is not set, nor of what is no duration', () => {
    const text = 'kube-scheduler --leader-elect-lease-duration=soon\n# --node-monitor-period=1s\n';
    expect(settingsFromFlags(text)).to.deep.equal({ leaseMs: {} });
    expect(settingsFromFlags('')).to.deep.equal({ leaseMs: {} });
  });
});
