import { expect } from 'chai';
import { snapshotOf } from '../testing/snapshot.ts';
import { timelineOf } from '../testing/timelines.ts';
import { laneGroups, type Lane } from './lanes.ts';

describe('laneGroups', () => {
  const silences = [{ node: 'pi3', from: 10_000, to: 20_000 }];
  const groups = laneGroups(timelineOf({ probes: ['write', 'read', 'watch'], silences }));
  const lane = (title: RegExp, node: string): Lane => {
    const found = groups
      .find((group) => title.test(group.title))
      ?.lanes.find(({ label }) => label === node);
    if (found === undefined) throw new Error(`no lane of ${node}`);
    return found;
  };

  it('has the lanes of what was probed, and of nothing else', () => {
    expect(groups.map(({ title }) => title)).to.deep.equal([
      'Writes through each API server',
      'Reads through each API server',
      'Watches on each API server, of what is written through another',
    ]);
  });

  it('draws no role of a node that has no member, and no readiness of one that Kubernetes does not know', () => {
    const nodes = snapshotOf().nodes.map((node) =>
      node.name === 'pi4' ? ({ ...node, controlPlane: false, datastoreOnly: true } as const) : node,
    );
    const { datastore } = snapshotOf();
    const members = datastore.members.filter(({ node }) => node !== 'pi2');
    const snapshot = snapshotOf(undefined, { nodes, datastore: { ...datastore, members } });
    const drawn = laneGroups(timelineOf({ probes: ['roles', 'nodes'], snapshot }));
    expect(drawn.map(({ lanes }) => lanes.map(({ label }) => label))).to.deep.equal([
      ['pi1', 'pi3', 'pi4'],
      ['pi1', 'pi2', 'pi3'],
    ]);
  });

  it('draws when nothing was scheduled', () => {
    const timeline = timelineOf({ probes: ['scheduled'], idle: { scheduled: 15_000 } });
    const [group] = laneGroups(timeline);
    expect(group?.title).to.equal('New pods are given a node');
    const failed = group?.lanes[0]?.stretches.find(({ look }) => look === 'failed');
    expect(failed?.says).to.match(/^scheduled: requests fail: EPENDING/);
    expect((failed?.to ?? 0) - (failed?.from ?? 0)).to.be.within(13_900, 16_100);
  });

  it('draws a watch that is open and silent otherwise than one that tells or is closed', () => {
    const silent = lane(/Watches/, 'pi3').stretches.filter(({ look }) => look === 'none');
    // The fault may have one of its own: nothing was written through pi4 for a while.
    const last = silent.at(-1);
    expect(last).to.include({
      says: 'pi3: the watch is open and tells nothing new',
      notable: true,
    });
    expect((last?.to ?? 0) - (last?.from ?? 0)).to.be.within(8500, 9500);
    expect(lane(/Watches/, 'pi1').stretches.some(({ look }) => look === 'failed')).to.equal(true);
    expect(lane(/Reads/, 'pi2').stretches.some(({ look }) => look === 'ok')).to.equal(true);
  });

  it('draws each pod that the Service leads to, while it is listed, and who did not get an answer', () => {
    const script = {
      silenced: true as const,
      unlisted: 12_000,
      probes: ['each-endpoint', 'inside-named'],
    };
    const timeline = timelineOf(script);
    const [named, group] = laneGroups(timeline);
    expect(named?.title).to.equal('Workload from a pod on each node, by its name');
    expect(group?.title).to.equal('Pods that the Service leads to, asked by a pod on each node');
    expect(group?.lanes.map(({ label }) => label)).to.deep.equal([
      'web-1 on pi1',
      'web-2 on pi2',
      'web-3 on pi3',
    ]);
    const lanes = group?.lanes.map(({ stretches }) => stretches) ?? [];
    expect(lanes.map((stretches) => stretches.map(({ look }) => look))).to.deep.equal([
      ['ok', 'failed'],
      ['ok'],
      ['ok'],
    ]);
    expect(lanes[1]?.[0]?.says).to.match(/^web-2 on pi2: \d+ requests answered$/);
    const dead = lanes[0]?.at(-1) ?? { from: 0, to: 0 };
    expect(dead).to.have.property('notable', true);
    expect(dead)
      .to.have.property('says')
      .that.matches(
        /^web-1 on pi1 is listed and does not answer: HTTP 504 from pi\d ×\d+, HTTP 504 from pi\d ×\d+/,
      );
    expect(dead.to - dead.from).to.be.within(11_000, 13_000);
  });
});
