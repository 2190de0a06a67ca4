import { expect } from 'chai';
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
});
