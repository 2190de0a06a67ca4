import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { estimateFrom } from './estimate.ts';
import { addToHistory, historyFile, readHistory } from './history.ts';
import { nightOf } from './testing/nights.ts';

describe('the history of a cluster', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-history-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('has a file of its own for each cluster', () => {
    const [one, other] = ['3f0c2d6a-6f0e', '9a0c2d6a-6f0e'].map((id) =>
      historyFile('reports', { name: 'rack', id }),
    );
    expect(one).to.equal(join('reports', 'history', 'rack-3f0c2d6a.jsonl'));
    expect(other).to.not.equal(one);
  });

  it('keeps every trial, in time, once, whatever was torn', () => {
    const file = join(folder, 'history', 'rack.jsonl');
    expect(readHistory(file)).to.deep.equal([]);
    const [first, second] = [nightOf(1, 2), nightOf(2, 2)];
    for (const entry of [...second, ...first]) addToHistory(file, entry);
    appendFileSync(file, JSON.stringify(first[0]).slice(0, 99));
    addToHistory(file, second[1]!);
    appendFileSync(file, '{"schema":"holdfast.dev/history/v9"}\n7\n');
    expect(readHistory(file)).to.deep.equal([...first, ...second]);
  });

  it('tells how long a trial takes', () => {
    const history = [...nightOf(1, 9), ...nightOf(2, 4, { scenario: 'pod-kill' })];
    expect(estimateFrom(history, 'leader-loss')).to.equal(60_004);
    expect(estimateFrom(history, 'leader-freeze')).to.equal(undefined);
  });
});
