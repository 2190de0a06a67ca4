import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readGameday } from '../read/gameday.ts';
import { readText, scenariosFolder } from './context.ts';
import { workOf } from './job.ts';

describe('what each cluster of a fleet is to do', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-job-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is a scenario, as its file is now, with as many trials as are asked for', () => {
    const { work, name } = workOf('leader-loss', 20);
    expect(name).to.equal('leader-loss');
    expect(work.args).to.deep.equal([
      ...['run', '/etc/holdfast/work/scenario.yaml'],
      ...['--trials', '20'],
    ]);
    const text = readText(join(scenariosFolder, 'leader-loss.yaml'), 'scenario');
    expect(work.files).to.deep.equal({ 'scenario.yaml': text });
  });

  it('is a game day with the scenarios that it has by their paths beside it', () => {
    mkdirSync(join(folder, 'mine'));
    const own = readText(join(scenariosFolder, 'leader-crash.yaml'), 'scenario').replace(
      'name: leader-crash',
      'name: my-crash',
    );
    writeFileSync(join(folder, 'mine', 'crash.yaml'), own);
    const file = join(folder, 'night.yaml');
    writeFileSync(
      file,
      `apiVersion: holdfast.dev/v1
kind: GameDay
name: my-night
title: A night of my own
scenarios:
  - { scenario: leader-loss, trials: 2 }
  - { scenario: mine/crash.yaml }
budget: 1h
`,
    );
    const { work, name, budgetMs } = workOf(file, undefined);
    expect({ name, budgetMs }).to.deep.equal({ name: 'my-night', budgetMs: 3_600_000 });
    expect(Object.keys(work.files).sort()).to.deep.equal(['1-crash.yaml', 'gameday.yaml']);
    expect(work.files['1-crash.yaml']).to.equal(own);
    const read = readGameday(work.files['gameday.yaml'] ?? '', 'gameday.yaml');
    expect(read)
      .to.have.nested.property('gameday.scenarios')
      .deep.equal([
        { scenario: 'leader-loss', trials: 2 },
        { scenario: './1-crash.yaml', trials: 1 },
      ]);
    expect(() => workOf(file, 3)).to.throw('--trials is for a scenario');
  });
});
