import { expect } from 'chai';
import { randomFrom, type Random } from '../model/random.ts';
import { findOrder, impossible, type Specification, type Step } from './linearizable.ts';

/** A step, and the state after it by the state before it. */
interface Does extends Step {
  readonly after: (state: number) => number;
}

function found(all: readonly Does[], budget = 1000): string {
  const specification: Specification = {
    initial: 0,
    after: (state, step) => all[step]!.after(state),
  };
  return findOrder(all, specification, budget);
}

function write(called: number, returned: number, value: number): Does {
  return { called, returned, isRead: false, after: () => value };
}

function read(called: number, returned: number, value: number): Does {
  return {
    called,
    returned,
    isRead: true,
    after: (state) => (state === value ? state : impossible),
  };
}

function increment(called: number, twin?: number): Does {
  return { called, returned: Infinity, isRead: false, twin, after: (state) => state + 1 };
}

const never = Infinity;

describe('the order that is found', () => {
  it('is that of the reads alone, whichever it is, where all writes overlap', () => {
    const values = [1, 2, 3, 4];
    const writes = values.map((value) => write(value, 100, value));
    for (const order of permutationsOf(values)) {
      const reads = order.map((value, at) => read(10 * (at + 1), 10 * (at + 1) + 1, value));
      expect(found([...writes, ...reads]), order.join(' ')).to.equal('linearizable');
      const again = read(60, 61, order[2]!);
      expect(found([...writes, ...reads, again]), order.join(' ')).to.equal('not linearizable');
    }
  });

  it('keeps what is open for later where it is needed there', () => {
    const open = [write(0, never, 1), write(0, never, 2)];
    expect(found([...open, read(1, 2, 2), read(3, 4, 1)])).to.equal('linearizable');
    expect(found([...open, read(1, 2, 1), read(3, 4, 2)])).to.equal('linearizable');
    expect(found([...open, read(1, 2, 1), read(3, 4, 2), read(5, 6, 1)])).to.equal(
      'not linearizable',
    );
  });

  it('may have something open in the instant of an answer, and not after it', () => {
    expect(found([read(0, 5, 1), write(5, never, 1)])).to.equal('linearizable');
    expect(found([read(0, 5, 1), write(6, never, 1)])).to.equal('not linearizable');
  });

  it('may have each of several twins, and no more than there are', () => {
    const twins = [increment(0), increment(1, 0), increment(2, 1)];
    for (const count of [0, 1, 2, 3])
      expect(found([...twins, read(10, 11, count)]), `${count}`).to.equal('linearizable');
    expect(found([...twins, read(10, 11, 4)])).to.equal('not linearizable');
    expect(found([...twins, read(10, 11, 2), read(12, 13, 3)])).to.equal('linearizable');
  });

  it('knows a twin by its place, wherever the steps are', () => {
    const other = write(0, never, 5);
    expect(found([read(10, 11, 2), other, increment(1), increment(2, 2)])).to.equal('linearizable');
    expect(found([increment(2, 2), read(10, 11, 2), increment(1), other])).to.equal('linearizable');
  });

  it('is of calls in any order of the list', () => {
    expect(found([read(20, 21, 2), write(10, 11, 2), write(0, 1, 1)])).to.equal('linearizable');
    expect(found([read(20, 21, 1), write(10, 11, 2), write(0, 1, 1)])).to.equal('not linearizable');
  });
});

describe('what the search spends of its budget', () => {
  it('is one pair for each write of a history without a choice, and none for its reads', () => {
    const steps = [1, 2, 3].flatMap((value) => [
      write(10 * value, 10 * value + 1, value),
      read(10 * value + 2, 10 * value + 3, value),
      read(10 * value + 4, 10 * value + 5, value),
    ]);
    expect(found(steps, 3)).to.equal('linearizable');
    expect(found(steps, 2)).to.equal('unknown');
  });

  it('is nothing for what is open and changes nothing', () => {
    expect(found([write(0, never, 0), read(1, 2, 1)], 0)).to.equal('not linearizable');
    expect(found([write(0, never, 0), write(0, never, 0), read(1, 2, 1)], 0)).to.equal(
      'not linearizable',
    );
  });

  it('is one pair for each of some twins, not for each choice among them', () => {
    const twins = Array.from({ length: 10 }, (_, at) =>
      increment(at, at === 0 ? undefined : at - 1),
    );
    expect(found([...twins, read(20, 21, 11)], 10)).to.equal('not linearizable');
    expect(found([...twins, read(20, 21, 11)], 9)).to.equal('unknown');
  });

  it('is nothing for a read that could have come later: that is not tried', () => {
    const steps = [read(0, 10, 0), write(0, 10, 1), write(0, 10, 2), read(20, 21, 3)];
    expect(found(steps, 4)).to.equal('not linearizable');
    expect(found(steps, 3)).to.equal('unknown');
  });
});

describe('the search for an order of whatever an object does', () => {
  it('agrees with trying every order, on 3000 objects of three states that do anything', () => {
    const random = randomFrom(7);
    const counts = { linearizable: 0, 'not linearizable': 0, twins: 0 };
    for (let trial = 0; trial < 3000; trial++) {
      const steps = anySteps(random);
      const answer = hasOrder(steps) ? 'linearizable' : 'not linearizable';
      expect(found(steps, 100_000), JSON.stringify(shown(steps))).to.equal(answer);
      counts[answer]++;
      if (steps.some(({ twin }) => twin !== undefined)) counts.twins++;
    }
    // With fewer of one of them, agreeing would mean less.
    expect(Math.min(...Object.values(counts))).to.be.above(600);
  });
});

const states = [0, 1, 2];

/** Up to seven steps that overlap, of which some are open; an open one may be the twin of another. */
function anySteps(random: Random): readonly Does[] {
  const whole = (below: number): number => Math.floor(random.between(0, below));
  const steps: Does[] = [];
  const openOnes: { readonly place: number; readonly does: Does }[] = [];
  for (let place = 0; place < 3 + whole(5); place++) {
    const called = whole(12);
    const twin = openOnes.at(-1);
    if (twin !== undefined && random.next() < 0.4) {
      const does = { ...twin.does, called: twin.does.called + whole(3), twin: twin.place };
      steps.push(does);
      openOnes.push({ place, does });
      continue;
    }
    const isRead = random.next() < 0.35;
    const table = states.map((state) =>
      isRead ? (random.next() < 0.4 ? state : impossible) : whole(states.length + 1) - 1,
    );
    const returned = !isRead && random.next() < 0.4 ? Infinity : called + whole(8);
    const does = { called, returned, isRead, after: (state: number) => table[state]! };
    steps.push(does);
    if (returned === Infinity) openOnes.push({ place, does });
  }
  return steps;
}

/** Tries every order that real time allows, with each choice of open steps. */
function hasOrder(left: readonly Does[], state = 0): boolean {
  if (left.every(({ returned }) => returned === Infinity)) return true;
  return left.some((one) => {
    if (left.some((other) => other.returned < one.called)) return false;
    const after = one.after(state);
    return (
      after !== impossible &&
      hasOrder(
        left.filter((other) => other !== one),
        after,
      )
    );
  });
}

function shown(steps: readonly Does[]): unknown {
  return steps.map(({ after, ...step }) => ({
    ...step,
    returned: String(step.returned),
    after: states.map(after),
  }));
}

function permutationsOf(values: readonly number[]): readonly (readonly number[])[] {
  if (values.length === 0) return [[]];
  return values.flatMap((first) =>
    permutationsOf(values.filter((one) => one !== first)).map((rest) => [first, ...rest]),
  );
}
