/**
 * The nights of docs/gamedays.md, in the systemd of a node: the timer, the service and the line for cron as they are
 * printed there, with no other change than that a night comes each minute.
 */
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'chai';
import { clusterFile } from '../lab/clusterfile.ts';
import { up } from '../lab/lab.ts';
import { inside, nodeFolders } from '../lab/machine.ts';
import { labDir } from '../lab/paths.ts';
import type { ShellOptions } from '../lab/shell.ts';
import type { Lab, LabNode } from '../lab/topology.ts';
import { quiet } from '../testing/quiet.ts';
import { shortScenario } from '../testing/short-scenario.ts';
import { until } from '../testing/until.ts';
import { testWish } from '../testing/wish.ts';

const root = resolve(import.meta.dirname, '..', '..');
const unit = 'holdfast.service';
const timer = 'holdfast.timer';
const configuration = 'etc/holdfast';
const reports = '/var/lib/holdfast-reports';
const log = '/var/log/holdfast.log';
const cron = 'night-cron.service';
// Not of our name: on a node of the cluster a process with holdfast- in its words is told as left behind.
const crontab = '/var/lib/night-crontabs/root';
/** A game day as short as these, from its beginning to its last line. */
const nightMs = 300_000;

const night = `apiVersion: holdfast.dev/v1
kind: GameDay
name: nightly
title: A short night
scenarios:
  - { scenario: ./short.yaml }
budget: 10m
`;

describe('a game day every night @long', () => {
  let lab: Lab;
  let node: LabNode;
  const on = (command: string, options?: ShellOptions): Promise<string> =>
    inside(lab, node, command, options);
  const place = (path: string): string => join(nodeFolders(lab, node).root, path);
  const hold = (time: string): void =>
    writeFileSync(
      place('opt/holdfast/scenarios/gamedays/short.yaml'),
      shortScenario(time, ['workload-available: { failed: 100%, longest-outage: 1m }']),
    );
  const folders = async (): Promise<readonly string[]> =>
    (await on(`ls ${reports} 2>/dev/null || true`))
      .split('\n')
      .filter((name) => name.endsWith('-nightly') || name.includes('-nightly-'));

  before(async () => {
    lab = await up(testWish, quiet);
    node = lab.nodes.at(-1) ?? expect.fail('a lab without nodes');
    install();
    await on('useradd --system holdfast; chown -R holdfast /etc/holdfast');
    await on(`mkdir -p ${reports} && chown holdfast ${reports}`);
  });

  after(async () => {
    await on(
      `systemctl stop ${timer} ${unit} ${cron}; systemctl reset-failed ${unit}; ` +
        `rm -rf /etc/systemd/system/holdfast.* /opt/holdfast /etc/holdfast ${dirname(crontab)} ${reports} ${log} ` +
        '/usr/bin/node; userdel holdfast; systemctl daemon-reload; true',
    );
  });

  /** As the pages say: the project in /opt/holdfast, the cluster file in /etc/holdfast, the units in systemd. */
  function install(): void {
    for (const name of ['bin', 'dist', 'scenarios', 'package.json', 'node_modules']) {
      cpSync(join(root, name), place(`opt/holdfast/${name}`), {
        recursive: true,
        dereference: true,
      });
    }
    const gamedays = place('opt/holdfast/scenarios/gamedays');
    writeFileSync(join(gamedays, 'nightly.yaml'), night);
    hold('5s');
    cpSync(process.execPath, place('usr/bin/node'));
    // What the program is linked with; the node has no compiler's library of its own.
    for (const library of ['libstdc++.so.6', 'libgcc_s.so.1']) {
      const path = join('usr/lib/x86_64-linux-gnu', library);
      cpSync(join('/', path), place(path), { dereference: true });
    }
    mkdirSync(place(configuration), { recursive: true });
    for (const name of ['id_ed25519', 'known_hosts', 'kubeconfig'])
      cpSync(join(labDir(lab.name), name), place(`${configuration}/${name}`));
    chmodSync(place(`${configuration}/id_ed25519`), 0o600);
    const cluster = readFileSync(clusterFile(lab.name), 'utf8');
    writeFileSync(
      place(`${configuration}/rack.yaml`),
      cluster.replaceAll(labDir(lab.name), `/${configuration}`),
    );
    for (const name of [unit, timer])
      cpSync(join(root, 'docs/systemd', name), place(`etc/systemd/system/${name}`));
    const dropIn = place(`etc/systemd/system/${timer}.d`);
    mkdirSync(dropIn, { recursive: true });
    writeFileSync(
      join(dropIn, 'soon.conf'),
      '[Timer]\nOnCalendar=\nOnCalendar=*-*-* *:*:00\nRandomizedDelaySec=0\nAccuracySec=1s\n',
    );
  }

  const state = (property: string): Promise<string> =>
    on(`systemctl show ${unit} -p ${property} --value`).then((said) => said.trim());

  it('is run by the timer, passes, and leaves its page', async () => {
    await on(`systemctl daemon-reload && systemctl start ${timer}`);
    await until(async () => (await state('ActiveState')) === 'activating');
    await on(`systemctl stop ${timer}`);
    await untilEnded();
    const journal = await on(`journalctl -u ${unit} -o cat --no-pager`);
    expect(await state('Result'), journal).to.equal('success');
    expect(await state('ExecMainStatus'), journal).to.equal('0');
    const [folder = ''] = await folders();
    const result = JSON.parse(await on(`cat ${reports}/${folder}/result.json`)) as {
      readonly outcome: string;
    };
    expect(result.outcome).to.equal('pass');
    expect(await on(`head -1 ${reports}/${folder}/report.html`)).to.match(/<!doctype html>/i);
  });

  it('finds the cluster locked by cron while it is at work, and heals first when its unit is stopped', async () => {
    hold('5m');
    await on(`systemctl start --no-block ${unit}`);
    await until(isCordoned, nightMs);
    await beginCron();
    await until(async () => (await logged()).includes('exit 75'));
    await endCron();
    // It is printed in lines as wide as a page.
    expect((await logged()).replaceAll(/\s+/g, ' ')).to.match(
      /the cluster is locked by run \S+-nightly-\S+ on .* since 20\d\d-\S*Z, whose lock on/,
    );
    expect(await isCordoned(), 'a second one has healed what the first broke').to.equal(true);
    expect(await state('ActiveState')).to.equal('activating');

    await on(`systemctl stop ${unit}`, { timeoutMs: nightMs });
    expect(await isCordoned()).to.equal(false);
    const journal = await on(`journalctl -u ${unit} -o cat --no-pager`);
    expect(journal).to.include('SIGTERM: stopping; what was done is taken back first');
    // A service that was stopped has no exit status any more.
    expect(journal).to.include('exit 143');
    expect(await state('Result'), journal).to.equal('success');
    expect(await leftOnNodes(), 'left on the nodes').to.deep.equal([]);
  });

  it('is run by cron', async () => {
    hold('5s');
    await on(`rm -f ${log}`);
    await beginCron();
    await until(async () => (await logged()).includes('exit 0'), nightMs);
    await endCron();
    expect(await logged()).to.match(/^PASS: game day nightly/m);
    expect(await leftOnNodes(), 'left on the nodes').to.deep.equal([]);
  });

  /** The line as it is printed, for each minute. */
  async function beginCron(): Promise<void> {
    const page = readFileSync(join(root, 'docs/gamedays.md'), 'utf8');
    const line = /^30 1 (\* \* \* cd .*)$/m.exec(page)?.[1] ?? expect.fail('no line for cron');
    mkdirSync(dirname(place(crontab)), { recursive: true });
    writeFileSync(place(crontab), `* * ${line}\n`);
    await on(
      `systemd-run --quiet --collect --unit=${cron} busybox crond -f -c ${dirname(crontab)}`,
    );
  }

  /** No other game day is begun by it; one at work comes to its end. */
  async function endCron(): Promise<void> {
    await on(`rm ${crontab}`);
    await until(
      async () => !(await on(`pgrep -u root -f '[h]oldfast.js gameday' || true`)),
      nightMs,
    );
    await on(`systemctl stop ${cron}`);
  }

  const logged = (): Promise<string> => on(`cat ${log} 2>/dev/null || true`);

  async function untilEnded(): Promise<void> {
    await until(async () => ['inactive', 'failed'].includes(await state('ActiveState')), nightMs);
  }

  async function isCordoned(): Promise<boolean> {
    const said = await on(
      "/snap/bin/microk8s kubectl get nodes -o jsonpath='{.items[*].spec.unschedulable}'",
    );
    return said.includes('true');
  }

  /** Locks, notes, units and rules of ours, and fingerprints, which stay where a node is not as before. */
  async function leftOnNodes(): Promise<readonly string[]> {
    const ours = [
      'ls -d /run/holdfast /var/lib/holdfast/* 2>/dev/null',
      "systemctl list-units --all --plain --no-legend 'holdfast-*'",
      'nft list tables | grep holdfast_',
      'true',
    ].join('; ');
    const found = await Promise.all(lab.nodes.map((one) => inside(lab, one, ours)));
    return found.flatMap((text) => text.split('\n').filter((line) => line !== ''));
  }
});
