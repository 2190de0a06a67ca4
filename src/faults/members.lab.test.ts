import { expect } from 'chai';
import { inject, undo } from '../acts/fault.ts';
import { askMembers } from '../lab/microk8s/members.ts';
import type { Intent } from '../model/intent.ts';
import { comesAndGoes, designOn, openFaultLab, type FaultLab } from '../testing/faultlab.ts';

describe('members of the datastore', () => {
  let lab: FaultLab;

  before(async () => {
    lab = await openFaultLab();
  });
  after(() => lab.close());

  /** Addresses of the members, by the word of one that the fault leaves alone. */
  async function members(aside: readonly string[]): Promise<readonly string[]> {
    const asked = lab.lab.nodes.filter(({ name }) => !aside.includes(name));
    const answer = await lab.on(asked[0]?.name ?? '', askMembers(asked));
    return (JSON.parse(answer) as { Address: string }[]).map(({ Address }) => Address);
  }

  function addressOf(intent: Intent): string {
    const node = lab.lab.nodes.find(({ name }) => name === intent.targets[0]);
    return `${node?.address}:19001`;
  }

  const isMember = async (intent: Intent): Promise<void> => {
    expect(await members(intent.targets)).to.include(addressOf(intent));
  };
  const isNone = async (intent: Intent): Promise<void> => {
    expect(await members(intent.targets)).not.to.include(addressOf(intent));
  };

  it('are removed, and join anew', () =>
    comesAndGoes(
      lab,
      'remove-member',
      { target: 'stand-by' },
      { inForce: isNone, absent: isMember },
    ));

  it('join where there was none, and are removed again', async () => {
    const removed = await designOn(lab, 'remove-member', { target: 'stand-by' });
    const quietly = (): void => undefined;
    expect(await inject('removed', removed, 600_000, lab.world, quietly)).to.equal(true);
    try {
      const target = { node: removed.targets[0] };
      await comesAndGoes(lab, 'add-member', { target }, { inForce: isMember, absent: isNone });
    } finally {
      expect(await undo('removed', removed, lab.world, quietly)).to.equal(undefined);
    }
  });

  it('lose all their data, and join anew', () =>
    comesAndGoes(
      lab,
      'destroy-data',
      { target: 'follower' },
      {
        inForce: async ({ targets: [node = ''] }) => {
          const folder = '/var/snap/microk8s/current/var/kubernetes/backend';
          expect(await lab.on(node, `ls ${folder}`)).not.to.match(/info\.yaml|metadata|open-/);
          expect(await lab.on(node, 'pgrep -x k8s-dqlite || true')).to.equal('');
        },
        absent: isMember,
      },
    ));
});
