import { expect } from 'chai';
import { randomFrom } from '../model/random.ts';
import { newMemo } from './memo.ts';

describe('the memo', () => {
  it('remembers 30 000 lists, each exactly, as a set of their texts does', () => {
    const random = randomFrom(3);
    const memo = newMemo();
    const texts = new Set<string>();
    let again = 0;
    for (let trial = 0; trial < 30_000; trial++) {
      // Few numbers, also negative ones: many lists come again, and many are alike.
      const list = Array.from({ length: Math.floor(random.between(0, 7)) }, () =>
        Math.floor(random.between(-1, 5)),
      );
      memo.list.length = 0;
      memo.list.push(...list);
      const isNew = !texts.has(list.join(' '));
      if (!isNew) again++;
      texts.add(list.join(' '));
      expect(memo.add(), list.join(' ')).to.equal(isNew);
      expect(memo.size()).to.equal(texts.size);
    }
    expect(Math.min(again, texts.size)).to.be.above(5000);
  });

  it('remembers a list that is longer than all before together', () => {
    const adds = adder();
    const long = Array.from({ length: 1000 }, (_, at) => at);
    const lists = [[1], long, [...long, 1], long, [1]];
    expect(lists.map(adds)).to.deep.equal([true, true, true, false, false]);
  });

  it('takes no list for the empty one, however many there are', () => {
    for (let count = 0; count < 100; count++) {
      const adds = adder();
      for (let one = 0; one < count; one++) adds([one]);
      expect([adds([]), adds([])], `after ${count}`).to.deep.equal([true, false]);
    }
  });
});

/** Adds lists to a memo of its own. */
function adder(): (list: readonly number[]) => boolean {
  const memo = newMemo();
  return (list) => {
    memo.list.length = 0;
    memo.list.push(...list);
    return memo.add();
  };
}
