import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { datastorePort } from '../lab/microk8s/places.ts';
import type { LabNode } from '../lab/topology.ts';
import { comesAndGoes, designOn, openFaultLab, type FaultLab } from '../testing/faultlab.ts';
import { curls, parts, standing } from '../testing/network.ts';

describe('flap, on the lab', () => {
  let lab: FaultLab;
  let target: LabNode;
  let other: LabNode;
  before(async () => {
    lab = await openFaultLab();
    const { follower, leader } = await parts(lab);
    [target, other] = [follower, leader];
  });
  after(() => lab.close());

  const open = async (): Promise<boolean> =>
    (await curls(lab, other, target, datastorePort)) === 'open';
  const tables = (): Promise<string> => lab.on(target.name, 'nft list tables');
  const units = (): Promise<string> =>
    lab.on(target.name, "systemctl list-units --all --plain --no-legend 'holdfast-*.flap.service'");

  it('comes and goes by itself, so often, and then ends', async () => {
    const written = { target: { node: target.name }, on: '4s', off: '3s', times: 3 };
    await standing(lab, await designOn(lab, 'flap', written), async () => {
      const seen: boolean[] = [];
      const end = performance.now() + 25_000;
      while (performance.now() < end) {
        const now = await open();
        if (seen.at(-1) !== now) seen.push(now);
        await delay(100);
      }
      // The first cut stood when it was proved; then two more, each with an end.
      expect(seen).to.deep.equal([false, true, false, true, false, true]);
      expect(await tables()).not.to.contain('holdfast_');
      expect(await units()).to.equal('');
    });
  });

  it('is taken back while it is cut off and while it is not @long', () =>
    comesAndGoes(
      lab,
      'flap',
      { target: { node: target.name }, on: '5s', off: '5s', times: 100 },
      {
        inForce: async () => {
          expect(await open()).to.equal(false);
          expect(await units()).to.contain('running');
        },
        absent: async () => {
          expect(await units()).to.equal('');
          // Longer than any of its turns.
          for (let i = 0; i < 12; i++) {
            expect(await open()).to.equal(true);
            await delay(500);
          }
          expect(await tables()).not.to.contain('holdfast_');
        },
      },
    ));
});
