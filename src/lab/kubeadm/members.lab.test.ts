/** Membership of etcd, beside the API servers and on machines of its own, in labs that take the place of the shared one. */
import { expect } from 'chai';
import { comesAndGoes, openFaultLab, type FaultLab } from '../../testing/faultlab.ts';
import { quiet } from '../../testing/quiet.ts';
import { testWish } from '../../testing/wish.ts';
import { down, find } from '../lab.ts';
import { inside } from '../machine.ts';
import { etcdctl, memberNodes } from './etcd.ts';

const places = [
  { etcd: 'stacked', controlPlanes: 3, where: 'beside the API servers' },
  { etcd: 'external', controlPlanes: 1, where: 'on machines of its own' },
] as const;

for (const { etcd, controlPlanes, where } of places) {
  describe(`members of an etcd ${where} @long`, () => {
    const wish = {
      platform: 'kubeadm',
      workers: 0,
      profile: 'stock',
      name: `etcd-${etcd}`,
    } as const;
    let lab: FaultLab;

    before(async () => {
      if ((await find(testWish.name)) !== undefined) await down(testWish.name, quiet);
      lab = await openFaultLab({ ...wish, etcd, controlPlanes });
    });
    after(async () => {
      lab.close();
      if ((await find(wish.name)) !== undefined) await down(wish.name, quiet);
    });

    /** Names of the members, as one tells that the fault leaves alone. */
    async function members(aside: readonly string[]): Promise<readonly string[]> {
      const nodes = memberNodes(lab.lab).filter(({ name }) => !aside.includes(name));
      const told = await inside(lab.lab, nodes[0]!, etcdctl(nodes, 'member list --write-out=json'));
      interface Members {
        readonly members: readonly { readonly name: string; readonly isLearner?: boolean }[];
      }
      return (JSON.parse(told) as Members).members
        .filter(({ isLearner }) => isLearner !== true)
        .map(({ name }) => name);
    }

    const all = (): readonly string[] => memberNodes(lab.lab).map(({ name }) => name);

    it('are removed, and join anew', () =>
      comesAndGoes(
        lab,
        'remove-member',
        { target: 'follower' },
        {
          inForce: async ({ targets }) => {
            expect(await members(targets)).to.have.members(
              all().filter((name) => !targets.includes(name)),
            );
          },
          absent: async ({ targets }) => {
            expect(await members(targets)).to.have.members(all());
          },
        },
      ));

    it('lose all their data, and join anew', () =>
      comesAndGoes(
        lab,
        'destroy-data',
        { target: 'follower' },
        {
          inForce: async ({ targets: [node = ''] }) => {
            expect(await lab.on(node, 'ls -d /var/lib/etcd/member || true')).to.equal('');
            expect(await lab.on(node, 'pgrep -x etcd || true')).to.equal('');
          },
          absent: async ({ targets: [node = ''] }) => {
            expect(await members([node])).to.have.members(all());
            expect(await lab.on(node, 'pgrep -x etcd')).not.to.equal('');
          },
        },
      ));
  });
}
