/** Power taken away and given back on the lab: by a run, by healing, and by the device alone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { inject, InjectError, undo } from '../acts/fault.ts';
import { clusterFile } from '../lab/clusterfile.ts';
import { powerState } from '../lab/power.ts';
import { differences } from '../model/differences.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { comesAndGoes, designOn, openFaultLab, type FaultLab } from '../testing/faultlab.ts';
import { newReports, soonSeed, startHoldfast } from '../testing/holdfast.ts';

const bootId = 'cat /proc/sys/kernel/random/boot_id';

describe('power on the lab', () => {
  let lab: FaultLab;
  let asBefore: Snapshot;

  before(async () => {
    lab = await openFaultLab();
    asBefore = await lab.survey();
  });
  after(() => lab.close());

  /** Waits until the cluster is as before; a kubelet tells of its boot some seconds after it. */
  async function untilAsBefore(): Promise<void> {
    const end = performance.now() + 90_000;
    for (;;) {
      const left = await lab.survey().then(
        (now) => differences(asBefore, now),
        (error: unknown) => [String(error)],
      );
      if (left.length === 0) return;
      if (performance.now() > end) throw new Error(left.join('\n'));
      await delay(500);
    }
  }

  /** Does another node get an answer from it? */
  async function answersPing(victim: string): Promise<boolean> {
    const from = lab.cluster.nodes.find(({ name }) => name !== victim)?.name ?? '';
    const { address } = lab.cluster.nodes.find(({ name }) => name === victim)!;
    const said = await lab.on(from, `ping -c 1 -W 1 ${address} >/dev/null && echo yes || echo no`);
    return said === 'yes';
  }

  it('is gone from a node and comes back', async () => {
    const [victim] = (await designOn(lab, 'power-off', { target: 'follower' })).targets;
    const boot = await lab.on(victim!, bootId);
    await comesAndGoes(
      lab,
      'power-off',
      { target: { node: victim } },
      {
        inForce: async () => {
          expect(await answersPing(victim!)).to.equal(false);
          const refused: unknown = await lab.on(victim!, bootId).catch((error: unknown) => error);
          expect(String(refused)).to.include('has no power');
        },
        absent: async () => {
          await untilAsBefore();
          expect(await answersPing(victim!)).to.equal(true);
          expect(await lab.on(victim!, bootId)).not.to.equal(boot);
        },
      },
    );
  });

  for (const [fault, how, tag] of [
    ['power-cycle', { 'off-for': '3s' }, ' @long'],
    ['reboot', { how: 'clean' }, ''],
  ] as const)
    it(`is proved to have been away by another boot: ${fault}${tag}`, async () => {
      const victim = asBefore.nodes.at(-1)!.name;
      const boot = await lab.on(victim, bootId);
      const booted = async (): Promise<void> => {
        expect(await lab.on(victim, bootId)).not.to.equal(boot);
      };
      await comesAndGoes(
        lab,
        fault,
        { target: { node: victim }, ...how },
        {
          inForce: booted,
          absent: async () => {
            await untilAsBefore();
            await booted();
          },
        },
      );
    });

  it('is never risked by a reset of the kernel where that is the host’s', async () => {
    const victim = asBefore.nodes.at(-1)!.name;
    const boot = await lab.on(victim, bootId);
    const intent = await designOn(lab, 'reboot', { target: { node: victim }, how: 'sysrq' });
    const error: unknown = await inject('reboot', intent, 1000, lab.world, () => undefined).catch(
      (error: unknown) => error,
    );
    expect(error).to.be.instanceOf(InjectError);
    expect((error as Error).message).to.include('not available here');
    expect(await undo('reboot', intent, lab.world, () => undefined)).to.equal(undefined);
    expect(await lab.on(victim, bootId)).to.equal(boot);
  });

  it('comes back by the device alone when the run is killed @long', async () => {
    const folder = newReports();
    const file = join(folder, 'power.yaml');
    const victim = asBefore.nodes.at(-1)!.name;
    writeFileSync(
      file,
      [
        'apiVersion: holdfast.dev/v1',
        'kind: Scenario',
        'name: power',
        'title: t',
        'claim: c',
        'class: [power]',
        'steps:',
        `  - power-off: { target: { node: ${victim} } }`,
        '  - wait: 3s',
        '  - heal: all',
      ].join('\n'),
    );
    const boot = await lab.on(victim, bootId);
    const cluster = clusterFile(lab.lab.name);
    const where = ['--cluster', cluster, '--reports', join(folder, 'r')];
    const when = ['--seed', `${soonSeed}`, '--grace', '10s'];
    const run = startHoldfast(['run', file, ...where, ...when]);
    await run.says('power-off: bit');
    const at = performance.now();
    run.child.kill('SIGKILL');
    await run.ended;
    const plug = { lab: lab.lab.name, node: victim };
    expect(await powerState(plug)).to.equal('off');
    while ((await powerState(plug)) === 'off' && performance.now() - at < 60_000) await delay(200);
    expect(await powerState(plug)).to.equal('on');
    // Safe to say while the node still boots: its proof waits.
    const heal = ['heal', join(folder, 'r', 'latest'), '--cluster', cluster];
    const { code, stderr } = await startHoldfast(heal).ended;
    expect(code, stderr).to.equal(0);
    await untilAsBefore();
    expect(await lab.on(victim, bootId)).not.to.equal(boot);
  });
});
