/** The platform kubeadm: a small lab of it, in place of the one that other tests use: two would disturb what is measured. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import { holdfast, newReports, resultIn } from '../../testing/holdfast.ts';
import { tracesOf } from '../../testing/labtraces.ts';
import { quiet } from '../../testing/quiet.ts';
import { testWish } from '../../testing/wish.ts';
import { apiOf, withApi } from '../api.ts';
import { clusterFile } from '../clusterfile.ts';
import { down, find, reset, up } from '../lab.ts';
import { inside } from '../machine.ts';
import { powerState, switchOff, switchOn } from '../power.ts';
import { firstControlPlane, layOut, type Lab, type LabNode } from '../topology.ts';
import { untilServing } from '../wait.ts';
import { etcdctl, memberNodes } from './etcd.ts';
import { kubeadm } from './platform.ts';
import { controlPlaneEndpoint } from './places.ts';

const shape = { platform: 'kubeadm', controlPlanes: 3, workers: 1, profile: 'stock' } as const;

/** Waits until something is so; asks five times a second. */
async function until(what: string, atMostMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + atMostMs;
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > end) throw new Error(`not within ${atMostMs / 1000} s: ${what}`);
    await delay(200);
  }
}

/** Does the API answer by the control plane's endpoint? */
async function answers(lab: Lab): Promise<boolean> {
  const api = apiOf(lab, firstControlPlane(lab), `https://${controlPlaneEndpoint(lab)}`);
  try {
    return (await api.request('GET', '/readyz')).status === 200;
  } finally {
    api.close();
  }
}

describe('a lab of the platform kubeadm', () => {
  let lab: Lab;

  before(async () => {
    if ((await find(testWish.name)) !== undefined) await down(testWish.name, quiet);
    lab = await up({ ...shape, name: 'third', etcd: 'stacked' }, quiet);
  });

  after(async () => {
    if ((await find('third')) !== undefined) await down('third', quiet);
  });

  it('has nothing newer to be upgraded to, and stays as it is', async () => {
    const upgrade = await reset('third', quiet, { upgraded: true }).catch(String);
    expect(upgrade).to.include('kubeadm has nothing newer in the lab to upgrade to');
    expect(await find('third')).to.deep.equal(lab);
  });

  it('has Ready nodes that the cloud controller manager knows, and a lease of each controller', async () => {
    interface Node {
      readonly spec: { readonly providerID?: string };
      readonly status: {
        readonly conditions: readonly { readonly type: string; readonly status: string }[];
      };
    }
    const [nodes, leases] = await withApi(lab, async (api) => [
      await api.list<Node>('/api/v1/nodes'),
      await api.list<{ metadata: { name: string } }>(
        '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases',
      ),
    ]);
    expect(nodes.map(({ spec }) => spec.providerID)).to.deep.equal(
      lab.nodes.map(({ name }) => `lab://${name}`),
    );
    for (const { status } of nodes)
      expect(status.conditions.find(({ type }) => type === 'Ready')?.status).to.equal('True');
    expect(leases.map(({ metadata }) => metadata.name)).to.include.members([
      'cloud-controller-manager',
      'kube-controller-manager',
      'kube-scheduler',
    ]);
  });

  it('has a voting member of etcd on each control plane, and names its platform in its cluster file', async () => {
    const nodes = memberNodes(lab);
    interface Members {
      readonly members: readonly { readonly name: string; readonly isLearner?: boolean }[];
    }
    const told = await inside(lab, nodes[0]!, etcdctl(nodes, 'member list --write-out=json'));
    const { members } = JSON.parse(told) as Members;
    expect(members.map(({ name }) => name).sort()).to.deep.equal(nodes.map(({ name }) => name));
    expect(members.filter(({ isLearner }) => isLearner)).to.deep.equal([]);
    await inside(lab, nodes[0]!, etcdctl(nodes, 'endpoint health'));
    const file = parse(readFileSync(clusterFile(lab.name), 'utf8')) as Record<string, object>;
    expect(file['platform']).to.equal('kubeadm');
    expect(Object.keys(file['nodes'] ?? {})).to.deep.equal(lab.nodes.map(({ name }) => name));
  });

  it('passes leader-loss, by the file that is for every platform', async () => {
    const reports = newReports();
    const cluster = clusterFile(lab.name);
    const ran = await holdfast('run', 'leader-loss', '--cluster', cluster, '--reports', reports);
    const { trials, healed } = resultIn(reports);
    const outcomes = Object.fromEntries(
      (trials[0]?.verdicts ?? []).map(({ claim, outcome }) => [claim, outcome]),
    );
    expect(outcomes, ran.stderr).to.include({
      'leader-elected': 'pass',
      'voters-restored': 'not-applicable',
      'writes-resume': 'pass',
      'cluster-recovers': 'pass',
    });
    expect(healed, ran.stderr).to.equal(true);
    const aside =
      'ls -d /etc/kubernetes/holdfast-* /run/holdfast /var/lib/holdfast 2>/dev/null || true';
    for (const node of lab.nodes) expect(await inside(lab, node, aside)).to.equal('');
  });

  it('answers by its endpoint without the node that held it, which after the cut has what was synced and nothing else @long', async () => {
    const node = firstControlPlane(lab);
    const plug = { lab: lab.name, node: node.name };
    const holds = (one: LabNode): Promise<boolean> =>
      inside(lab, one, 'ip -o address show dev eth0').then((told) => told.includes('.10/24'));
    expect(await holds(node)).to.equal(true);
    const { datastoreDir } = lab;
    await inside(
      lab,
      node,
      `cd ${datastoreDir} && echo kept > synced && sync -f synced && echo lost > unsynced`,
    );
    await switchOff(plug);
    expect(await powerState(plug)).to.equal('off');
    await until('another control plane holds the endpoint', 20_000, () => answers(lab));
    expect(await holds(lab.nodes[1]!)).to.equal(true);

    const since = Date.now();
    await switchOn(plug);
    await untilServing(lab, since);
    const left = await inside(lab, node, `cd ${datastoreDir} && cat synced unsynced 2>&1 || true`);
    expect(left).to.include('kept');
    expect(left).to.not.include('lost');
  });

  it('leaves nothing on the host when it is taken down', async () => {
    expect(tracesOf(lab)).to.not.deep.equal([]);
    await down(lab.name, quiet);
    expect(tracesOf(lab)).to.deep.equal([]);
  });
});

describe('a lab whose etcd has nodes of its own @long', () => {
  const wish = {
    ...shape,
    name: 'fourth',
    controlPlanes: 1,
    workers: 0,
    etcd: 'external',
  } as const;

  after(async () => {
    if ((await find(wish.name)) !== undefined) await down(wish.name, quiet);
  });

  it('keeps the cluster in members that are no nodes of Kubernetes', async () => {
    const lab = await up(wish, quiet);
    expect(lab.nodes).to.deep.equal(layOut(wish.name, lab.slot, wish, kubeadm.places).nodes);
    const nodes = await withApi(lab, (api) =>
      api.list<{ metadata: { name: string } }>('/api/v1/nodes'),
    );
    expect(nodes.map(({ metadata }) => metadata.name)).to.deep.equal(['pi1']);
    const [first] = memberNodes(lab);
    const keys = await inside(
      lab,
      first!,
      etcdctl(memberNodes(lab), 'get /registry/namespaces/ --prefix --keys-only'),
    );
    expect(keys).to.include('/registry/namespaces/kube-system');
    expect(await inside(lab, first!, 'systemctl is-active etcd')).to.equal('active');
  });
});
