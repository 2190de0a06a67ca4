import { expect } from 'chai';
import { newLine, type Line } from './line.ts';

function lineOf(...spans: readonly (readonly [called: number, returned: number])[]): Line {
  return newLine(spans.map(([called, returned]) => ({ called, returned })));
}

/** The operations that may be taken, as one walks along them; a ring that is spoilt may have no end. */
function walk(line: Line): readonly number[] {
  const found: number[] = [];
  for (let one = line.first(); one !== -1 && found.length < 9; one = line.next(one))
    found.push(one);
  return found;
}

describe('the line of calls and returns', () => {
  it('goes along what was called before anything returned, and no further', () => {
    expect(walk(lineOf([0, 10], [1, 20], [2, 5], [6, 7]))).to.deep.equal([0, 1, 2]);
  });

  it('takes what is called in the instant of the first return to be called before it', () => {
    expect(walk(lineOf([0, 5], [5, 6], [6, 7]))).to.deep.equal([0, 1]);
  });

  it('goes further when the first to return is lifted out, and as before when it is put back', () => {
    const line = lineOf([0, 10], [1, 5], [6, 20], [11, 12]);
    expect(walk(line)).to.deep.equal([0, 1]);
    line.lift(1);
    expect(walk(line)).to.deep.equal([0, 2]);
    line.lift(0);
    expect(walk(line)).to.deep.equal([2, 3]);
    line.putBack(0);
    expect(walk(line)).to.deep.equal([0, 2]);
    line.putBack(1);
    expect(walk(line)).to.deep.equal([0, 1]);
  });

  it('goes on from the one lifted last, also where that was the first to return', () => {
    const line = lineOf([0, 10], [1, 5], [6, 20]);
    line.lift(1);
    expect(line.next(1)).to.equal(2);
    const alone = lineOf([0, 5]);
    alone.lift(0);
    expect(alone.next(0)).to.equal(-1);
  });

  it('tells the first return of those in it', () => {
    const line = lineOf([0, 10], [1, 5], [6, 20]);
    expect(line.firstReturn()).to.equal(5);
    line.lift(1);
    expect(line.firstReturn()).to.equal(10);
    line.lift(0);
    expect(line.firstReturn()).to.equal(20);
    line.putBack(0);
    expect(line.firstReturn()).to.equal(10);
  });

  it('is empty of nothing, and once all are lifted out', () => {
    const line = lineOf([0, 5]);
    line.lift(0);
    for (const empty of [lineOf(), line]) {
      expect(empty.first()).to.equal(-1);
      expect(empty.firstReturn()).to.equal(Infinity);
    }
  });

  it('never comes to a call that is later than its own return', () => {
    expect(walk(lineOf([9, 5]))).to.deep.equal([]);
  });
});
