import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { kill } from '../faults/kill.ts';
import { testTables } from '../testing/tables.ts';
import { readCluster } from './cluster.ts';
import { sayProblem } from './problem.ts';
import { readGameday } from './gameday.ts';
import { readScenario } from './scenario.ts';

const folder = new URL('bad/', import.meta.url);
/** With one fault alone, so that messages that name all of them stay as they are. */
const tables = { ...testTables, faults: { kill } };

// Each file begins with what is wrong in it and ends with every message it must give, after `#! `.
describe('a bad file', () => {
  for (const name of readdirSync(folder)) {
    const whole = readFileSync(new URL(name, folder), 'utf8');
    const text = whole.replaceAll(/^#! .*\n/gm, '');
    const file = name.replace(/\.txt$/, '');

    it(`${file} gives every problem at once, each at its place`, () => {
      const read = name.startsWith('cluster-')
        ? readCluster(text, file)
        : name.startsWith('gameday-')
          ? readGameday(text, file)
          : readScenario(text, file, tables);
      const expected = [...whole.matchAll(/^#! (.*)$/gm)].map(
        ([, said]) => `${file}:${said ?? ''}`,
      );

      expect(expected).not.to.be.empty;
      expect('problems' in read ? read.problems.map(sayProblem) : []).to.deep.equal(expected);
    });
  }
});
