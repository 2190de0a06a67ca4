import { expect } from 'chai';
import { settingsFromFlags } from './flags.ts';

describe('the settings of keepalived', () => {
  it('are read beside those of Kubernetes, in seconds', () => {
    const text = 'keepalived --advert-int=1\nkeepalived --interval=0.5\nkeepalived --fall=3\n';
    expect(settingsFromFlags(text)).to.deep.equal({
      leaseMs: {},
      endpoint: { advertMs: 1000, checkMs: 500, checks: 3 },
    });
    expect(settingsFromFlags('keepalived --advert-int=2\n').endpoint).to.deep.equal({
      advertMs: 2000,
      checkMs: 1000,
      checks: 1,
    });
    for (const [weight, lowers] of [
      [-50, true],
      [0, undefined],
    ])
      expect(
        settingsFromFlags(`keepalived --advert-int=1\nkeepalived --weight=${weight}\n`).endpoint
          ?.lowers,
      ).to.equal(lowers);
  });
});

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
