import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { addSpent, readSpent } from './spent.ts';

describe('what is spent of a budget', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-spent-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is what was written down last, whatever was torn after it', () => {
    expect(readSpent(folder, [])).to.equal(0);
    addSpent(folder, 60_000);
    addSpent(folder, 90_000.4);
    appendFileSync(join(folder, 'spent.jsonl'), '{"spentMs":12');
    expect(readSpent(folder, [])).to.equal(90_000);
    addSpent(folder, 120_000);
    expect(readSpent(folder, [])).to.equal(120_000);
  });

  it('is what the trials took, of those that an older Holdfast began', () => {
    const trial = { number: 1, scenario: 'leader-loss', trial: 1, seed: 1, run: 'r' };
    const finished = ['01:00', '02:30'].map((at, index) => ({
      ...trial,
      startedAt: `2026-11-22T0${index}:00:00.000Z`,
      finishedAt: `2026-11-22T0${index}:${at}.000Z`,
    }));
    expect(readSpent(folder, finished)).to.equal(210_000);
  });
});
