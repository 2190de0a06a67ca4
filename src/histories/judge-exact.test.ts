import { expect } from 'chai';
import { judgeHistory, usualBudget, type Judgement } from './judge.ts';
import type {
  CounterOperation,
  RegisterOperation,
  RegisterRead,
  RegisterWrite,
  SetAdd,
  SetOperation,
  SetRead,
} from './operation.ts';

const base = { client: 'c1', through: 'pi1', object: 'config', outcome: 'done' } as const;

type Said<T> = Partial<Omit<T, 'called' | 'returned'>>;

/** Each lasts 5 ms. */
function write(called: number, value: string, said: Said<RegisterWrite> = {}): RegisterWrite {
  return { ...base, kind: 'write', called, returned: called + 5, value, ...said };
}

/** @param value without one, there was no such object */
function read(called: number, value?: string, said: Said<RegisterRead> = {}): RegisterRead {
  return { ...base, kind: 'read', called, returned: called + 5, value, ...said };
}

function add(called: number, element: string, outcome: SetAdd['outcome'] = 'done'): SetAdd {
  return { ...base, object: 'set', kind: 'add', called, returned: called + 5, element, outcome };
}

function readSet(called: number, ...elements: readonly string[]): SetRead {
  return { ...base, object: 'set', kind: 'read', called, returned: called + 5, elements };
}

function judged(registers: readonly RegisterOperation[], budget = usualBudget): Judgement {
  return judgeHistory({ registers, sets: [], counters: [] }, budget);
}

function judgedSet(...sets: readonly SetOperation[]): Judgement {
  return judgeHistory({ registers: [], sets, counters: [] });
}

const right: Judgement = {
  verdict: 'right',
  violations: [],
  undecided: [],
  disagreements: [],
  phantomConflicts: [],
  neverRead: [],
};

describe('a register with two writes of one value', () => {
  const undecided = [
    {
      object: 'config',
      because: 'two writes of a were asked for, so its reads do not tell which',
    },
  ];

  it('is undecided, whatever else is wrong of it', () => {
    for (const second of [write(10, 'a'), write(10, 'a', { outcome: 'indeterminate' })])
      expect(judged([write(0, 'a'), second, read(20, 'x')])).to.deep.equal({
        ...right,
        verdict: 'unknown',
        undecided,
      });
  });

  it('is judged where one of them certainly did not happen', () => {
    for (const outcome of ['refused', 'conflict'] as const) {
      const other = write(10, 'a', { outcome });
      expect(judged([other, write(20, 'a')]).verdict, outcome).to.equal('right');
      expect(judged([write(0, 'a'), other]).verdict, outcome).to.equal('right');
    }
  });

  it('is none that was read twice', () => {
    expect(judged([write(0, 'a'), read(10, 'a'), read(20, 'a')])).to.deep.equal(right);
  });
});

describe('a register whose versions contradict each other', () => {
  const a = write(0, 'a', { version: '1' });
  const lie = read(10, 'a', { version: '2' });
  const contradiction = {
    wrong: 'versions' as const,
    object: 'config',
    because:
      'a write of a through pi1 from 0.000 s to 0.005 s was acknowledged as version 1, ' +
      'but a read through pi1 from 0.010 s to 0.015 s returned a of version 2',
    operations: [a, lie],
  };

  it('is wrong: the two answers show it', () => {
    expect(judged([a, lie])).to.deep.equal({
      ...right,
      verdict: 'wrong',
      violations: [contradiction],
    });
  });

  it('is not judged by the conditions of its writes', () => {
    const conflict = write(20, 'b', { on: { version: '1' }, outcome: 'conflict' });
    const onOther = write(30, 'c', { on: { version: '7' } });
    for (const one of [conflict, onOther]) {
      expect(judged([a, one]).verdict).to.equal('wrong');
      expect(judged([a, lie, one]).violations).to.deep.equal([contradiction]);
    }
  });

  it('is not judged by the order of its versions', () => {
    const older = write(20, 'c', { version: '0' });
    expect(judged([a, older]).verdict).to.equal('wrong');
    expect(judged([a, lie, older]).violations).to.deep.equal([contradiction]);
  });

  it('is judged by its values still', () => {
    const { violations } = judged([a, lie, read(20, 'x')]);
    expect(violations.map(({ wrong }) => wrong)).to.deep.equal(['versions', 'not linearizable']);
  });
});

describe('a search that cannot tell', () => {
  it('leaves a register undecided when its budget is spent', () => {
    expect(judged([write(0, 'a')], 0)).to.deep.equal({
      ...right,
      verdict: 'unknown',
      undecided: [{ object: 'config', because: 'the search for an order needs more than 0 steps' }],
    });
  });

  it('does not hide what is wrong all the same', () => {
    const contradicting = [write(0, 'a', { version: '1' }), read(10, 'a', { version: '2' })];
    const { verdict, violations, undecided } = judged(contradicting, 0);
    expect(verdict).to.equal('wrong');
    expect([violations.length, undecided.length]).to.deep.equal([1, 1]);
  });

  it('is told where the versions say otherwise: an answer that is older than its question', () => {
    const early = read(20, 'a', { version: '1' });
    const { verdict, disagreements } = judged([
      write(0, 'a', { version: '1' }),
      { ...early, returned: 19 },
    ]);
    expect(verdict).to.equal('wrong');
    expect(disagreements).to.deep.equal([
      {
        object: 'config',
        because: 'the search finds no order of its operations, but their versions show one',
      },
    ]);
  });

  it('is not told where the versions say the same, or nothing', () => {
    const a = write(0, 'a', { version: '1' });
    const b = write(10, 'b', { version: '2' });
    expect(judged([a, b, read(20, 'a', { version: '1' })])).to.deep.include({
      verdict: 'wrong',
      disagreements: [],
    });
    expect(judged([a, b, read(20, 'b', { version: '2' })])).to.deep.equal(right);
    const untold = [write(0, 'a'), write(10, 'b'), read(20, 'a')];
    expect(judged(untold)).to.deep.include({ verdict: 'wrong', disagreements: [] });
  });
});

describe('conflicts of writes that happened all the same', () => {
  const a = write(0, 'a');

  it('are those whose value was read, of the store or of a cache', () => {
    const certain = write(10, 'b', { on: { version: '1' }, outcome: 'conflict' });
    const unsure = write(10, 'c', { outcome: 'indeterminate', conflicted: true });
    expect(judged([a, certain, unsure, read(20, 'b')]).phantomConflicts).to.deep.equal([certain]);
    const cached = { ...read(20, 'c'), kind: 'cached-read' as const };
    expect(judged([a, certain, unsure, cached]).phantomConflicts).to.deep.equal([unsure]);
  });

  it('are none that nobody read, and no other write', () => {
    const unread = write(10, 'b', { on: { absent: true }, outcome: 'conflict' });
    const unanswered = write(10, 'c', { outcome: 'indeterminate' });
    expect(judged([a, unread, unanswered, read(20, 'c')])).to.deep.equal(right);
  });

  it('are none of deletions: those have no value that could be read', () => {
    const deletion = { ...base, kind: 'delete', called: 0, returned: 5 } as const;
    expect(judged([{ ...deletion, outcome: 'conflict' }, read(10)])).to.deep.equal(right);
  });
});

describe('a counter in a judgement', () => {
  it('is judged beside the registers and sets, each object by itself', () => {
    const counted = (object: string, count: number): CounterOperation => ({
      ...base,
      ...{ object, kind: 'read', called: 0, returned: 5, count },
    });
    const { verdict, violations } = judgeHistory({
      registers: [read(0)],
      sets: [],
      counters: [counted('good', 0), counted('bad', 1)],
    });
    expect(verdict).to.equal('wrong');
    expect(violations.map(({ wrong, object }) => `${object}: ${wrong}`)).to.deep.equal([
      'bad: out of bounds',
    ]);
  });
});

describe('a set in a judgement', () => {
  const b = add(20, 'b');

  it('is undecided where none of what was acknowledged was looked for later', () => {
    expect(judgedSet(readSet(0), add(10, 'a', 'refused'), b)).to.deep.equal({
      ...right,
      verdict: 'unknown',
      undecided: [
        {
          object: 'set',
          because: 'none of its 1 acknowledged elements was looked for later',
        },
      ],
      neverRead: [b],
    });
  });

  it('is right where some of it was, and where nothing was acknowledged', () => {
    expect(judgedSet(add(0, 'a'), readSet(10, 'a'), b)).to.deep.equal({ ...right, neverRead: [b] });
    expect(judgedSet(readSet(0))).to.deep.equal(right);
    expect(judgedSet(add(0, 'a', 'refused'), readSet(10))).to.deep.equal(right);
  });
});
