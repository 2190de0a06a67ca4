/** A defect that the lab's datastore can be told to have: watches that stay open and tell nothing after an election. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Snapshot } from '../model/snapshot.ts';
import { illness } from '../run/illness.ts';
import { openFaultLab, type FaultLab } from '../testing/faultlab.ts';
import { holdfast, newReports, resultIn, soonSeed } from '../testing/holdfast.ts';
import { until } from '../testing/until.ts';
import { clusterFile } from '../lab/clusterfile.ts';

const environment = '/var/snap/microk8s/current/args/k8s-dqlite-env';
const restart = 'systemctl restart snap.microk8s.daemon-k8s-dqlite';

const scenario = `apiVersion: holdfast.dev/v1
kind: Scenario
name: silent-watch
title: The leader of the datastore dies
claim: Watches outlive an election.
class: [reversible]
steps:
  - wait: 4s
  - kill: { service: datastore, target: leader, stay-down: true }
  - wait: 12s
  - heal: all
expect:
  - writes-resume: { within: 11s, on: every-survivor }
  - watches-alive: { within: 11s, on: every-survivor }
`;

function leaderIn({ datastore }: Snapshot): string | undefined {
  return datastore.members.find(({ id }) => id === datastore.leader)?.node;
}

/** Neither it nor the one through which is written what its watch tells leads: that one takes no writes once it is killed. */
function isApart(node: string, snapshot: Snapshot): boolean {
  const names = snapshot.nodes.filter((one) => one.controlPlane).map(({ name }) => name);
  const next = names[(names.indexOf(node) + 1) % names.length] ?? node;
  return ![node, next].includes(leaderIn(snapshot) ?? node);
}

describe('a watch that is silent while reads and writes work', () => {
  let lab: FaultLab;
  let victim = '';

  /** Gives the datastore of a node another environment, and waits until the cluster is well with it. */
  const restarted = async (node: string, text: string): Promise<void> => {
    await lab.on(node, `echo '${text}' >${environment} && ${restart}`);
    await until(async () => {
      const found = await lab.survey().catch(() => undefined);
      return found !== undefined && illness(found) === undefined;
    });
  };

  before(async () => {
    lab = await openFaultLab();
    for (let attempt = 1; ; attempt++) {
      // One that leads nothing: what runs there would go on with a past that it takes for the present.
      const before = await lab.survey();
      const busy = Object.values(before.leases);
      const apart = before.nodes.filter(({ name }) => isApart(name, before));
      victim = (apart.find(({ name }) => !busy.includes(name)) ?? apart[0])?.name ?? '';
      await restarted(victim, 'LAB_SILENT_WATCH=1');
      // Leadership may have moved meanwhile, and the leader is whom the scenario kills.
      if (isApart(victim, await lab.survey())) break;
      await restarted(victim, '');
      expect(attempt, 'leadership moves again and again').to.be.below(3);
    }
  });

  after(async () => {
    await restarted(victim, '');
    lab.close();
  });

  it('is found on the one API server that has it', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'holdfast-test-')), 'silent-watch.yaml');
    writeFileSync(file, scenario);
    const reports = newReports();
    const seed = `${soonSeed}`;
    const cluster = clusterFile(lab.lab.name);
    const ran = await holdfast(
      ...['run', file, '--cluster', cluster, '--reports', reports, '--seed', seed],
    );
    expect(ran.code, `silent on ${victim}: ${ran.stderr}`).to.equal(1);
    const [trial] = resultIn(reports).trials;
    const of = (name: string) => trial?.verdicts.find(({ claim }) => claim === name);
    expect(of('writes-resume')?.outcome, ran.stderr + ran.stdout).to.equal('pass');
    expect(of('watches-alive')?.outcome, ran.stderr + ran.stdout).to.equal('fail');
    const clocks = Object.entries(of('watches-alive')?.clocks ?? {});
    const silent = clocks.filter(([, measured]) => 'atLeast' in measured).map(([node]) => node);
    expect(silent).to.deep.equal([victim]);
  });
});
