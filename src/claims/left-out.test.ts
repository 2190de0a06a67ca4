import { expect } from 'chai';
import type { Span } from '../model/span.ts';
import type { Event, Sample } from '../model/timeline.ts';
import { intentOf } from '../testing/intent.ts';
import { badLook, look, timelineWith } from '../testing/looks.ts';
import { apart, leftOut } from './left-out.ts';

/** A fault that is aimed at a node between two instants; one that is never taken back without the second. */
function fault(step: string, node: string, from: number, to?: number): readonly Event[] {
  const event = { type: 'fault', step } as const;
  const intent = intentOf(step, node, 'node-timer', []);
  const fired = { ...event, state: 'fired', at: from, span: { lo: from, hi: from + 5 }, intent };
  const undone = { ...event, state: 'undone', at: to ?? 0, span: { lo: (to ?? 0) - 5, hi: to } };
  return (to === undefined ? [fired] : [fired, undone]) as Event[];
}

/** When the way to pi2 is left out, that is asked at some instants, and answers again from one on. */
function spans(
  asked: readonly number[],
  from: number,
  ...faults: readonly Event[]
): readonly Span[] {
  const looks: readonly Sample[] = asked.map((sent) =>
    sent >= from
      ? look('web-new@pi2', sent, { status: 200 })
      : badLook('web-new@pi2', sent, 'ECONNREFUSED'),
  );
  const { plan, events } = timelineWith(looks, faults);
  const steps = ['a', 'b', 'c'].map(
    (id) => ({ kind: 'fault', id, fault: 'kill', params: {} }) as const,
  );
  return leftOut({ plan: { ...plan, steps }, events }, plan.series[0]!);
}

const asked = [9000, 11_000, 12_000, 13_000, 14_000, 15_000];

describe('a node that is left out', () => {
  it('is so from the fault until it answers again after the healing', () => {
    expect(spans(asked, 13_000, ...fault('a', 'pi2', 10_000, 12_000))).to.deep.equal([
      { lo: 10_000, hi: 13_000 },
    ]);
    expect(spans(asked, 9000, ...fault('a', 'pi2', 10_000, 12_000))).to.deep.equal([
      { lo: 10_000, hi: 12_000 },
    ]);
    expect(spans(asked, 9000, ...fault('a', 'pi2', 10_000, 12_001))).to.deep.equal([
      { lo: 10_000, hi: 13_000 },
    ]);
  });

  it('is so only while the fault stands, if it never answers again', () => {
    expect(spans(asked, 99_000, ...fault('a', 'pi2', 10_000, 12_000))).to.deep.equal([
      { lo: 10_000, hi: 12_000 },
    ]);
    expect(spans(asked, 9000, ...fault('a', 'pi2', 10_000))).to.deep.equal([
      { lo: 10_000, hi: Infinity },
    ]);
  });

  it('is so by faults that are aimed at it alone, and by all of these', () => {
    expect(spans(asked, 9000, ...fault('a', 'pi1', 10_000, 12_000))).to.deep.equal([]);
    const two = [...fault('b', 'pi2', 14_500, 14_600), ...fault('a', 'pi2', 10_000, 10_500)];
    expect(spans(asked, 9000, ...two)).to.deep.equal([
      { lo: 10_000, hi: 11_000 },
      { lo: 14_500, hi: 15_000 },
    ]);
    // One that begins later is first in the plan.
    const turned = [...fault('a', 'pi2', 14_500, 14_600), ...fault('b', 'pi2', 10_000, 10_500)];
    expect(spans(asked, 9000, ...turned)).to.deep.equal([
      { lo: 10_000, hi: 11_000 },
      { lo: 14_500, hi: 15_000 },
    ]);
  });

  it('is so in one stretch where faults touch or are within each other', () => {
    const touching = [...fault('a', 'pi2', 10_000, 11_000), ...fault('b', 'pi2', 11_000, 12_000)];
    expect(spans(asked, 9000, ...touching)).to.deep.equal([{ lo: 10_000, hi: 12_000 }]);
    const within = [...fault('a', 'pi2', 10_000, 14_000), ...fault('b', 'pi2', 11_000, 12_000)];
    expect(spans(asked, 9000, ...within)).to.deep.equal([{ lo: 10_000, hi: 14_000 }]);
  });
});

describe('what is apart from some spans', () => {
  it('is before, between and after them; a span has its first instant and not its last', () => {
    const slots = [1, 2, 3, 4, 5, 6, 7].map((due) => ({ due }));
    const dues = (some: readonly { due: number }[]): readonly number[] =>
      some.map(({ due }) => due);
    const { between, within } = apart(slots, [
      { lo: 2, hi: 3 },
      { lo: 5, hi: 7 },
    ]);
    expect(between.map(dues)).to.deep.equal([[1], [3, 4], [7]]);
    expect(dues(within)).to.deep.equal([2, 5, 6]);
    expect(apart(slots, []).between.map(dues)).to.deep.equal([[1, 2, 3, 4, 5, 6, 7]]);
  });
});
