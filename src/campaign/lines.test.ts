import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { appendLine, readLines } from './lines.ts';

describe('a file of lines', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-lines-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps what was appended, in its order', () => {
    const file = join(folder, 'lines.jsonl');
    expect(readLines(file)).to.deep.equal({ values: [], torn: 0 });
    appendLine(file, { n: 1 });
    appendLine(file, { n: 2, text: 'a\nb' });
    expect(readLines(file)).to.deep.equal({ values: [{ n: 1 }, { n: 2, text: 'a\nb' }], torn: 0 });
  });

  it('loses nothing to a last line that was torn at any place', () => {
    const whole = JSON.stringify({ n: 2, text: 'ü|' });
    for (let length = 1; length < whole.length; length++) {
      const file = join(folder, `torn-${length}.jsonl`);
      appendLine(file, { n: 1 });
      appendFileSync(file, whole.slice(0, length));
      const before = readFileSync(file);
      expect(readLines(file)).to.deep.equal({ values: [{ n: 1 }], torn: 1 });
      appendLine(file, { n: 3 });
      expect(readLines(file)).to.deep.equal({ values: [{ n: 1 }, { n: 3 }], torn: 1 });
      // It appends, and never rewrites.
      expect(readFileSync(file).subarray(0, before.length).equals(before)).to.equal(true);
    }
  });
});
