/** Healing from another machine: with the cluster file, and nothing of the run. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { leftovers } from '../acts/leftovers.ts';
import { clusterFile } from '../lab/clusterfile.ts';
import { switchOff, switchOn } from '../lab/power.ts';
import { openFaultLab, type FaultLab } from '../testing/faultlab.ts';
import { holdfast, newReports, soonSeed, startHoldfast } from '../testing/holdfast.ts';
import { until } from '../testing/until.ts';

describe('heal --all on the lab', () => {
  let lab: FaultLab;
  let cluster: string;
  const left = (): Promise<readonly string[]> =>
    leftovers(
      lab.cluster.nodes.map(({ name }) => name),
      lab.world,
    );
  const healAll = (...more: string[]) => holdfast('heal', '--all', '--cluster', cluster, ...more);

  before(async () => {
    lab = await openFaultLab();
    cluster = clusterFile(lab.lab.name);
  });
  after(() => lab.close());

  it('takes back what a killed run has left, though not of one that may be alive, and again without harm', async () => {
    await killInMidFault(cluster, 'follower');
    expect((await left()).join('\n')).to.match(/90-holdfast-/);

    const careful = await healAll();
    expect(careful.code, careful.stderr).to.equal(75);
    expect(careful.stderr).to.match(/locked by run .*--take-over/s);
    expect((await left()).join('\n')).to.match(/90-holdfast-/);

    const healed = await healAll('--take-over');
    expect(healed.code, healed.stderr).to.equal(0);
    expect(healed.stderr).to.match(/taking back, .*: kill the datastore/);
    expect(healed.stderr).to.match(/removed namespace holdfast of run/);
    expect(healed.stderr).to.match(/removing the lock of run/);
    expect(healed.stderr).to.match(/as before run .*: pi1, pi2, pi3, pi4/);
    expect(await left()).to.deep.equal([]);
    const folders = 'ls -d /run/holdfast /var/lib/holdfast 2>/dev/null || true';
    expect(await lab.on('pi1', folders)).to.equal('');

    const again = await healAll();
    expect(again.code, again.stderr).to.equal(0);
    expect(again.stdout).to.contain('Nothing of any run is left');
  });

  it('heals what answers, and names what does not @long', async () => {
    await killInMidFault(cluster, { node: 'pi2' });
    await switchOff({ lab: lab.lab.name, node: 'pi4' });
    try {
      const partly = await healAll('--take-over');
      expect(partly.code, partly.stderr).to.equal(4);
      expect(partly.stderr).to.match(/left: pi4: not known/);
      expect(await lab.on('pi2', 'systemctl is-active snap.microk8s.daemon-k8s-dqlite')).to.match(
        /^active/,
      );
    } finally {
      await switchOn({ lab: lab.lab.name, node: 'pi4' });
    }
    await until(async () => (await healAll()).code === 0);
    expect(await left()).to.deep.equal([]);
  });

  it('refuses both a folder and --all', async () => {
    const ran = await healAll('reports/latest');
    expect(ran.code).to.equal(64);
  });
});

async function killInMidFault(cluster: string, target: unknown): Promise<void> {
  const reports = newReports();
  const file = join(reports, 'scenario.yaml');
  writeFileSync(
    file,
    `apiVersion: holdfast.dev/v1
kind: Scenario
name: test
title: A test
claim: None.
class: [reversible]
steps:
  - kill: ${JSON.stringify({ service: 'datastore', target, 'stay-down': true })}
  - wait: 60s
`,
  );
  const where = ['--cluster', cluster, '--reports', reports];
  const run = startHoldfast(['run', file, ...where, '--seed', `${soonSeed}`]);
  await run.says('kill: bit');
  run.child.kill('SIGKILL');
  await run.ended;
}
