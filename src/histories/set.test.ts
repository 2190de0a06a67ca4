import { expect } from 'chai';
import fc from 'fast-check';
import { judgeHistory } from './judge.ts';
import type { Outcome, SetAdd, SetOperation, SetRead } from './operation.ts';
import { judgeSet } from './set.ts';

const base = { client: 'c1', through: 'pi1', object: 'set' } as const;

function add(called: number, element: string, outcome: Outcome = 'done'): SetAdd {
  return { ...base, kind: 'add', element, called, returned: called + 5, outcome };
}

function read(called: number, ...elements: readonly string[]): SetRead {
  return { ...base, kind: 'read', elements, called, returned: called + 5, outcome: 'done' };
}

function found(...operations: readonly SetOperation[]): readonly string[] {
  return judgeSet(operations).violations.map(({ wrong, because }) => `${wrong}: ${because}`);
}

describe('the judgement of a set', () => {
  it('finds an element that was acknowledged or read, and is in no later read', () => {
    expect(found(add(0, 'a'), read(10), read(20))).to.deep.equal([
      'lost: a read through pi1 from 0.010 s to 0.015 s lacked a, but it had been acknowledged at 0.005 s through pi1, and no later read had it',
    ]);
    expect(found(add(0, 'a', 'indeterminate'), read(10, 'a'), read(20))).to.deep.equal([
      'lost: a read through pi1 from 0.020 s to 0.025 s lacked a, but it had been read at 0.015 s through pi1, and no later read had it',
    ]);
  });

  it('finds one that only reads before the last lacked', () => {
    expect(found(add(0, 'a'), read(10), read(20, 'a'))).to.deep.equal([
      'stale: a read through pi1 from 0.010 s to 0.015 s lacked a, but it had been acknowledged at 0.005 s through pi1; ' +
        'a read through pi1 from 0.020 s to 0.025 s had it again',
    ]);
  });

  it('is lost by the last that lacked it, whatever reads between had', () => {
    const [verdict] = found(add(0, 'a'), read(10), read(20), read(30, 'a'), read(40));
    expect(verdict).to.match(
      /^lost: a read through pi1 from 0\.010 s .*, and no later read had it$/,
    );
  });

  it('finds one that a read has twice', () => {
    expect(found(add(0, 'a'), add(0, 'b'), read(10, 'a', 'b', 'a'))).to.deep.equal([
      'duplicated: a read through pi1 from 0.010 s to 0.015 s had a 2 times',
    ]);
  });

  it('finds one that nobody had tried to add by then, or that was certainly not added', () => {
    expect(found(read(10, 'x'))).to.deep.equal([
      'unexpected: a read through pi1 from 0.010 s to 0.015 s had x, but nobody had tried to add it',
    ]);
    expect(found(add(0, 'a', 'refused'), read(10, 'a'))).to.deep.equal([
      'unexpected: a read through pi1 from 0.010 s to 0.015 s had a, but an addition of a through pi1 ' +
        'from 0.000 s to 0.005 s was refused and certainly did not happen',
    ]);
    expect(found(read(10, 'a'), add(20, 'a'))).to.have.length(1);
  });

  it('lets reads overlap additions, and indeterminate ones happen late or never', () => {
    expect(found(add(0, 'a'), read(3), read(4, 'a'))).to.deep.equal([]);
    expect(
      found(add(0, 'a', 'indeterminate'), add(0, 'b', 'indeterminate'), read(10), read(900, 'b')),
    ).to.deep.equal([]);
  });

  it('lets what touches be in either order', () => {
    expect(found(add(0, 'a'), read(5))).to.deep.equal([]);
    expect(found(add(0, 'a'), read(6))).to.have.length(1);
    expect(found(read(0, 'a'), add(5, 'a'))).to.deep.equal([]);
    expect(found(read(0, 'a'), add(6, 'a'))).to.have.length(1);
    // A read that ended as another was called may have come after it.
    expect(found(add(0, 'a'), read(6, 'a'), read(11))[0]).to.match(/^stale: /);
    expect(found(add(0, 'a'), read(6, 'a'), read(12))[0]).to.match(/^lost: /);
    expect(judgeSet([add(5, 'b'), read(10)]).neverRead).to.deep.equal([add(5, 'b')]);
    expect(judgeSet([add(4, 'b'), read(10)]).neverRead).to.deep.equal([]);
    // A read without an answer lacks nothing.
    expect(found(add(0, 'a'), { ...read(10), outcome: 'indeterminate' })).to.deep.equal([]);
  });

  it('knows of an element by the first answer that shows it', () => {
    const slow = { ...add(0, 'a'), returned: 30 };
    expect(found(slow, read(10, 'a'), read(20))[0]).to.match(
      /lacked a, but it had been read at 0\.015/,
    );
    const equal = { ...add(0, 'a'), returned: 15 };
    expect(found(equal, read(10, 'a'), read(20))[0]).to.match(/it had been acknowledged at 0\.015/);
    expect(found(add(0, 'a'), read(10, 'a'), read(20))[0]).to.match(/acknowledged at 0\.005/);
  });

  it('takes a history in any order, and shows what is wrong in that of the calls', () => {
    const shown = (...operations: readonly SetOperation[]): readonly unknown[] =>
      judgeSet(operations).violations.map(({ wrong, operations }) => [wrong, operations]);
    expect(shown(read(20), add(0, 'a'), read(10, 'a'), read(30))).to.deep.equal([
      ['lost', [add(0, 'a'), read(20)]],
    ]);
    expect(shown(read(30, 'a'), read(20), read(10), add(0, 'a'))).to.deep.equal([
      ['stale', [add(0, 'a'), read(10), read(30, 'a')]],
    ]);
    expect(shown(read(10, 'a', 'b', 'a'), add(0, 'b'), add(0, 'a'))).to.deep.equal([
      ['duplicated', [add(0, 'a'), read(10, 'a', 'a')]],
    ]);
    expect(shown(add(20, 'a'), read(10, 'a'))).to.deep.equal([
      ['unexpected', [read(10, 'a'), add(20, 'a')]],
    ]);
  });

  it('shows of each only the operations and the element that are wrong', () => {
    const [violation] = judgeSet([
      add(0, 'a'),
      add(0, 'b'),
      read(10, 'b'),
      read(20, 'a', 'b'),
    ]).violations;
    expect(violation).to.deep.include({
      wrong: 'stale',
      object: 'set',
      operations: [add(0, 'a'), read(10), read(20, 'a')],
    });
    expect(judgeSet(violation!.operations as SetOperation[]).violations).to.deep.equal([violation]);
  });

  it('tells what was acknowledged and could not be read any more', () => {
    const operations = [add(0, 'a'), read(10, 'a'), add(20, 'b'), add(20, 'c', 'indeterminate')];
    expect(judgeSet(operations).neverRead).to.deep.equal([add(20, 'b')]);
    const whole = judgeHistory({ registers: [], sets: operations, counters: [] });
    expect(whole).to.deep.include({ verdict: 'right', neverRead: [add(20, 'b')] });
    const unread = judgeHistory({ registers: [], sets: [add(0, 'a')], counters: [] });
    expect(unread.verdict).to.equal('unknown');
  });

  it('is right of any set that took its additions at one instant each', () => {
    const instant = fc.integer({ min: 0, max: 50 });
    const moment = fc.tuple(instant, instant, instant).map((all) => all.toSorted((a, b) => a - b));
    const outcome = fc.constantFrom<Outcome>('done', 'done', 'indeterminate', 'refused');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(moment, outcome, fc.boolean()), { maxLength: 12 }),
        fc.array(moment, { maxLength: 8 }),
        (adds, reads) => {
          const happened = adds.flatMap(([moment, its, luck], name) =>
            its === 'done' || (its === 'indeterminate' && luck)
              ? [{ name: `${name}`, point: moment[1]! }]
              : [],
          );
          const history: SetOperation[] = [
            ...adds.map(([moment, its], name): SetAdd => ({
              ...add(0, `${name}`, its),
              called: moment[0]!,
              returned: moment[2]!,
            })),
            ...reads.map((moment): SetRead => ({
              ...read(
                0,
                ...happened.filter(({ point }) => point <= moment[1]!).map(({ name }) => name),
              ),
              called: moment[0]!,
              returned: moment[2]!,
            })),
          ];
          expect(judgeSet(history).violations).to.deep.equal([]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
