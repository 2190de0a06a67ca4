import { expect } from 'chai';
import { randomFrom } from '../model/random.ts';
import { findOrder, impossible, type Specification, type Step } from './linearizable.ts';
import { isAsked, orderOfRegister } from './register.ts';
import { hasOrder } from './testing/brute-force.ts';
import { smallHistory } from './testing/small.ts';

/** A register of whole numbers that begins as 0: what each step writes or, if it reads, returned. */
function register(steps: readonly Step[], values: readonly number[]): Specification {
  return {
    initial: 0,
    after: (state, step) => {
      const value = values[step]!;
      if (steps[step]!.isRead) return state === value ? state : impossible;
      return value;
    },
  };
}

function write(called: number, returned: number): Step {
  return { called, returned, isRead: false };
}

function read(called: number, returned: number): Step {
  return { called, returned, isRead: true };
}

function found(steps: readonly Step[], values: readonly number[], budget = 1000): string {
  return findOrder(steps, register(steps, values), budget);
}

describe('the search for an order', () => {
  it('finds one for reads that overlap a write, whichever value they returned', () => {
    expect(found([write(0, 10), read(1, 2), read(3, 4)], [1, 0, 1])).to.equal('linearizable');
    expect(found([write(0, 10), read(1, 2), read(3, 4)], [1, 1, 0])).to.equal('not linearizable');
  });

  it('takes two operations of which one is called as the other returns to be at once', () => {
    expect(found([write(0, 5), read(5, 6)], [1, 0])).to.equal('linearizable');
    expect(found([write(0, 5), read(6, 7)], [1, 0])).to.equal('not linearizable');
  });

  it('lets what is indeterminate happen late or never, but not before its call', () => {
    const open = write(5, Infinity);
    expect(found([open, read(100, 101)], [1, 0])).to.equal('linearizable');
    expect(found([open, read(100, 101), read(200, 201)], [1, 0, 1])).to.equal('linearizable');
    expect(found([open, read(1, 2)], [1, 1])).to.equal('not linearizable');
    expect(found([open, read(6, 7), read(8, 9)], [1, 1, 0])).to.equal('not linearizable');
  });

  it('says that it does not know when its budget is spent', () => {
    const steps = [...Array.from({ length: 10 }, () => write(0, 100)), read(101, 102)];
    const values = [...Array.from({ length: 10 }, (_, at) => at + 1), 0];
    expect(found(steps, values, 100)).to.equal('unknown');
    expect(found(steps, values, 100_000)).to.equal('not linearizable');
  });

  it('judges a history of nothing, and one in which nothing is certain', () => {
    expect(found([], [])).to.equal('linearizable');
    expect(found([write(0, Infinity)], [1])).to.equal('linearizable');
  });

  // The fewer are for whoever plants faults in the search, thousands of times.
  for (const trials of [2000, 100_000])
    it(`agrees on ${trials} small histories with trying every order`, function () {
      this.timeout(300_000);
      const random = randomFrom(20_261_121);
      const counts = { right: 0, wrong: 0, unsure: 0, conflicts: 0, deletes: 0 };
      for (let trial = 0; trial < trials; trial++) {
        const history = smallHistory(random);
        const isRight = hasOrder(history);
        const answer = orderOfRegister(history.filter(isAsked), 100_000);
        if (answer !== (isRight ? 'linearizable' : 'not linearizable'))
          expect.fail(`${answer}, but trying says ${isRight}: ${JSON.stringify(history, null, 1)}`);
        counts[isRight ? 'right' : 'wrong']++;
        if (history.some(({ outcome }) => outcome === 'indeterminate')) counts.unsure++;
        if (history.some(({ outcome }) => outcome === 'conflict')) counts.conflicts++;
        if (history.some(({ kind }) => kind === 'delete')) counts.deletes++;
      }
      // With fewer of one of them, agreeing would mean less.
      expect(Math.min(counts.right, counts.wrong), 'right and wrong').to.be.above(0.3 * trials);
      expect(Math.min(counts.unsure, counts.conflicts), 'special').to.be.above(0.2 * trials);
      expect(counts.deletes, 'with deletions').to.be.above(0.1 * trials);
    });
});
