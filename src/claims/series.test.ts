import { expect } from 'chai';
import { leaderLoss, timelineOf } from '../testing/timelines.ts';
import type { Event, Sample } from '../model/timeline.ts';
import {
  eventsOf,
  everyMsOf,
  latestInstant,
  samplesOf,
  seriesOf,
  usedFrom,
  usedOf,
} from './series.ts';

describe('the series of a timeline', () => {
  it('are in the order of intended times, in whatever order they were written', () => {
    const timeline = timelineOf({ probes: ['write'] });
    const [series] = seriesOf(timeline, 'write', 'pi2');
    const backwards = { ...timeline, events: timeline.events.toReversed() };
    expect(samplesOf(backwards, series!)).to.deep.equal(samplesOf(timeline, series!));
    expect(samplesOf(timeline, series!).length).to.be.above(350);
  });

  it('grow with the array that the run appends to', () => {
    const { plan } = timelineOf({ probes: ['write'] });
    const [series] = plan.series;
    const events: Event[] = [];
    const timeline = { plan, events };
    expect(samplesOf(timeline, series!)).to.deep.equal([]);
    const slot = (due: number): Sample => ({
      type: 'sample',
      series: series!.id,
      due,
      missed: true,
    });
    events.push(slot(200));
    expect(samplesOf(timeline, series!).map(({ due }) => due)).to.deep.equal([200]);
    events.push(slot(100), { ...slot(300), sent: 301, got: 305, ok: true });
    expect(samplesOf(timeline, series!).map(({ due }) => due)).to.deep.equal([100, 200, 300]);
    expect(latestInstant(timeline)).to.equal(305);
  });

  it('have no used slot where the machine missed it', () => {
    const timeline = timelineOf({ probes: ['write'], missed: 0.5 });
    const [series] = seriesOf(timeline, 'write');
    const used = usedOf(timeline, series!);
    expect(used.length).to.be.below(samplesOf(timeline, series!).length * 0.6);
    expect(used.every(({ sent }) => typeof sent === 'number')).to.equal(true);
  });

  it('are found from an instant on with every slot that may have been sent since', () => {
    const timeline = timelineOf({ probes: ['leader'], lateness: 40 });
    const [series] = seriesOf(timeline, 'leader');
    const since = ({ sent }: { readonly sent: number }): boolean => sent >= leaderLoss.fired;
    expect(usedFrom(timeline, series!, leaderLoss.fired).filter(since)).to.deep.equal(
      usedOf(timeline, series!).filter(since),
    );
  });

  it('have a period: the longest of a probe, and none where nothing is sampled', () => {
    const { plan } = timelineOf({ probes: ['write', 'leader'] });
    const series = plan.series.map((one) => ({ ...one, everyMs: one.node === 'pi2' ? 300 : 200 }));
    const timeline = { plan: { ...plan, series }, events: [] };
    expect(everyMsOf(timeline, 'write')).to.equal(300);
    expect(everyMsOf(timeline, 'pods')).to.equal(0);
  });

  it('leave the other events in the order of their instants', () => {
    const timeline = timelineOf({ probes: [] });
    const backwards = { ...timeline, events: timeline.events.toReversed() };
    expect(eventsOf(backwards, 'fault').map(({ state }) => state)).to.deep.equal([
      'journaled',
      'armed',
      'fired',
      'bit',
      'undone',
      'gone',
    ]);
  });
});
