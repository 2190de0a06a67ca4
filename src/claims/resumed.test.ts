import { expect } from 'chai';
import type { Sample } from '../model/timeline.ts';
import { badLook, deed, look, timelineWith } from '../testing/looks.ts';
import { resumedOn, type Resumed } from './resumed.ts';

/** Slots 100 ms apart from the fault on, of which those in some times fail. */
function slots(count: number, ...failing: readonly (readonly [number, number])[]): Sample[] {
  return Array.from({ length: count }, (_, index) => {
    const sent = 10_000 + index * 100;
    return failing.some(([from, to]) => sent >= from && sent < to)
      ? badLook('write@pi2', sent, 'HTTP 500')
      : look('write@pi2', sent, { status: 200, n: index + 1 });
  });
}

function resumed(looks: readonly Sample[], until = 20_000): Resumed {
  const timeline = timelineWith(looks);
  return resumedOn(timeline, { at: deed, until }, timeline.plan.series[0]!);
}

describe('requests', () => {
  it('resume between the sending of the last bad one and the receipt of the first good one', () => {
    const { measured, first, lastBad, interrupted, laterBad } = resumed(
      slots(60, [10_000, 10_500], [13_000, 13_200]),
    );
    expect(measured).to.deep.equal({ lo: 396, hi: 510 });
    expect([lastBad?.sent, first?.sent]).to.deep.equal([10_400, 10_500]);
    expect({ interrupted, laterBad }).to.deep.equal({ interrupted: true, laterBad: 2 });
  });

  it('that never failed resume with the first, and were not interrupted', () => {
    const found = resumed(slots(60));
    expect(found.measured).to.deep.equal({ lo: 96, hi: 110 });
    expect(found).to.include({ interrupted: false, laterBad: 0 });
    expect(found).not.to.have.any.keys('lastBad', 'sparse');
  });

  it('are those that were sent from the very end of the deed on', () => {
    const looks = slots(60).map((one) => look('write@pi2', one.due + 4, one.value));
    expect(resumed(looks).measured).to.deep.equal({ lo: 0, hi: 14 });
  });

  it('do not resume with a flicker, but with what lasts for two seconds', () => {
    expect(resumed(slots(60, [10_000, 10_500], [12_500, 12_600])).measured).to.deep.equal({
      lo: 2496,
      hi: 2610,
    });
    expect(resumed(slots(60, [10_000, 10_500], [12_600, 12_700])).measured).to.deep.equal({
      lo: 396,
      hi: 510,
    });
  });

  it('have not resumed before two seconds were seen', () => {
    expect(resumed(slots(25, [10_000, 10_500])).measured).to.deep.equal({ atLeast: 396 });
    expect(resumed(slots(26, [10_000, 10_500])).measured).to.deep.equal({ lo: 396, hi: 510 });
  });

  it('have not resumed if half of the slots of those two seconds are missing', () => {
    const thinned = (everyOther: number): readonly Sample[] =>
      slots(60, [10_000, 10_500]).filter(
        ({ due }) => due <= 10_500 || due >= 12_500 || due % everyOther === 0,
      );
    expect(resumed(thinned(200)).measured).to.have.property('hi', 510);
    expect(resumed(thinned(300)).measured).to.have.property('atLeast');
    // Ten of twenty are enough, nine are not.
    const ten = thinned(200).filter(({ due }) => due <= 10_500 || due > 10_900);
    expect(resumed(ten).measured).to.have.property('hi', 510);
    expect(resumed(ten.filter(({ due }) => due !== 11_000)).measured).to.have.property('atLeast');
  });

  it('resume by the first receipt, in whatever order they are answered', () => {
    const looks = slots(60, [10_000, 10_500]).map((one) =>
      one.due === 10_500 ? { ...one, got: 10_900 } : one,
    );
    expect(resumed(looks).measured).to.deep.equal({ lo: 396, hi: 610 });
  });

  it('have not resumed where that came after the question ended', () => {
    const looks = slots(60, [10_000, 12_000]);
    expect(resumed(looks, 12_000).measured).to.have.property('hi');
    expect(resumed(looks, 11_950)).to.deep.equal({
      measured: { atLeast: 1896 },
      interrupted: true,
      laterBad: 0,
    });
    expect(resumed(looks, 10_500).measured).to.deep.equal({ atLeast: 496 });
    expect(resumed(slots(5)).measured).to.deep.equal({ atLeast: 0 });
    const never = slots(60, [10_000, 90_000]);
    expect(resumed(never, 15_000).measured).to.deep.equal({ atLeast: 4996 });
  });

  it('say where the change was seen too coarsely', () => {
    const looks = slots(60, [10_000, 10_500]).filter(({ due }) => due <= 10_400 || due >= 10_950);
    expect(resumed(looks).sparse).to.match(/seen only to within 0\.60 s/);
    const enough = slots(60, [10_000, 10_500]).filter(({ due }) => due <= 10_400 || due >= 10_900);
    expect(resumed(enough).sparse).to.equal(undefined);
  });
});
