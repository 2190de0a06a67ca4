/** The Job of docs/gamedays.md with two labs: one carries it, the other is what it breaks. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';
import { clusterFile } from '../lab/clusterfile.ts';
import { makeImages } from '../lab/images.ts';
import { defaultWish, down, up } from '../lab/lab.ts';
import { inside, nodeFolders } from '../lab/machine.ts';
import { run } from '../lab/shell.ts';
import { bridgeName, hostNames, type Lab, type LabNode } from '../lab/topology.ts';
import type { Result } from '../model/result.ts';
import { holdfast } from '../testing/holdfast.ts';
import { quiet } from '../testing/quiet.ts';
import { until } from '../testing/until.ts';
import { testWish } from '../testing/wish.ts';

const root = resolve(import.meta.dirname, '..', '..');
const image = 'holdfast.dev/lab/holdfast:test';
const reports = 'srv/holdfast-reports';
/** The user in the image of the Containerfile. */
const user = 10_001;

/** A claim on a folder of the only node. */
const claim = `apiVersion: v1
kind: PersistentVolume
metadata: { name: reports }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteMany]
  storageClassName: ''
  hostPath: { path: /${reports} }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: reports, namespace: holdfast-fleet }
spec:
  storageClassName: ''
  volumeName: reports
  accessModes: [ReadWriteMany]
  resources: { requests: { storage: 1Gi } }
`;

describe('the Job of a fleet @long', () => {
  let target: Lab;
  let fleet: Lab;
  let node: LabNode;
  const clusters = mkdtempSync(join(tmpdir(), 'holdfast-clusters-'));
  const on = (command: string, input?: string): Promise<string> =>
    inside(fleet, node, command, input === undefined ? {} : { input });
  const kubectl = (words: string, input?: string): Promise<string> =>
    on(`/snap/bin/microk8s kubectl ${words}`, input);
  const printed = async (...words: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await holdfast('job', ...words, '--index-of', clusters);
    expect(code, stderr).to.equal(0);
    return stdout;
  };

  before(async () => {
    target = await up(testWish, quiet);
    fleet = await up({ ...defaultWish, name: 'fleet', controlPlanes: 1 }, quiet);
    node = fleet.nodes[0] ?? expect.fail('a lab without nodes');
    cpSync(clusterFile(target.name), join(clusters, `${target.name}.yaml`));
    await reachTarget();
    await importImage();
  });

  after(() => down('fleet', quiet));

  /** A second leg of the node, in the network of the other lab: nothing leads from one lab to another. */
  async function reachTarget(): Promise<void> {
    const { namespace } = hostNames(fleet, node);
    const address = `${dirname(target.nodes[0]?.address.replaceAll('.', '/') ?? '')}/200`;
    await run('ip', ['link', 'add', 'hffleet', 'type', 'veth', 'peer', 'leg', 'netns', namespace]);
    await run('ip', ['link', 'set', 'hffleet', 'master', bridgeName(target), 'up']);
    await run('ip', ['-n', namespace, '-batch', '-'], {
      input: `address add ${address.replaceAll('/', '.')}/24 dev leg\nlink set leg up\n`,
    });
    // What leaves a cluster has its node's address: the other one has pods with the same addresses of its own.
    await run('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], {
      input:
        'table ip leg { chain out { type nat hook postrouting priority srcnat; oifname leg masquerade; }; }\n',
    });
  }

  /** What the Containerfile makes, of what is here: there is nothing here that builds from one. */
  async function importImage(): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-image-'));
    const holdfastImage = {
      name: 'holdfast',
      tags: [image],
      entrypoint: [process.execPath, '--max-semi-space-size=2', '/opt/holdfast/bin/holdfast.js'],
      debian: [process.execPath, '/usr/bin/dash'],
      links: { 'bin/sh': '/usr/bin/dash', 'bin/node': process.execPath },
      fill: (to: string): Promise<void> => {
        for (const name of ['bin', 'dist', 'scenarios', 'package.json', 'node_modules'])
          cpSync(join(root, name), join(to, 'opt/holdfast', name), {
            recursive: true,
            dereference: true,
          });
        mkdirSync(join(to, 'tmp'), { mode: 0o1777 });
        return Promise.resolve();
      },
    };
    await makeImages(folder, [holdfastImage], { base: '/', programs: new Map() });
    await inside(
      fleet,
      node,
      'ctr -a /var/snap/microk8s/common/run/containerd.sock -n k8s.io images import -',
      {
        inputFile: join(folder, 'holdfast.tar'),
        timeoutMs: 300_000,
      },
    );
  }

  it('does a scenario on the other lab, as nobody in particular, and leaves its reports in the claim', async () => {
    const folder = join(nodeFolders(fleet, node).root, reports);
    mkdirSync(folder, { recursive: true });
    await on(`chown ${user} /${reports}`);
    const job = await printed(
      'pod-kill',
      '--trials',
      '1',
      '--image',
      image,
      '--reports-claim',
      'reports',
    );
    await kubectl('create namespace holdfast-fleet');
    await kubectl('apply -f -', claim);
    await kubectl('apply -f -', await printed('--secrets'));
    await kubectl('apply -f -', job);
    const status = (path: string): Promise<string> =>
      kubectl(`-n holdfast-fleet get job holdfast-pod-kill -o jsonpath='{.status.${path}}'`);
    const isOver = async (): Promise<boolean> =>
      (await status('succeeded')) === '1' || (await status('failed')) === '1';
    // A first pod on a node that was just made takes a while to begin.
    const pods = (): Promise<string> => kubectl('-n holdfast-fleet describe pods');
    await until(async () => (await status('ready')) === '1' || isOver()).catch(
      async (error: unknown) => expect.fail(`${String(error)}\n${await pods()}`),
    );
    await until(isOver);
    const said = await kubectl('-n holdfast-fleet logs job/holdfast-pod-kill');
    expect(await status('completedIndexes'), `${said}\n${await pods()}`).to.equal('0');
    expect(said).to.include('pod-kill');

    const mine = join(folder, target.name);
    const result = JSON.parse(readFileSync(join(mine, 'latest', 'result.json'), 'utf8')) as Result;
    expect(result.outcome).to.equal('pass');
    expect(result.cluster?.id).to.equal(idOf(target));

    const out = mkdtempSync(join(tmpdir(), 'holdfast-merged-'));
    const merged = await holdfast(
      ...['merge', join(mine, 'latest'), '--expect', clusters, '--reports', out],
    );
    expect(merged.code, merged.stderr).to.equal(0);
    expect(readdirSync(out).join(' ')).to.include('fleet');
  });
});

function idOf(lab: Lab): string | undefined {
  return /^cluster-id: (\S+)$/m.exec(readFileSync(clusterFile(lab.name), 'utf8'))?.[1];
}
