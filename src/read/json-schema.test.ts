import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { clusterSchema, gamedaySchema, scenarioSchema } from './json-schema.ts';
import { readScenario } from './scenario.ts';

const root = new URL('../../', import.meta.url);

describe('the JSON Schemas in docs/schema', () => {
  it('are those of the tables of faults and claims', () => {
    expect(stored('docs/schema/scenario.json')).to.deep.equal(scenarioSchema());
    expect(stored('docs/schema/cluster.json')).to.deep.equal(clusterSchema());
    expect(stored('docs/schema/gameday.json')).to.deep.equal(gamedaySchema());
  });

  it('describe what is written, not what it becomes', () => {
    expect(scenarioSchema()).to.have.nested.property(
      'properties.steps.items.anyOf[0].properties.kill.additionalProperties',
      false,
    );
    expect(JSON.stringify(scenarioSchema())).to.contain('(ms|s|m|h)');
  });
});

describe('scenarios/leader-loss.yaml', () => {
  it('can be read, and promises what the guide of MicroK8s promises', () => {
    const file = 'scenarios/leader-loss.yaml';
    const read = readScenario(readFileSync(new URL(file, root), 'utf8'), file);
    if ('problems' in read) throw new Error(JSON.stringify(read.problems, undefined, 2));
    expect(read.scenario.name).to.equal('leader-loss');
    expect(read.scenario.expect).to.deep.include.members([
      { claim: 'leader-elected', params: { within: 5000 } },
      { claim: 'voters-restored', params: { within: 30_000 } },
    ]);
  });
});

function stored(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, root), 'utf8')) as unknown;
}
