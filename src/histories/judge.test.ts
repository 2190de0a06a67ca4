import { expect } from 'chai';
import fc from 'fast-check';
import { judgeHistory, usualBudget, type Judgement } from './judge.ts';
import type { RegisterOperation, RegisterRead, RegisterWrite } from './operation.ts';
import { historyOf, usualWish, type Defect, type Wish } from './testing/cluster.ts';

function judged(registers: readonly RegisterOperation[], budget = usualBudget): Judgement {
  return judgeHistory({ registers, sets: [], counters: [] }, budget);
}

type Said<T> = Partial<Omit<T, 'called' | 'returned'>>;

function read(called: number, returned: number, said: Said<RegisterRead>): RegisterRead {
  return { ...base, kind: 'read', outcome: 'done', called, returned, ...said };
}

function write(
  called: number,
  returned: number,
  said: Said<RegisterWrite> & { readonly value: string },
): RegisterWrite {
  return { ...base, kind: 'write', outcome: 'done', called, returned, ...said };
}

const base = { client: 'c1', through: 'pi1', object: 'config' } as const;
const seeds = Array.from({ length: 25 }, (_, at) => at + 1);

describe('the judgement of registers', () => {
  it('is right of what a sound cluster does, with time-outs that happened, late or never', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.constantFrom(0, 0.05, 0.2),
        fc.constantFrom(0, 0.3),
        fc.constantFrom(0, 0.1),
        (seed, timeouts, blind, deletes) => {
          const history = historyOf({ ...usualWish, seed, timeouts, blind, deletes });
          const { verdict, violations, disagreements } = judged(history);
          expect(violations.map(({ because }) => because)).to.deep.equal([]);
          expect(verdict).to.equal('right');
          expect(disagreements).to.deep.equal([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  const defects: Readonly<Record<Defect, Partial<Wish>>> = {
    'stale read': { blind: 0.3 },
    'lost write': {},
    'applied twice': {},
    resurrected: { deletes: 0.2 },
    'phantom conflict': {},
  };
  for (const [defect, wish] of Object.entries(defects) as [Defect, Partial<Wish>][]) {
    it(`finds a planted defect, ${defect}, in each history that shows it, and none without it`, () => {
      let planted = 0;
      for (const seed of seeds) {
        const sound = historyOf({ ...usualWish, seed, timeouts: 0.03, ...wish });
        expect(judged(sound).verdict, `seed ${seed} without`).to.equal('right');
        const spoilt = historyOf({ ...usualWish, seed, timeouts: 0.03, ...wish, defect });
        if (JSON.stringify(spoilt) === JSON.stringify(sound)) continue;
        planted++;
        const { verdict, violations, disagreements } = judged(spoilt);
        expect(verdict, `seed ${seed}`).to.equal('wrong');
        expect(disagreements, `seed ${seed}`).to.deep.equal([]);
        for (const { operations, because } of violations)
          expect(operations.length, because).to.be.within(1, 8);
      }
      expect(planted).to.be.above(seeds.length / 2);
    });
  }

  it('shows of a stale read the read and the two writes, and says what is wrong', () => {
    const { violations } = judged([
      write(0, 5, { value: 'w-1', on: { absent: true }, version: '4' }),
      write(12_100, 12_110, { value: 'w-812', on: { version: '4' }, version: '9' }),
      read(12_120, 12_130, { value: 'w-812', version: '9' }),
      write(12_280, 12_290, {
        value: 'w-815',
        on: { version: '9' },
        version: '10',
        through: 'pi3',
      }),
      read(12_300, 12_310, { value: 'w-815', version: '10' }),
      read(12_331, 12_340, { value: 'w-812', version: '9', through: 'pi2' }),
      read(12_350, 12_360, { value: 'w-815', version: '10' }),
    ]);
    expect(violations).to.deep.equal([
      {
        wrong: 'not linearizable',
        object: 'config',
        because:
          'a read through pi2 from 12.331 s to 12.340 s returned w-812 of version 9, ' +
          'but w-815 had been acknowledged at 12.290 s through pi3',
        operations: [
          write(12_100, 12_110, { value: 'w-812', on: undefined, version: '9' }),
          write(12_280, 12_290, { value: 'w-815', on: undefined, version: '10', through: 'pi3' }),
          read(12_331, 12_340, { value: 'w-812', version: '9', through: 'pi2' }),
        ],
      },
    ]);
  });

  it('says in words what is wrong of other kinds', () => {
    const first = write(0, 5, { value: 'a', on: { absent: true }, version: '1' });
    const says = (...operations: readonly RegisterOperation[]): readonly string[] =>
      judged([first, ...operations]).violations.map(({ because }) => because);
    expect(says(read(10, 11, { value: 'x' }))).to.deep.equal([
      'a read through pi1 from 0.010 s to 0.011 s returned x, which nobody had written',
    ]);
    expect(
      says(
        write(10, 12, { value: 'c', on: { version: '1' } }),
        write(10, 12, { value: 'b', on: { version: '1' }, outcome: 'conflict' }),
        read(20, 21, { value: 'b' }),
      ),
    ).to.include(
      'a read through pi1 from 0.020 s to 0.021 s returned b, which nobody had written: ' +
        'a write of b on version 1 through pi1 from 0.010 s to 0.012 s was answered with a conflict',
    );
    expect(
      says(write(10, 12, { value: 'b', on: { version: '1' }, outcome: 'conflict' })),
    ).to.deep.equal([
      'a write of b on version 1 through pi1 from 0.010 s to 0.012 s was answered with a conflict, ' +
        'though version 1 was still there',
    ]);
    expect(
      says(
        write(10, 20, { value: 'b', on: { version: '1' } }),
        write(11, 21, { value: 'c', on: { version: '1' } }),
      ),
    ).to.deep.equal([
      'only one of two writes on one version can succeed, ' +
        'but a write of b on version 1 through pi1 from 0.010 s to 0.020 s was acknowledged, ' +
        'and a write of c on version 1 through pi1 from 0.011 s to 0.021 s was acknowledged',
    ]);
    expect(
      says(
        { ...base, kind: 'delete', outcome: 'done', called: 10, returned: 11 },
        read(20, 21, { value: 'a' }),
      ),
    ).to.deep.equal([
      'a read through pi1 from 0.020 s to 0.021 s returned a, but its deletion had been acknowledged at 0.011 s through pi1',
    ]);
    expect(says(read(10, 11, {}))).to.deep.equal([
      'a read through pi1 from 0.010 s to 0.011 s returned that there is no such object, ' +
        'but a had been acknowledged at 0.005 s through pi1',
    ]);
  });

  it('counts a conflict that happened all the same, and does not call it wrong if it was indeterminate', () => {
    const first = write(0, 5, { value: 'a', version: '1' });
    const phantom = write(10, 12, {
      value: 'b',
      on: { version: '1' },
      outcome: 'indeterminate',
      conflicted: true,
    });
    const seen = judged([first, phantom, read(20, 21, { value: 'b', version: '2' })]);
    expect(seen).to.include({ verdict: 'right' });
    expect(seen.phantomConflicts).to.deep.equal([phantom]);
    expect(judged([first, phantom]).phantomConflicts).to.deep.equal([]);
  });

  it('does not know of a value that two writes have, nor when its budget is spent', () => {
    const twice = judged([write(0, 1, { value: 'a' }), write(2, 3, { value: 'a' })]);
    expect(twice.verdict).to.equal('unknown');
    expect(twice.undecided[0]?.because).to.match(/^two writes of a/);
    const history = historyOf({ ...usualWish, blind: 1 });
    expect(judged(history, 10).verdict).to.equal('unknown');
    expect(judged(history).verdict).to.equal('right');
  });

  it('tells versions that contradict each other, and those that go back though the values could be', () => {
    const contradicting = judged([
      write(0, 5, { value: 'a', version: '1' }),
      write(0, 5, { value: 'b', version: '2' }),
      read(10, 11, { value: 'a', version: '2' }),
    ]);
    expect(contradicting.violations.map(({ wrong }) => wrong)).to.deep.equal([
      'versions',
      'versions',
    ]);
    const back = judged([
      write(0, 20, { value: 'a', version: '8' }),
      write(0, 5, { value: 'b', version: '9' }),
      read(6, 7, { value: 'b', version: '9' }),
      read(8, 9, { value: 'a', version: '8' }),
    ]);
    expect(back.violations.map(({ wrong, because }) => `${wrong}: ${because}`)).to.deep.equal([
      'versions: a read through pi1 from 0.008 s to 0.009 s returned a of version 8 (version 8), ' +
        'but version 9 had been seen at 0.005 s through pi1, although the values alone are in a possible order',
    ]);
  });
});

describe('the judgement of caches', () => {
  const first = write(0, 5, { value: 'a', version: '1' });
  const second = write(10, 15, { value: 'b', version: '2' });
  const cached = (called: number, said: Partial<RegisterRead>): RegisterOperation => ({
    ...read(called, called + 1, {}),
    ...said,
    kind: 'cached-read',
  });
  const says = (...reads: readonly RegisterOperation[]): readonly string[] =>
    judged([first, second, ...reads]).violations.map(({ because }) => because);

  it('lets them be old, and differ by server and client', () => {
    expect(says(cached(20, { value: 'a', version: '1' }))).to.deep.equal([]);
    expect(
      says(
        cached(20, { value: 'b', version: '2' }),
        cached(30, { value: 'a', version: '1', through: 'pi2' }),
        cached(40, { value: 'a', version: '1', client: 'c2' }),
      ),
    ).to.deep.equal([]);
  });

  it('finds a value that nobody had written by then', () => {
    expect(says(cached(7, { value: 'b', version: '2' }))).to.deep.equal([
      'a read of a cache through pi1 from 0.007 s to 0.008 s returned b of version 2, which nobody had written by then',
    ]);
    expect(says(cached(20, { value: 'x', version: '3' }))).to.have.length(1);
  });

  it('finds one that went back', () => {
    expect(
      says(cached(20, { value: 'b', version: '2' }), cached(30, { value: 'a', version: '1' })),
    ).to.deep.equal([
      'a read of a cache through pi1 from 0.030 s to 0.031 s returned a of version 1, but c1 had been told b at 0.021 s through pi1 already',
    ]);
    expect(says(cached(20, { value: 'b', version: '2' }), cached(30, {}))).to.have.length(1);
  });
});
