import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { sayProblem } from './problem.ts';
import { readGameday } from './gameday.ts';
import { readScenario } from './scenario.ts';

const root = new URL('../../scenarios/', import.meta.url);

describe('a game day', () => {
  it('is shuffled, waits five minutes for a recovery and knows of no failure, if it says nothing else', () => {
    const text = `apiVersion: holdfast.dev/v1
kind: GameDay
name: small
title: Two scenarios
scenarios: [{ scenario: leader-loss }, { scenario: ../own.yaml, trials: 3 }]
`;
    expect(readGameday(text, 'small.yaml')).to.deep.equal({
      gameday: {
        name: 'small',
        title: 'Two scenarios',
        scenarios: [
          { scenario: 'leader-loss', trials: 1 },
          { scenario: '../own.yaml', trials: 3 },
        ],
        order: 'shuffled',
        recoverMs: 300_000,
        known: [],
      },
    });
  });

  it('has each scenario once', () => {
    const text = `apiVersion: holdfast.dev/v1
kind: GameDay
name: twice
title: One scenario
scenarios:
  - { scenario: leader-loss }
  - { scenario: leader-loss, trials: 2 }
`;
    const read = readGameday(text, 'twice.yaml');
    expect('problems' in read && read.problems.map(sayProblem)).to.deep.equal([
      'twice.yaml:7:17 scenarios[1].scenario: is "leader-loss", as scenarios[0] is; write it once with more trials',
    ]);
  });

  it('of the package names scenarios that there are, which any cluster allows', () => {
    const files = readdirSync(new URL('gamedays/', root));
    expect(files).to.include('nightly.yaml');
    for (const file of files) {
      const read = readGameday(readFileSync(new URL(`gamedays/${file}`, root), 'utf8'), file);
      if ('problems' in read) throw new Error(read.problems.map(sayProblem).join('\n'));
      expect(read.gameday.scenarios.length).to.be.at.least(8);
      for (const { scenario } of read.gameday.scenarios) {
        const text = readFileSync(new URL(`${scenario}.yaml`, root), 'utf8');
        expect(readScenario(text, scenario)).to.have.deep.nested.property('scenario.class', [
          'reversible',
        ]);
      }
    }
  });
});
