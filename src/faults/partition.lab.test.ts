import { expect } from 'chai';
import { inject, undo } from '../acts/fault.ts';
import { datastorePort } from '../lab/microk8s/places.ts';
import type { LabNode } from '../lab/topology.ts';
import type { Intent } from '../model/intent.ts';
import { comesAndGoes, designOn, openFaultLab, type FaultLab } from '../testing/faultlab.ts';
import { curls, parts, type Reached } from '../testing/network.ts';

describe('partition, on the lab', () => {
  let lab: FaultLab;
  let leader: LabNode;
  let follower: LabNode;
  let others: readonly LabNode[];
  before(async () => {
    lab = await openFaultLab();
    ({ leader, follower, others } = await parts(lab));
  });
  after(() => lab.close());

  const reach = (from: LabNode, to: LabNode): Promise<Reached> =>
    curls(lab, from, to, datastorePort);

  it('splits the nodes into two sides, each whole', () => {
    const [third, fourth] = others as [LabNode, LabNode];
    return comesAndGoes(
      lab,
      'partition',
      { target: { nodes: [follower.name, third.name] } },
      {
        inForce: async () => {
          for (const one of [follower, third])
            for (const other of [leader, fourth]) {
              expect(await reach(one, other)).to.equal('silence');
              expect(await reach(other, one)).to.equal('silence');
            }
          expect(await reach(follower, third)).to.equal('open');
          expect(await reach(third, follower)).to.equal('open');
          expect(await reach(leader, fourth)).to.equal('open');
        },
        absent: async () => {
          expect(await reach(follower, leader)).to.equal('open');
          expect(await reach(fourth, third)).to.equal('open');
        },
      },
    );
  });

  it('comes between two nodes alone', () =>
    comesAndGoes(
      lab,
      'partition',
      { target: { node: follower.name }, from: { node: leader.name } },
      {
        inForce: async () => {
          expect(await reach(follower, leader)).to.equal('silence');
          expect(await reach(leader, follower)).to.equal('silence');
          for (const other of others) {
            expect(await reach(other, leader)).to.equal('open');
            expect(await reach(other, follower)).to.equal('open');
          }
        },
        absent: async () => {
          expect(await reach(follower, leader)).to.equal('open');
        },
      },
    ));

  it("touches nobody else's rules, and undoing one cut leaves another", async () => {
    const [third, fourth] = others as [LabNode, LabNode];
    const rules = async (): Promise<string> =>
      notChurning(await lab.on(follower.name, 'nft -s list ruleset'));
    const record = (): void => undefined;
    const cut = async (from: LabNode, id: string): Promise<Intent> => {
      const written = { target: { node: follower.name }, from: { node: from.name } };
      const intent = await designOn(lab, 'partition', written);
      const renamed = JSON.stringify(intent)
        .replaceAll(intent.id, `${intent.id}-${id}`)
        .replaceAll(intent.id.replaceAll('-', '_'), `${intent.id}-${id}`.replaceAll('-', '_'));
      return JSON.parse(renamed) as Intent;
    };
    const one = await cut(third, 'one');
    const two = await cut(fourth, 'two');
    await lab.on(follower.name, `nft -f - <<'END'\n${foreign}END`);
    try {
      const before = await rules();
      for (const family of ['ip', 'ip6', 'inet', 'bridge'])
        expect(before).to.contain(`table ${family} not_ours`);
      try {
        expect(await inject('one', one, 60_000, lab.world, record)).to.equal(true);
        expect(await inject('two', two, 60_000, lab.world, record)).to.equal(true);
        expect(await rules()).not.to.equal(before);
        expect(withoutOurs(await rules())).to.equal(before);
      } finally {
        expect(await undo('one', one, lab.world, record)).to.equal(undefined);
      }
      expect(await reach(third, follower)).to.equal('open');
      expect(await reach(fourth, follower)).to.equal('silence');
      expect(withoutOurs(await rules())).to.equal(before);
      expect(await undo('two', two, lab.world, record)).to.equal(undefined);
      expect(await reach(fourth, follower)).to.equal('open');
      expect(await rules()).to.equal(before);
    } finally {
      await undo('two', two, lab.world, record);
      await lab.on(follower.name, tables.map((name) => `nft delete table ${name};`).join(' '));
    }
  });
});

const tables = ['ip not_ours', 'ip6 not_ours', 'inet not_ours', 'bridge not_ours', 'inet holdfast'];

/** Rules of somebody else: hooks at our own priority, a set, a map, a counter by name, and a name that begins like ours. */
const foreign = `
table ip not_ours {
  set some { type ipv4_addr; flags interval; elements = { 198.51.100.0/24, 203.0.113.7 }; }
  chain input { type filter hook input priority -50; policy accept;
    ip saddr @some counter drop
    tcp dport 9 accept
  }
  chain own { tcp dport 7 return; }
}
table ip6 not_ours {
  chain forward { type filter hook forward priority -50; policy accept;
    ip6 saddr 2001:db8::/32 drop
  }
}
table inet not_ours {
  counter seen { }
  map ports { type inet_service : verdict; elements = { 9 : drop }; }
  chain output { type filter hook output priority -50; policy accept;
    tcp dport vmap @ports
    counter name seen
  }
}
table bridge not_ours {
  chain forward { type filter hook forward priority 0; policy accept; }
}
table inet holdfast {
  chain forward { type filter hook forward priority -300; policy accept; ip daddr 198.51.100.1 drop; }
}
`;

/** A ruleset without what kube-proxy and the container network change by themselves all the time. */
function notChurning(ruleset: string): string {
  return ruleset
    .replace(/^\tchain (?:KUBE|CNI)-[^{]*\{\n(?:\t\t.*\n|\n)*\t\}\n+/gm, '')
    .split('\n')
    .filter((line) => !/KUBE-|CNI-/.test(line) && line.trim() !== '')
    .join('\n');
}

function withoutOurs(ruleset: string): string {
  return ruleset.replace(/^table inet holdfast_\w+ \{\n(?:\t.*\n)*\}\n?/gm, '').trimEnd();
}
