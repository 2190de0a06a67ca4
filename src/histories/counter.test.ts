import { expect } from 'chai';
import fc from 'fast-check';
import { judgeCounter } from './counter.ts';
import type { CounterIncrement, CounterOperation, CounterRead, Outcome } from './operation.ts';

const base = { client: 'c1', through: 'pi1', object: 'counter' } as const;

function increment(called: number, by: number, outcome: Outcome = 'done'): CounterIncrement {
  return { ...base, kind: 'increment', by, called, returned: called + 5, outcome };
}

function read(called: number, count: number): CounterRead {
  return { ...base, kind: 'read', count, called, returned: called + 5, outcome: 'done' };
}

function found(...operations: readonly CounterOperation[]): readonly string[] {
  return judgeCounter(operations).map(({ wrong, because }) => `${wrong}: ${because}`);
}

describe('the judgement of a counter', () => {
  it('finds a read of less than was acknowledged, and shows as many increments as it takes', () => {
    const [first, second, third] = [increment(0, 2), increment(1, 2), increment(2, 2)];
    expect(found(first, second, third, read(20, 3))).to.deep.equal([
      'out of bounds: a read through pi1 from 0.020 s to 0.025 s returned 3, but 4 had been acknowledged before',
    ]);
    expect(judgeCounter([first, second, third, read(20, 3)])[0]?.operations).to.deep.equal([
      first,
      second,
      read(20, 3),
    ]);
  });

  it('finds a read of more than had been asked for by then', () => {
    expect(
      found(increment(0, 1), increment(1, 1, 'refused'), read(10, 2), increment(20, 1)),
    ).to.deep.equal([
      'out of bounds: a read through pi1 from 0.010 s to 0.015 s returned 2, but only 1 had been asked for by then',
    ]);
  });

  it('finds a read of less than one before', () => {
    expect(found(increment(0, 1, 'indeterminate'), read(10, 1), read(20, 0))).to.deep.equal([
      'went back: a read through pi1 from 0.020 s to 0.025 s returned 0, but 1 had been read at 0.015 s through pi1',
    ]);
  });

  it('lets reads overlap increments, and indeterminate ones happen late or never', () => {
    const unsure = increment(0, 1, 'indeterminate');
    expect(found(unsure, read(10, 0), read(900, 1))).to.deep.equal([]);
    expect(found(unsure, read(10, 0), read(900, 0))).to.deep.equal([]);
    expect(found(increment(0, 1), read(3, 0), read(4, 1))).to.deep.equal([]);
  });

  it('counts what was over before a read, and what had begun as it ended', () => {
    expect(found(increment(0, 1), read(5, 0))).to.deep.equal([]);
    expect(found(increment(0, 1), read(6, 0))).to.have.length(1);
    expect(found(read(0, 1), increment(5, 1))).to.deep.equal([]);
    expect(found(read(0, 1), increment(6, 1))).to.have.length(1);
    // Two reads that touch may have been in either order.
    const unsure = increment(0, 1, 'indeterminate');
    expect(found(unsure, read(10, 1), read(15, 0))).to.deep.equal([]);
    expect(found(unsure, read(10, 1), read(16, 0))).to.have.length(1);
    // A read without an answer has read nothing.
    expect(found(increment(0, 1), { ...read(10, 0), outcome: 'indeterminate' })).to.deep.equal([]);
  });

  it('takes a history in any order, and shows what is wrong in that of the calls', () => {
    const [early, late] = [increment(0, 2), increment(30, 1)];
    expect(judgeCounter([late, read(20, 1), early])[0]).to.deep.include({
      wrong: 'out of bounds',
      object: 'counter',
      operations: [early, read(20, 1)],
    });
    const during = increment(12, 1);
    expect(judgeCounter([during, read(10, 9), early])[0]?.operations).to.deep.equal([
      ...[early, read(10, 9), during],
    ]);
    const unsure = increment(0, 1, 'indeterminate');
    expect(judgeCounter([read(20, 0), read(10, 1), unsure])[0]).to.deep.include({
      wrong: 'went back',
      operations: [read(10, 1), read(20, 0)],
    });
    const both = judgeCounter([read(20, 9), read(10, 8)]).map(({ operations }) => operations);
    expect(both).to.deep.equal([[read(10, 8)], [read(20, 9)]]);
  });

  it('is right of any counter that took its increments at one instant each, wrong of one that forgot one', () => {
    const instant = fc.integer({ min: 0, max: 50 });
    const moment = fc.tuple(instant, instant, instant).map((all) => all.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(moment, fc.integer({ min: 1, max: 9 }), fc.boolean()), {
          minLength: 1,
          maxLength: 10,
        }),
        fc.array(moment, { maxLength: 8 }),
        (increments, reads) => {
          const countAt = (point: number): number =>
            increments
              .filter(([moment]) => moment[1]! <= point)
              .reduce((sum, [, by]) => sum + by, 0);
          const history: CounterOperation[] = [
            ...increments.map(([moment, by, sure]): CounterIncrement => ({
              ...increment(0, by, sure ? 'done' : 'indeterminate'),
              called: moment[0]!,
              returned: moment[2]!,
            })),
            ...reads.map((moment): CounterRead => ({
              ...read(0, countAt(moment[1]!)),
              called: moment[0]!,
              returned: moment[2]!,
            })),
          ];
          expect(judgeCounter(history)).to.deep.equal([]);
          const sure = increments.reduce((sum, [, by, sure]) => sum + (sure ? by : 0), 0);
          if (sure > 0) expect(judgeCounter([...history, read(100, sure - 1)])).to.have.length(1);
        },
      ),
      { numRuns: 500 },
    );
  });
});
