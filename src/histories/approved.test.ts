import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { randomFrom } from '../model/random.ts';
import { judgeHistory, usualBudget } from './judge.ts';
import type { RegisterOperation } from './operation.ts';
import { sayOperation } from './say.ts';
import { smallHistory } from './testing/small.ts';

/**
 * What is said of some histories, and the part of each that shows it. That it is right, other tests prove by trying every
 * order; this one shows whoever changes it what has become of it, a larger part for instance. APPROVE=1 approves it.
 */
const approved = new URL('./approved.txt', import.meta.url);

/** So many histories of so many operations. */
const kinds = [
  [600, undefined],
  [120, 14],
  [60, 40],
] as const;

function told(registers: readonly RegisterOperation[]): string {
  const { violations, undecided, disagreements, phantomConflicts } = judgeHistory(
    { registers, sets: [], counters: [] },
    usualBudget,
  );
  const parts = violations.map(({ wrong, because, operations }) =>
    [`${wrong}: ${because}`, ...operations.map((one) => `  ${sayOperation(one)}`)].join('\n'),
  );
  const remarks = [...undecided, ...disagreements].map(({ because }) => because);
  const phantoms = phantomConflicts.map((one) => `it happened: ${sayOperation(one)}`);
  return [...parts, ...remarks, ...phantoms].join('\n');
}

describe('what is said of histories', () => {
  it('is what was approved', () => {
    const random = randomFrom(21);
    const said = kinds.flatMap(([times, count]) =>
      Array.from({ length: times }, (_, at) => {
        const what = told(smallHistory(random, count));
        return what === '' ? [] : `# ${count ?? 'a few'} operations, history ${at}\n${what}\n`;
      }).flat(),
    );
    if (process.env['APPROVE'] === '1') writeFileSync(approved, said.join('\n'));
    expect(said.join('\n')).to.equal(readFileSync(approved, 'utf8'));
  });
});
