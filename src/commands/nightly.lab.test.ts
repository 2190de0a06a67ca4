/**
 * The nights of docs/gamedays.md, in the systemd of a node: the timer, the service and the line for cron as they are
 * printed there, with no other change than that a night comes each minute.
 */
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { clusterFile } from '../lab/clusterfile.ts';
import { up } from '../lab/lab.ts';
import { inside, nodeFolders } from '../lab/machine.ts';
import { labDir } from '../lab/paths.ts';
import type { Lab, LabNode } from '../lab/topology.ts';
import { quiet } from '../testing/quiet.ts';
import { until } from '../testing/until.ts';
import { testWish } from '../testing/wish.ts';

const root = resolve(import.meta.dirname, '..', '..');
const unit = 'holdfast-gameday.service';
const timer = 'holdfast-gameday.timer';
const configuration = 'etc/holdfast';
const crontabs = '/var/lib/holdfast-crontabs';
const reports = '/var/lib/holdfast-reports';

/** The least that can be broken: a node takes no new pods for a few seconds. */
const shortScenario = (hold: string): string => `apiVersion: holdfast.dev/v1
kind: Scenario
name: short
title: A node takes no new pods
claim: Nobody notices.
class: [reversible]
workload: web
steps:
  - cordon: { target: stand-by }
  - wait: ${hold}
  - heal: all
expect:
  - workload-available: { failed: 100%, longest-outage: 1m }
`;

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
  const on = (command: string): Promise<string> => inside(lab, node, command);
  const place = (path: string): string => join(nodeFolders(lab, node).root, path);
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
      `systemctl stop ${timer} ${unit}; pkill -f '^busybox crond'; systemctl reset-failed ${unit}; ` +
        `rm -rf /etc/systemd/system/holdfast-gameday* /opt/holdfast /etc/holdfast ${crontabs} ${reports} ` +
        '/usr/bin/node /var/log/holdfast.log; userdel holdfast; systemctl daemon-reload; true',
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
    writeFileSync(join(gamedays, 'short.yaml'), shortScenario('5s'));
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

  it('heals first when its unit is stopped, and the line for cron finds the cluster locked until then', async () => {
    writeFileSync(place('opt/holdfast/scenarios/gamedays/short.yaml'), shortScenario('5m'));
    await on(`systemctl start --no-block ${unit}`);
    await until(isCordoned);
    // The line as it is printed, for each minute.
    const line = /^30 1 (\* \* \* cd .*)$/m.exec(
      readFileSync(join(root, 'docs/gamedays.md'), 'utf8'),
    )?.[1];
    await on(
      `mkdir -p ${crontabs} && cat > ${crontabs}/root <<'LINE'\n* * ${line ?? ''}\nLINE\nbusybox crond -c ${crontabs}`,
    );
    await until(async () =>
      (await on('cat /var/log/holdfast.log 2>/dev/null || true')).includes('locked'),
    );
    expect(await isCordoned(), 'a second one has healed what the first broke').to.equal(true);

    await on(`systemctl stop ${unit}`);
    expect(await isCordoned()).to.equal(false);
    const journal = await on(`journalctl -u ${unit} -o cat --no-pager`);
    expect(journal).to.include('SIGTERM');
  });

  it('is run by cron', async () => {
    writeFileSync(place('opt/holdfast/scenarios/gamedays/short.yaml'), shortScenario('5s'));
    await on('rm -f /var/log/holdfast.log');
    await until(async () =>
      (await on('cat /var/log/holdfast.log 2>/dev/null || true')).includes('short'),
    );
    await on("pkill -f '^busybox crond'");
    await until(async () => (await on('pgrep -f "[h]oldfast.js gameday" || true')) === '');
    expect(await on('cat /var/log/holdfast.log')).to.match(/pass/);
  });

  async function untilEnded(): Promise<void> {
    await until(async () => ['inactive', 'failed'].includes(await state('ActiveState')));
  }

  async function isCordoned(): Promise<boolean> {
    return (
      await on("/snap/bin/microk8s kubectl get nodes -o jsonpath='{.items[*].spec.unschedulable}'")
    ).includes('true');
  }
});
