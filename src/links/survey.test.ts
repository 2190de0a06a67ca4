import { expect } from 'chai';
import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterFile } from '../model/clusterfile.ts';
import { type Pair, selfSigned } from '../testing/certs.ts';
import { type FakeMember, fakeDqlite, member } from '../testing/fake-dqlite.ts';
import { type FakeApi, fakeApi, sendJson } from '../testing/fake-kube.ts';
import { type FakeSsh, fakeSsh } from '../testing/fake-ssh.ts';
import { newKeyPair } from '../testing/keys.ts';
import { openLinks } from './open.ts';
import { SurveyError } from './survey-error.ts';
import { resurvey, survey } from './survey.ts';

const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const clusterId = '3f0c0d6e-0000-4000-8000-000000000001';
const ids = [3297041220608546238n, 14677515894319981622n, 9223372036854775809n];
const now = Date.UTC(2026, 10, 21, 10, 0, 0);
const backend = 'var/snap/microk8s/current/var/kubernetes/backend';

interface FakeNode {
  readonly ssh: FakeSsh;
  readonly api: FakeApi;
  readonly member: FakeMember;
}

/** What a test changes about a healthy cluster. */
interface Wrongs {
  uid?: string;
  bootIds?: Record<string, string>;
  leaseAgeMs?: Record<string, number>;
  cordoned?: string;
  missing?: string;
  storeless?: string;
}

describe('a survey', () => {
  let folder: string;
  let pair: Pair;
  let nodes: FakeNode[];
  let cluster: ClusterFile;
  let wrongs: Wrongs;
  // All of 127/8 is this machine; two runs of these tests at once must not meet.
  const net = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  const names = ['pi1', 'pi2', 'pi3'];
  const address = (i: number) => `${net}.${i + 1}`;

  function answer(path: string): unknown {
    if (path === '/version') return { gitVersion: 'v1.34.4' };
    if (path === '/api/v1/namespaces/kube-system')
      return { metadata: { uid: wrongs.uid ?? clusterId } };
    if (path === '/api/v1/pods')
      return {
        items: [
          pod('web-1', { nodeName: 'pi1' }, 'Running'),
          pod('done', { nodeName: 'pi1' }, 'Succeeded'),
          pod('waiting', {}, 'Pending'),
        ],
      };
    if (path.endsWith('/kube-system/leases'))
      return {
        items: [
          { metadata: { name: 'kube-scheduler' }, spec: { holderIdentity: 'pi2_3f9a-11' } },
          { metadata: { name: 'nobodys' }, spec: { holderIdentity: '' } },
        ],
      };
    if (path.endsWith('/namespaces/holdfast/leases'))
      return {
        items: [
          { metadata: { namespace: 'holdfast', name: 'app' }, spec: { holderIdentity: 'app-1' } },
        ],
      };
    const present = names.filter((name) => name !== wrongs.missing);
    return { items: path === '/api/v1/nodes' ? present.map(node) : present.map(lease) };
  }
  const pod = (name: string, spec: object, phase: string) => ({
    metadata: { namespace: 'default', name, uid: `uid-${name}` },
    spec,
    status: { phase },
  });
  const node = (name: string) => ({
    metadata: {
      name,
      labels: { 'node.kubernetes.io/microk8s-controlplane': 'microk8s-controlplane' },
    },
    spec: {
      ...(wrongs.cordoned === name && { unschedulable: true }),
      ...(name === 'pi1' && {
        taints: [
          { key: 'gpu', value: 'yes', effect: 'NoSchedule' },
          { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' },
        ],
      }),
    },
    status: {
      nodeInfo: { bootID: wrongs.bootIds?.[name] ?? bootId },
      addresses: [
        { type: 'InternalIP', address: `fd00::${names.indexOf(name) + 1}` },
        { type: 'Hostname', address: name },
      ],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  });
  const lease = (name: string) => ({
    metadata: { name },
    spec: {
      renewTime: new Date(now - (wrongs.leaseAgeMs?.[name] ?? 5_000)).toISOString(),
      leaseDurationSeconds: 40,
    },
  });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-survey-'));
    pair = selfSigned('DNS:pi1,IP:127.0.0.1');
    const apiPair = selfSigned('DNS:kubernetes');
    const userKey = newKeyPair();
    const hostKey = newKeyPair();
    let port = 0;
    nodes = [];
    const known: { id: bigint; address: string; role: 'voter' | 'stand-by' }[] = [];
    for (const [i, name] of names.entries()) {
      const root = join(folder, name);
      const sudo = `#!/bin/bash\nshift\nexec "\${@//\\/var\\/snap/${root.replaceAll('/', '\\/')}\\/var\\/snap}"\n`;
      const host = address(i);
      const env = { SSH_CONNECTION: i === 0 ? `fe80::9%eth0 50022 ${host} 2222` : '' };
      const ssh = await fakeSsh({ host, port, userKey, hostKey, sudo, env });
      port = ssh.port;
      const api = await fakeApi(
        apiPair,
        (request, response) => {
          // Its process is there, and what it keeps its objects in is not.
          if (wrongs.storeless === name && request.url !== '/version') return;
          response.setHeader('date', new Date(now).toUTCString());
          sendJson(response, 200, answer(request.url ?? ''));
        },
        { host, port: 16443 },
      );
      const leader = { id: ids[0]!, address: `${net}.1:19001` };
      const answers = (type: number) =>
        member(i === 2 ? undefined : leader, known)(type, undefined as never);
      const dqlite = await fakeDqlite(pair, answers, host);
      known.push({
        id: ids[i]!,
        address: `${host}:${dqlite.port}`,
        role: i === 2 ? 'stand-by' : 'voter',
      });
      mkdirSync(join(root, backend), { recursive: true });
      writeFileSync(join(root, backend, 'cluster.crt'), pair.cert);
      writeFileSync(join(root, backend, 'cluster.key'), pair.key);
      const info = `Address: ${host}:${dqlite.port}\nID: ${ids[i]}\nRole: 0\n`;
      writeFileSync(join(root, backend, 'info.yaml'), info);
      if (i === 1) writeFileSync(join(root, backend, 'tuning.yaml'), 'network-latency: 300ms\n');
      nodes.push({ ssh, api, member: dqlite });
    }
    const keep = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const config = {
      clusters: [
        {
          name: 'c',
          cluster: {
            server: nodes[0]!.api.server,
            'certificate-authority-data': Buffer.from(apiPair.cert).toString('base64'),
          },
        },
      ],
      users: [{ name: 'u', user: { token: 'secret-token' } }],
      contexts: [{ name: 'rack', context: { cluster: 'c', user: 'u' } }],
    };
    cluster = {
      name: 'rack',
      platform: 'microk8s',
      clusterId,
      kubeconfig: { file: keep('config', JSON.stringify(config)), context: 'rack' },
      ssh: {
        user: 'pi',
        identity: keep('identity', userKey.private),
        knownHosts: keep('known', nodes.map(({ ssh }) => ssh.knownHosts).join('')),
        port,
      },
      allow: ['reversible'],
      nodes: names.map((name, i) => ({ name, address: address(i), bootsWithinMs: 1000 })),
      protect: { namespaces: [] },
    };
  });
  beforeEach(() => {
    wrongs = {};
  });
  after(async () => {
    for (const { ssh, api, member } of nodes)
      await Promise.all([ssh.close(), api.close(), member.close()]);
    rmSync(folder, { recursive: true });
  });

  async function refusal(file: ClusterFile = cluster): Promise<SurveyError> {
    const error: unknown = await survey(file, { deadlineMs: 4_000 }).catch(
      (error: unknown) => error,
    );
    expect(error).to.be.instanceOf(SurveyError);
    return error as SurveyError;
  }

  it('finds nodes, datastore, services and pods', async () => {
    wrongs = { leaseAgeMs: { pi2: 41_000 }, cordoned: 'pi3' };
    const { snapshot } = await survey(cluster);
    expect(snapshot.cluster).to.deep.equal({
      name: 'rack',
      id: clusterId,
      platform: 'microk8s',
      kubernetes: 'v1.34.4',
    });
    const facts = (i: number, ready: boolean, schedulable: boolean, leaseAgeMs = 5_000) => ({
      name: names[i],
      address: address(i),
      addresses: [address(i), `fd00::${i + 1}`],
      ...(i === 0 && { controller: { address: 'fe80::9', port: 2222 } }),
      taints: i === 0 ? ['gpu=yes:NoSchedule'] : [],
      bootId,
      bootsWithinMs: 1000,
      controlPlane: true,
      ready,
      renewed: new Date(now - leaseAgeMs).toISOString(),
      schedulable,
      apiServer: `https://${address(i)}:16443`,
    });
    expect(snapshot.nodes).to.deep.equal([
      facts(0, true, true),
      facts(1, false, true, 41_000),
      facts(2, true, false),
    ]);
    const { datastore } = snapshot;
    expect(datastore).to.include({
      kind: 'dqlite',
      version: 'unknown',
      leader: ids[0]!.toString(),
    });
    expect(datastore.settings).to.deep.equal({ networkLatencyMs: 300 });
    expect(
      datastore.members.map(({ id, node, role, answers }) => [id, node, role, answers]),
    ).to.deep.equal([
      [ids[0]!.toString(), 'pi1', 'voter', true],
      [ids[1]!.toString(), 'pi2', 'voter', true],
      [ids[2]!.toString(), 'pi3', 'stand-by', true],
    ]);
    expect(snapshot.pods).to.deep.equal([
      {
        namespace: 'default',
        name: 'web-1',
        node: 'pi1',
        uid: 'uid-web-1',
        labels: {},
        isStatic: false,
        hasLocalData: false,
      },
    ]);
    expect(snapshot.leases).to.deep.equal({ 'kube-scheduler': 'pi2', 'holdfast/app': 'app-1' });
    expect(snapshot.services.datastore.process).to.equal('k8s-dqlite');
  });

  it('asks an API server that has its datastore, not just any that is there', async () => {
    for (const storeless of names) {
      wrongs = { storeless };
      expect((await survey(cluster, { deadlineMs: 5000 })).snapshot.cluster.id).to.equal(clusterId);
    }
  });

  it('gives access that a worker can have a copy of, and a snapshot without a secret', async () => {
    const { snapshot, access } = await survey(cluster);
    expect(structuredClone(access)).to.deep.equal(access);
    expect(access.datastore.members.map(({ via }) => via)).to.deep.equal([
      'direct',
      'direct',
      'direct',
    ]);
    const text = JSON.stringify(snapshot);
    expect(text).not.to.contain('PRIVATE KEY').and.not.to.contain('secret-token');
  });

  it('gives links that open when asked, and open again after a loss', async () => {
    const { access } = await survey(cluster);
    const links = openLinks(structuredClone(access));
    try {
      expect(await links.kube('pi2').get('/version')).to.deep.equal({ gitVersion: 'v1.34.4' });
      expect((await links.member('pi2').leader(1_000))?.id).to.equal(ids[0]!.toString());
      const [first, same] = await Promise.all([links.ssh('pi1'), links.ssh('pi1')]);
      expect(first).to.equal(same);
      nodes[0]!.ssh.cut();
      await first.run('sleep 5', { timeoutMs: 5_000 }).catch(() => undefined);
      const second = await links.ssh('pi1');
      expect(second).not.to.equal(first);
      expect((await second.run('echo back', { timeoutMs: 1_000 })).stdout).to.equal('back\n');
      expect((await resurvey(cluster, links)).datastore.leader).to.equal(ids[0]!.toString());
    } finally {
      links.close();
    }
  });

  it('goes through SSH to a member that listens on the loopback of its node', async () => {
    const { access } = await survey(cluster);
    const { port } = nodes[0]!.member;
    const via = { node: 'pi1', host: address(0), port, via: 'ssh' as const };
    const links = openLinks({ ...access, datastore: { ...access.datastore, members: [via] } });
    try {
      expect(await links.member('pi1').cluster(2_000)).to.have.length(3);
    } finally {
      links.close();
    }
  });

  it('refuses another cluster', async () => {
    wrongs = { uid: 'other' };
    const error = await refusal();
    expect(error.outcome).to.equal('refused');
    expect(error.message).to.contain('another cluster').and.contain('other').and.contain(clusterId);
  });

  it('refuses machines that are not the Nodes they should be, all of them at once', async () => {
    wrongs = { bootIds: { pi1: 'b1', pi3: 'b3' } };
    const error = await refusal();
    expect(error.outcome).to.equal('refused');
    expect(error.problems).to.have.length(2);
    expect(error.problems[1]).to.contain(`the machine behind ${address(2)} is not Node pi3`);
  });

  it('refuses a node that the cluster does not have', async () => {
    wrongs = { missing: 'pi2' };
    expect((await refusal()).problems).to.deep.equal([
      'the cluster has no Node pi2; it has: pi1, pi3',
    ]);
  });

  it('names all nodes that it cannot reach', async () => {
    const lost = [
      ...cluster.nodes,
      { name: 'pi4', address: `${net}.44`, bootsWithinMs: 1000 },
      { name: 'pi5', address: `${net}.55`, bootsWithinMs: 1000 },
    ];
    const error = await refusal({ ...cluster, nodes: lost });
    expect(error.outcome).to.equal('unreachable');
    expect(error.problems).to.have.length(2);
    expect(error.message).to.contain(`${net}.44`).and.contain(`${net}.55`);
  });

  it('takes a node that a fault may have taken down for not ready, whether it is silent or has just booted', async () => {
    const { access } = await survey(cluster);
    wrongs = { bootIds: { pi3: 'before' } };
    const links = openLinks(access);
    try {
      const refused: unknown = await resurvey(cluster, links, { mayBeDown: ['pi2'] }).catch(
        (error: unknown) => error,
      );
      expect((refused as SurveyError).message)
        .to.include('is not Node pi3')
        .and.not.include('pi2');
      const { nodes, datastore } = await resurvey(cluster, links, { mayBeDown: ['pi3'] });
      expect(nodes.map(({ ready }) => ready)).to.deep.equal([true, true, false]);
      expect(datastore.members).to.have.length(3);

      wrongs = {};
      const gone = { ...cluster, nodes: [...cluster.nodes] };
      gone.nodes[1] = { name: 'pi2', address: `${net}.44`, bootsWithinMs: 1000 };
      const others = openLinks({ ...access, nodes: gone.nodes });
      try {
        const { nodes, datastore } = await resurvey(gone, others, { mayBeDown: ['pi2', 'pi3'] });
        expect(nodes.map(({ ready }) => ready)).to.deep.equal([true, false, true]);
        expect(datastore.members.map(({ answers }) => answers)).to.deep.equal([true, false, true]);
      } finally {
        others.close();
      }
    } finally {
      links.close();
    }
  });

  it('names all files that it cannot read', async () => {
    const ssh = { ...cluster.ssh, identity: '/none/key', knownHosts: '/none/hosts' };
    const error = await refusal({ ...cluster, ssh, kubeconfig: { file: '/none/config' } });
    expect(error.outcome).to.equal('usage');
    expect(error.problems).to.have.length(3);
  });
});
