import { expect } from 'chai';
import { faults } from '../faults/table.ts';
import { phaseOf } from '../plan/plan.ts';
import { readScenario } from '../read/scenario.ts';
import { tables } from './context.ts';
import { planAttempt } from './soak-plan.ts';

describe('the plan of a soak', () => {
  const names = Object.keys(faults);
  const attempts = Array.from({ length: 4 * names.length }, (_, i) => planAttempt(7, i, faults));

  it('comes to every fault once before it comes to one again', () => {
    for (let from = 0; from < attempts.length; from += names.length) {
      const cycle = attempts.slice(from, from + names.length).map(({ fault }) => fault);
      expect([...cycle].sort()).to.deep.equal([...names].sort());
    }
  });

  it('is the same for the same seed, and another for another', () => {
    expect(planAttempt(7, 5, faults)).to.deep.equal(attempts[5]);
    expect(planAttempt(8, 5, faults)).not.to.deep.equal(attempts[5]);
  });

  it('writes scenarios that can be read and start soon', () => {
    for (const { scenario, seed } of attempts) {
      const read = readScenario(scenario, 'soak.yaml', tables);
      expect('problems' in read && read.problems, scenario).to.equal(false);
      expect(phaseOf(seed)).to.be.below(1000);
      // What is aimed at must be there.
      expect(scenario.includes(': holdfast/')).to.equal(scenario.includes('workload: web'));
    }
  });

  it('cuts the network before some kills, and never after', () => {
    const cut = attempts.flatMap(({ cutBeforeMs, killMs }) =>
      cutBeforeMs === undefined ? [] : [{ cutBeforeMs, killMs }],
    );
    expect(cut.length / attempts.length).to.be.within(0.05, 0.6);
    for (const { cutBeforeMs, killMs } of cut) expect(cutBeforeMs).to.be.at.most(killMs);
  });
});
