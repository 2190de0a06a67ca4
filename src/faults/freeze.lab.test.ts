import { expect } from 'chai';
import { askDatastorePort } from '../testing/datastoreport.ts';
import { comesAndGoes, openFaultLab, type FaultLab } from '../testing/faultlab.ts';

const states = (name: string): string => `ps -o stat= -C ${name} | cut -c1 | sort -u | xargs`;

describe('the fault freeze on the lab', () => {
  let lab: FaultLab;
  before(async () => (lab = await openFaultLab()));
  after(() => lab.close());

  it('makes a datastore accept connections and say nothing, while systemd calls it active', () =>
    comesAndGoes(
      lab,
      'freeze',
      { service: 'datastore', target: 'follower' },
      {
        inForce: async ({ targets: [node = ''] }) => {
          expect(await lab.on(node, states('k8s-dqlite'))).to.equal('T');
          expect(
            await lab.on(node, 'systemctl is-active snap.microk8s.daemon-k8s-dqlite'),
          ).to.equal('active');
          expect(await askDatastorePort(lab, node)).to.equal('silent');
        },
        absent: async ({ targets: [node = ''] }) => {
          expect(await lab.on(node, states('k8s-dqlite'))).to.not.contain('T');
          expect(await askDatastorePort(lab, node)).to.equal('serves');
        },
      },
    ));

  it('freezes all processes of Kubernetes on a node', () =>
    comesAndGoes(
      lab,
      'freeze',
      { service: 'api-server', target: { node: 'pi2' } },
      {
        inForce: async () => {
          const all = 'kubelite,kube-apiserver,kubelet,kube-scheduler';
          expect(await lab.on('pi2', states(all))).to.equal('T');
        },
        absent: async () => {
          expect(await lab.on('pi2', states('kubelite,kubelet'))).to.not.contain('T');
        },
      },
    ));

  it('freezes containerd, and none of its shims', () =>
    comesAndGoes(
      lab,
      'freeze',
      { service: 'containers', target: { node: 'pi3' } },
      {
        inForce: async () => {
          expect(await lab.on('pi3', states('containerd'))).to.equal('T');
          expect(await lab.on('pi3', states('containerd-shim'))).to.not.contain('T');
        },
        absent: async () => {
          expect(await lab.on('pi3', states('containerd'))).to.not.contain('T');
        },
      },
    ));
});
