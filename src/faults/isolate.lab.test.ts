import { expect } from 'chai';
import { survey } from '../links/survey.ts';
import { datastorePort } from '../lab/microk8s/places.ts';
import type { LabNode } from '../lab/topology.ts';
import { comesAndGoes, designOn, openFaultLab, type FaultLab } from '../testing/faultlab.ts';
import {
  arrives,
  curls,
  parts,
  pings,
  standing,
  withPods,
  type Reached,
} from '../testing/network.ts';
import type { Snapshot } from '../model/snapshot.ts';

const kubeletPort = 10_250;

describe('isolate, on the lab', () => {
  let lab: FaultLab;
  let target: LabNode;
  let others: readonly LabNode[];
  before(async () => {
    lab = await openFaultLab();
    target = (await parts(lab)).leader;
    others = lab.lab.nodes.filter((node) => node !== target);
  });
  after(() => lab.close());

  /** What each node gets of the target, and the target of it, at some port. */
  const between = async (port: number, expected: Reached): Promise<void> => {
    for (const other of others) {
      expect(await curls(lab, other, target, port), `${other.name} → target`).to.equal(expected);
      expect(await curls(lab, target, other, port), `target → ${other.name}`).to.equal(expected);
    }
  };

  it('drops all between the target and every other node, its pods included', () =>
    withPods(lab, lab.lab.nodes, async (pod) => {
      const [other, third] = others as [LabNode, LabNode];
      const reaches = async (from: LabNode, to: LabNode): Promise<boolean> => {
        const back = await pod(from).pings(pod(to).address);
        // A pod talks to nodes, too.
        expect(await pod(from).pings(to.address), 'pod to node').to.equal(back);
        return back;
      };
      await comesAndGoes(
        lab,
        'isolate',
        { target: { node: target.name } },
        {
          inForce: async () => {
            await between(kubeletPort, 'silence');
            await between(datastorePort, 'silence');
            expect(await pings(lab, other, target)).to.equal(0);
            expect(await reaches(target, other)).to.equal(false);
            expect(await reaches(other, target)).to.equal(false);
            expect(await reaches(other, third)).to.equal(true);
            expect(await curls(lab, other, third, datastorePort)).to.equal('open');
          },
          absent: async () => {
            await between(kubeletPort, 'open');
            await between(datastorePort, 'open');
            expect(await reaches(target, other)).to.equal(true);
            expect(await reaches(other, target)).to.equal(true);
          },
        },
      );
    }));

  it('refuses at once where it rejects', () =>
    comesAndGoes(
      lab,
      'isolate',
      { target: { node: target.name }, how: 'reject' },
      {
        inForce: async () => {
          await between(kubeletPort, 'refused');
          await between(datastorePort, 'refused');
        },
        absent: () => between(kubeletPort, 'open'),
      },
    ));

  it("leaves all but the datastore's port alone where it is told to", () =>
    comesAndGoes(
      lab,
      'isolate',
      { target: { node: target.name }, traffic: 'datastore' },
      {
        inForce: async () => {
          await between(datastorePort, 'silence');
          await between(kubeletPort, 'open');
          expect(await pings(lab, others[0]!, target)).to.equal(3);
        },
        absent: () => between(datastorePort, 'open'),
      },
    ));

  for (const [direction, what] of [
    ['in', 'deaf @long'],
    ['out', 'mute @long'],
  ] as const)
    it(`makes the target no more than ${what}`, () => {
      const other = others[0]!;
      return comesAndGoes(
        lab,
        'isolate',
        { target: { node: target.name }, direction },
        {
          inForce: async () => {
            expect(await arrives(lab, other, target), 'to it').to.equal(direction === 'out');
            expect(await arrives(lab, target, other), 'from it').to.equal(direction === 'in');
            await between(kubeletPort, 'silence');
          },
          absent: async () => {
            expect(await arrives(lab, other, target)).to.equal(true);
            expect(await arrives(lab, target, other)).to.equal(true);
          },
        },
      );
    });

  it('lets new connections of the controller through, by SSH and to the API', async () => {
    const intent = await designOn(lab, 'isolate', { target: { node: target.name } });
    await standing(lab, intent, async () => {
      const { snapshot } = await survey(lab.cluster);
      expect(snapshot.nodes.map(({ name }) => name)).to.include(target.name);
      const { status } = await lab.world.links.kube(target.name).request('GET', '/version');
      expect(status).to.equal(200);
    });
  });

  it('lets them through where they come from a node that is cut off, and nothing else from there', async () => {
    const [jump, other] = others as [LabNode, LabNode];
    const through = (snapshot: Snapshot): Snapshot => ({
      ...snapshot,
      nodes: snapshot.nodes.map((node) => ({
        ...node,
        controller: { address: jump.address, port: 22 },
      })),
    });
    const intent = await designOn(lab, 'isolate', { target: { node: target.name } }, through);
    await standing(lab, intent, async () => {
      const banner = `timeout 2 bash -c 'head -c 7 </dev/tcp/${target.address}/22' || true`;
      expect(await lab.on(jump.name, banner)).to.equal('SSH-2.0');
      expect(await lab.on(other.name, banner)).to.equal('');
      expect(await curls(lab, jump, target, lab.lab.apiPort)).to.equal('open');
      expect(await curls(lab, other, target, lab.lab.apiPort)).to.equal('silence');
      expect(await curls(lab, jump, target, kubeletPort)).to.equal('silence');
    });
  });

  it('cuts by IPv6, too', async () => {
    const six = (node: LabNode): string => `fd77::${node.index}`;
    const all = [target, ...others];
    const each = (verb: 'add' | 'del'): Promise<unknown> =>
      Promise.all(
        all.map((node) =>
          lab.on(node.name, `ip -6 address ${verb} ${six(node)}/64 dev eth0 nodad || true`),
        ),
      );
    const known = (snapshot: Snapshot): Snapshot => ({
      ...snapshot,
      nodes: snapshot.nodes.map((node) => ({
        ...node,
        addresses: [...node.addresses, six(all.find(({ name }) => name === node.name)!)],
      })),
    });
    await each('add');
    try {
      const [other, third] = others as [LabNode, LabNode];
      const reach = (from: LabNode, to: LabNode): Promise<Reached> =>
        curls(lab, from, { address: six(to) }, kubeletPort);
      expect(await reach(other, target)).to.equal('open');
      const intent = await designOn(lab, 'isolate', { target: { node: target.name } }, known);
      await standing(lab, intent, async () => {
        expect(await reach(other, target)).to.equal('silence');
        expect(await reach(target, other)).to.equal('silence');
        expect(await reach(other, third)).to.equal('open');
      });
      expect(await reach(other, target)).to.equal('open');
    } finally {
      await each('del');
    }
  });
});
