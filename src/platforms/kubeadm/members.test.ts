import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { memberScripts } from './members.ts';

const own = `apiVersion: v1
kind: Pod
spec:
  containers:
  - command:
    - etcd
    - --data-dir=/var/lib/etcd
    - --initial-cluster=pi2=https://10.0.0.2:2380
    - --name=pi2
    - --snapshot-count=10000
    image: registry.k8s.io/etcd:3.6.5-0
`;

/** A member as the gateway tells it: what is nothing is left out. */
function told(id: string, name: string, address: string, isLearner = false): object {
  const known = name === '' ? {} : { name, clientURLs: [`https://${address}:2379`] };
  return {
    ID: id,
    ...known,
    peerURLs: [`https://${address}:2380`],
    ...(isLearner && { isLearner }),
  };
}

/**
 * A node whose scripts run in the machine's own /bin/sh, in a folder of its own: curl asks a cluster that is written
 * down, a unit runs at once, and etcd is a number that grows whenever it is started anew.
 */
class Node {
  readonly #root = mkdtempSync(join(tmpdir(), 'holdfast-test-'));

  constructor() {
    for (const folder of ['bin', 'etc/kubernetes/manifests', 'run', 'var/lib/etcd/member'])
      mkdirSync(join(this.#root, folder), { recursive: true });
    this.write('etc/kubernetes/holdfast-halted-etcd.yaml', own);
    this.program('systemctl', 'exit 1');
    this.program('sleep', 'exit 0');
    // It runs at once, and as another process with each manifest it is given.
    this.program(
      'systemd-run',
      `for last in "$@"; do case $last in --setenv=*) export "\${last#--setenv=}" ;; esac; done; exec /bin/sh "$last"`,
    );
    this.program('pgrep', `cksum <${this.path('etc/kubernetes/manifests/etcd.yaml')}`);
    this.program('curl', `exec node ${this.path('gateway.mjs')} "$@"`);
    this.write(
      'gateway.mjs',
      `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
const [body, url] = process.argv.slice(-2);
const file = '${this.path('members.json')}';
const members = JSON.parse(readFileSync(file, 'utf8'));
const asked = JSON.parse(body);
const what = url.split('/').at(-1);
const at = members.findIndex(({ ID }) => ID === asked.ID);
const manifest = '${this.path('etc/kubernetes/manifests/etcd.yaml')}';
const text = existsSync(manifest) ? readFileSync(manifest, 'utf8') : '';
if (what === 'remove' && at >= 0) members.splice(at, 1);
else if (what === 'add') members.push({ ID: '900', peerURLs: asked.peerURLs, isLearner: true });
else if (what === 'promote' && members[at]?.name !== undefined) delete members[at].isLearner;
// Without a quorum a member tells what it last knew, unless it is asked for what is agreed.
else if (what !== 'list' || asked.linearizable !== true) process.exit(22);
// What a member does that was started as it should be.
const mine = members.find(({ peerURLs }) => peerURLs[0] === 'https://10.0.0.2:2380');
if (what === 'list' && mine !== undefined && text.includes('--initial-cluster-state=existing')) mine.name = 'pi2';
if (what === 'list' && text.includes('--force-new-cluster=true')) members.splice(0, members.length, mine);
writeFileSync(file, JSON.stringify(members));
process.stdout.write(JSON.stringify({ header: { member_id: '1' }, members }));
`,
    );
  }

  program(name: string, text: string): void {
    this.write(`bin/${name}`, `#!/bin/sh\n${text}\n`);
    chmodSync(this.path(`bin/${name}`), 0o755);
  }

  path(path: string): string {
    return join(this.#root, path);
  }

  write(path: string, text: string): void {
    writeFileSync(this.path(path), text);
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(this.path(path));
  }

  members(...members: readonly object[]): void {
    this.write('members.json', JSON.stringify(members));
  }

  listed(): unknown {
    return JSON.parse(this.read('members.json'));
  }

  runs(script: string): { readonly status: number | null; readonly stdout: string } {
    const here = script
      .replaceAll(this.#root, '')
      .replace(/\/(etc\/kubernetes|run\/|var\/lib\/etcd)/g, `${this.#root}/$1`);
    const text = `MEMBER=10.0.0.2:2380\nSERVERS=10.0.0.1:2380,10.0.0.3:2380\n${here}`;
    const env = { ...process.env, PATH: `${this.path('bin')}:${process.env['PATH'] ?? ''}` };
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', text], {
      encoding: 'utf8',
      env,
      timeout: 60_000,
    });
    if (stderr !== '') process.stderr.write(stderr);
    return { status, stdout };
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true });
  }
}

describe('members of etcd', () => {
  const scripts = memberScripts(false);
  const [first, third] = [told('1', 'pi1', '10.0.0.1'), told('3', 'pi3', '10.0.0.3')];
  let node: Node;
  beforeEach(() => (node = new Node()));
  afterEach(() => node[Symbol.dispose]());

  it('are listed by their addresses', () => {
    node.members(first, third, told('7', '', '10.0.0.2', true));
    expect(node.runs(scripts.list)).to.deep.include({
      status: 0,
      stdout: '"Address":"10.0.0.1:2380"\n"Address":"10.0.0.3:2380"\n"Address":"10.0.0.2:2380"\n',
    });
    node.program('curl', 'exit 22');
    expect(node.runs(scripts.list).status).not.to.equal(0);
  });

  it('are removed by their addresses, and one that is not listed is none to remove', () => {
    node.members(first, told('18446744073709551615', 'pi2', '10.0.0.2'), third);
    for (const attempt of ['once', 'twice']) {
      expect(node.runs(scripts.remove).status, attempt).to.equal(0);
      expect(node.listed(), attempt).to.deep.equal([first, third]);
    }
  });

  it('join as learners, become voters, and have their own manifest again', () => {
    node.members(first, told('2', 'pi2', '10.0.0.2'), third);
    expect(node.runs(scripts.join).status).to.equal(0);
    const voter = told('900', 'pi2', '10.0.0.2');
    Reflect.deleteProperty(voter, 'clientURLs');
    expect(node.listed()).to.deep.equal([first, third, voter]);
    expect(node.read('etc/kubernetes/manifests/etcd.yaml')).to.equal(own);
    expect(node.has('etc/kubernetes/holdfast-own-etcd.yaml')).to.equal(false);
    expect(node.has('run/holdfast')).to.equal(false);
    expect(node.runs(scripts.hasData).status).to.equal(0);
  });

  it('start with what the others are told of them, each option once', () => {
    node.members(first, third);
    node.program('systemd-run', 'exit 0');
    node.runs(scripts.join);
    const worker = node.read('run/holdfast/holdfast-etcd-member.sh');
    const attempt = worker.slice(0, worker.indexOf('wait_for attempt'));
    node.runs(`${attempt}\nattempt`);
    const manifest = node.read('etc/kubernetes/manifests/etcd.yaml');
    expect(manifest.split('\n').slice(4, 12)).to.deep.equal([
      '  - command:',
      '    - etcd',
      '    - --initial-cluster=pi1=https://10.0.0.1:2380,pi3=https://10.0.0.3:2380,pi2=https://10.0.0.2:2380',
      '    - --initial-cluster-state=existing',
      '    - --name=pi2',
      '    - --data-dir=/var/lib/etcd',
      '    - --snapshot-count=10000',
      '    image: registry.k8s.io/etcd:3.6.5-0',
    ]);
    expect(node.runs(scripts.hasData).status, 'half-way it has none').not.to.equal(0);
  });

  it('may each become the only one, with all that it has', () => {
    node.members(first, told('2', 'pi2', '10.0.0.2'), third);
    expect(node.runs(scripts.reform).status).to.equal(0);
    expect(node.listed()).to.deep.equal([told('2', 'pi2', '10.0.0.2')]);
    expect(node.read('etc/kubernetes/manifests/etcd.yaml')).to.equal(own);
  });

  it('are not started with their own options where a joining was given up that had no data yet', () => {
    node.members(first, third);
    node.program('systemd-run', 'exit 0');
    node.runs(scripts.join);
    node.runs(scripts.wipe);
    expect(node.runs(scripts.abandon).status).to.equal(0);
    expect(node.has('etc/kubernetes/manifests/etcd.yaml')).to.equal(false);
    expect(node.read('etc/kubernetes/holdfast-own-etcd.yaml')).to.equal(own);
    mkdirSync(node.path('var/lib/etcd/member'));
    expect(node.runs(scripts.abandon).status).to.equal(0);
    expect(node.read('etc/kubernetes/manifests/etcd.yaml')).to.equal(own);
  });
});
