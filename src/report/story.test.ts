import { expect } from 'chai';
import type { Sample } from '../model/timeline.ts';
import { timelineOf } from '../testing/timelines.ts';
import { samplesBySeries } from './story.ts';

describe('the samples of each series', () => {
  it('are told in the order of their intended times, however they were written down', () => {
    const timeline = timelineOf({ probes: ['write'] });
    const reversed = { ...timeline, events: timeline.events.toReversed() };
    const dues = (samples: readonly Sample[] = []): readonly number[] =>
      samples.map(({ due }) => due);
    const told = samplesBySeries(reversed);
    expect(told.size).to.be.greaterThan(1);
    for (const samples of told.values())
      expect(dues(samples)).to.deep.equal(dues(samples).toSorted((a, b) => a - b));
  });
});
