import { expect } from 'chai';
import { look, timelineWith } from '../testing/looks.ts';
import { leaderLoss, timelineOf } from '../testing/timelines.ts';
import type { Event, Sample } from '../model/timeline.ts';
import {
  eventsOf,
  everyMsOf,
  isUsed,
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

  it('stay in the order in which they were written where they are due in one instant', () => {
    const looks = [1, 2, 3].map((version) => look('web@pi1', 9000, { version }));
    const timeline = timelineWith([...looks, look('web@pi1', 8000, {})]);
    const [series] = timeline.plan.series;
    expect(samplesOf(timeline, series!).slice(1)).to.deep.equal(looks);
  });

  it('begin two seconds before an instant, as no slot is sent later than that', () => {
    const timeline = timelineWith([9000, 7999, 12_000, 8000].map((at) => look('web@pi1', at, {})));
    const [series] = timeline.plan.series;
    const from = (at: number): readonly number[] =>
      usedFrom(timeline, series!, at).map(({ due }) => due);
    expect(from(10_000)).to.deep.equal([8000, 9000, 12_000]);
    expect(from(9999)).to.deep.equal([7999, 8000, 9000, 12_000]);
    expect(from(15_000)).to.deep.equal([]);
    expect(usedOf({ ...timeline, events: [] }, series!)).to.deep.equal([]);
  });

  it('are used where they were sent and came back', () => {
    const { sent, got, ok, ...slot } = look('web@pi1', 9000, {});
    expect(isUsed({ ...slot, sent: sent!, got: got!, ok: ok! })).to.equal(true);
    expect(isUsed({ ...slot, got: got!, ok: ok! })).to.equal(false);
    expect(isUsed({ ...slot, sent: sent!, ok: ok! })).to.equal(false);
    expect(isUsed({ ...slot, sent: sent!, got: got! })).to.equal(false);
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
