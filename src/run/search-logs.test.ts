import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { World } from '../acts/world.ts';
import type { LogSearch } from '../model/log-search.ts';
import type { Services } from '../model/snapshot.ts';
import type { LogEvent } from '../model/timeline.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import { compareClocks, searchLogs } from './search-logs.ts';

/** A node that is this machine, with a journal of its own and no sudo. */
describe('a search of the nodes’ logs', function () {
  // Each search is a dozen programs.
  this.timeout(30_000);
  let folder = '';
  /** How far the node's clock is ahead; milliseconds. */
  let aheadMs = 0;
  const base = Date.now();
  const now = (): number => Date.now() - base + 60_000;
  const { services } = snapshotOf();

  const runs = (command: string): object => {
    const sh = command
      .replaceAll('/var/log/pods', join(folder, 'pods'))
      .replaceAll('date +%s%N', `echo ${(Date.now() + aheadMs) * 1e6}`);
    const { stdout, stderr, status } = spawnSync('sh', ['-c', sh], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}`, TZ: 'UTC' },
    });
    return { stdout, stderr, code: status };
  };
  const world = {
    now,
    links: { ssh: () => Promise.resolve({ run: (sh: string) => Promise.resolve(runs(sh)) }) },
  } as unknown as World;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-journal-'));
    aheadMs = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** An instant of the run's clock as the node's journal has it. */
  const stampAt = (at: number): string =>
    new Date(base + at - 60_000 + aheadMs).toISOString().replace('Z', '123+0000');

  const line = (at: number, text: string): string => `${stampAt(at)} pi1 dqlite[7]: ${text}`;

  /** A journal that holds some lines, began at an instant, and whose reader ends with a code. */
  const journal = (lines: readonly string[], { began = 0, code = 0 } = {}): void => {
    writeFileSync(join(folder, 'lines'), lines.map((one) => `${one}\n`).join(''));
    writeFileSync(join(folder, 'first'), `${line(began, 'boot')}\n`);
    writeFileSync(
      join(folder, 'journalctl'),
      `#!/bin/sh
echo "$*" >> ${folder}/asked
case "$*" in
  *" -n 1") tail -n 1 ${folder}/lines ;;
  *"-u "*) cat ${folder}/lines; exit ${code} ;;
  *) cat ${folder}/first ;;
esac
`,
    );
    chmodSync(join(folder, 'journalctl'), 0o755);
  };

  const search = async (
    changes: Partial<LogSearch> = {},
    of: Services = services,
  ): Promise<LogEvent> => {
    const wanted = {
      node: 'pi1',
      service: 'datastore',
      pattern: 'leader',
      since: 50_000,
      ...changes,
    };
    const before = await compareClocks(['pi1'], world);
    const [event] = await searchLogs([wanted], of, before, world);
    return event!;
  };

  it('gives the lines that match with their instants on our clock, whatever the node’s is', async () => {
    aheadMs = 3_600_000;
    journal([line(52_000, 'became leader'), line(52_500, 'else'), line(53_000, 'leader (2)')]);
    const { lines, because, ...rest } = await search();
    expect(because).to.equal(undefined);
    expect(rest).to.include({ type: 'log', node: 'pi1', service: 'datastore', since: 50_000 });
    expect(lines.map(({ text }) => text)).to.deep.equal([
      'pi1 dqlite[7]: became leader',
      'pi1 dqlite[7]: leader (2)',
    ]);
    const [{ span } = { span: { lo: 0, hi: 0 } }] = lines;
    // However long it took to ask for the clock: the interval is so wide, and the true instant is in it.
    expect(span.lo).to.be.at.most(52_000);
    expect(span.hi).to.be.at.least(52_000);
    expect(span.hi - span.lo).to.be.below(10_000);
  });

  it('says that there are none, which is no failure', async () => {
    journal([line(52_000, 'else')]);
    const { lines, because } = await search();
    expect({ lines, because }).to.deep.equal({ lines: [], because: undefined });
  });

  it('takes a pattern as one word, whatever is in it', async () => {
    journal([line(52_000, `it's $(touch ${folder}/x) -v \`id\``)]);
    const odd = [`it's`, `\\$\\(touch`, '-v', '`id`', `"|;touch ${folder}/x;"|it`];
    for (const pattern of odd) expect((await search({ pattern })).lines, pattern).to.have.length(1);
    expect(spawnSync('test', ['-e', join(folder, 'x')]).status).to.equal(1);
  });

  it('gives up on a pattern that never ends, and says so', async () => {
    journal([line(52_000, `${'a'.repeat(64)}b`)]);
    const { because } = await search({ pattern: '(a+a+)+c$' });
    // Newer engines see at once that it matches nothing.
    if (because !== undefined) expect(because).to.match(/could not be searched: grep: .*limit/);
  });

  it('keeps twenty lines, cut, and needs no more of the journal', async () => {
    const many = Array.from({ length: 50 }, (_, n) =>
      line(52_000 + n, `leader ${'x'.repeat(5000)}`),
    );
    journal(many, { code: 1 });
    const { lines, because } = await search();
    expect(because).to.equal(undefined);
    expect(lines).to.have.length(20);
    expect(lines[0]?.text).to.have.length(300);
  });

  it('is not a search of what could not be read to its end, is not there, or began too late', async () => {
    journal([line(52_000, 'leader')], { code: 1 });
    expect((await search()).because).to.equal(
      'what datastore of pi1 logged: it could not be read to its end',
    );
    journal([]);
    expect((await search()).because).to.equal(
      'what datastore of pi1 logged: there is nothing of it at all',
    );
    journal([line(58_000, 'leader')], { began: 57_000 });
    expect((await search()).because).to.match(/the journal begins only at .*, later than/);
    journal([line(52_000, 'leader')]);
    expect((await search({ pattern: '(' })).because).to.match(/could not be searched: grep: /);
  });

  it('is none where the clock was stepped, or could not be compared', async () => {
    journal([line(52_000, 'leader')]);
    const before = await compareClocks(['pi1'], world);
    const wanted = { node: 'pi1', service: 'datastore', pattern: 'leader', since: 50_000 };
    const [unknown] = await searchLogs([wanted], services, new Map(), world);
    expect(unknown?.because).to.match(/^the clock of pi1 was not compared with ours/);
    aheadMs = 10_000;
    const [stepped] = await searchLogs([wanted], services, before, world);
    expect(stepped?.because).to.match(/^the clock of pi1 was stepped/);
    expect(stepped?.lines).to.deep.equal([]);
  });

  it('is of a unit by its name, and of no service that there is not', async () => {
    journal([line(52_000, 'leader')]);
    expect((await search({ service: 'ssh.service' })).lines).to.have.length(1);
    const { because } = await search({ service: 'load-balancer' });
    expect(because).to.equal('there is no load-balancer here that Holdfast knows of');
  });

  it('says what the node’s link said', async () => {
    const broken = {
      now,
      links: { ssh: () => Promise.reject(new Error('no route')) },
    } as unknown as World;
    const wanted = { node: 'pi1', service: 'datastore', pattern: 'x', since: 0 };
    const before = await compareClocks(['pi1'], world);
    const [event] = await searchLogs([wanted], services, before, broken);
    expect(event?.because).to.match(/^the clock of pi1 was not compared/);
  });

  it('is of all files of a static pod, in the order of their instants', async () => {
    const of: Services = {
      ...services,
      datastore: { manifest: '/etc/kubernetes/manifests/etcd.yaml', process: 'etcd' },
    };
    const at = (name: string): string => {
      mkdirSync(join(folder, 'pods', name, 'etcd'), { recursive: true });
      return join(folder, 'pods', name, 'etcd', '0.log');
    };
    const cri = (when: number, text: string): string =>
      `${stampAt(when).replace('+0000', '456Z')} stderr F ${text}\n`;
    writeFileSync(
      at('kube-system_etcd-pi1_1'),
      cri(55_000, 'leader b') + cri(20_000, 'leader old'),
    );
    writeFileSync(at('kube-system_etcd-pi1_2'), cri(53_000, 'leader a'));
    writeFileSync(at('kube-system_etcdx-pi1_2'), cri(53_000, 'leader of another'));
    const { lines, because } = await search({}, of);
    expect(because).to.equal(undefined);
    expect(lines.map(({ text }) => text)).to.deep.equal(['stderr F leader a', 'stderr F leader b']);
    rmSync(join(folder, 'pods'), { recursive: true });
    expect((await search({}, of)).because).to.match(/there is nothing of it at all/);
  });
});
