import { expect } from 'chai';
import { sayProblem } from './problem.ts';
import { readScenario } from './scenario.ts';

describe('a rollback in a scenario', () => {
  const head = `apiVersion: holdfast.dev/v1
kind: Scenario
name: changes
title: Changes
claim: It holds.
class: [reversible]
workload: web
steps:
`;
  const updated = '  - update: { deployment: holdfast/web, image: a }';
  const back = '  - rollback: { deployment: holdfast/web }';

  const problems = (...steps: readonly string[]): readonly string[] => {
    const read = readScenario(`${head}${steps.join('\n')}\n`, 'changes.yaml');
    return 'problems' in read ? read.problems.map(sayProblem) : [];
  };
  const refused = (line: number): string =>
    `changes.yaml:${line}:29 steps[${line - 9}].rollback.deployment: is "holdfast/web", and no update of it above stands that could be rolled back; write one before this step, and no heal between them`;

  it('may follow an update of the same Deployment, whatever is between them', () => {
    const other = '  - scale: { deployment: holdfast/web, replicas: 6 }';
    const healed = '  - heal: scale';
    expect(problems(updated, other, '  - wait: 5s', healed, back)).to.deep.equal([]);
    expect(problems(updated, back, '  - heal: all', updated, back)).to.deep.equal([]);
  });

  it('is refused before one, and after one of another Deployment or one that was taken back', () => {
    expect(problems(back, updated)).to.deep.equal([refused(9)]);
    expect(problems('  - update: { deployment: shop/web, image: a }', back)).to.deep.equal([
      refused(10),
    ]);
    expect(problems(updated, '  - heal: all', back)).to.deep.equal([refused(11)]);
    expect(problems(updated, '  - heal: update', back)).to.deep.equal([refused(11)]);
  });
});

describe('a change in a scenario', () => {
  it('is refused with its place where it names no object, or changes nothing', () => {
    const text = `apiVersion: holdfast.dev/v1
kind: Scenario
name: changes
title: Changes
claim: It holds.
class: [reversible]
workload: web
steps:
  - update: { deployment: web, image: a }
  - update: { deployment: holdfast/web }
  - switch: { service: holdfast/web, selector: {} }
  - scale: { deployment: holdfast/web, replicas: six }
`;
    const read = readScenario(text, 'changes.yaml');
    expect('problems' in read ? read.problems.map(sayProblem) : []).to.deep.equal([
      'changes.yaml:9:27 steps[0].update.deployment: is "web"; write a namespace and a name with a slash between them, such as shop/web',
      'changes.yaml:10:13 steps[1].update: changes nothing; write image: NAME, or patch: { … }',
      'changes.yaml:11:48 steps[2].switch.selector: needs at least one label, such as { app: web }',
      'changes.yaml:12:50 steps[3].scale.replicas: is "six"; write a number',
    ]);
  });
});
