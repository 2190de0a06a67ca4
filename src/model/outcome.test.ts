import { expect } from 'chai';
import { exitCodeOf, outcomes, worst } from './outcome.ts';

describe('outcomes', () => {
  it('are as bad as the worst of them, in whatever order they come', () => {
    expect(worst([])).to.equal('pass');
    expect(worst(['pass', 'unknown', 'invalid'])).to.equal('invalid');
    for (const [index, bad] of outcomes.entries())
      expect(worst([...outcomes.slice(index)].reverse())).to.equal(bad);
  });

  it('have an exit code each; an interruption that of its signal', () => {
    expect(new Set(outcomes.map((outcome) => exitCodeOf(outcome))).size).to.equal(outcomes.length);
    expect(exitCodeOf('interrupted')).to.equal(130);
    expect(exitCodeOf('interrupted', 'SIGINT')).to.equal(130);
    expect(exitCodeOf('interrupted', 'SIGTERM')).to.equal(143);
    expect(exitCodeOf('fail', 'SIGTERM')).to.equal(1);
    expect(exitCodeOf('pass')).to.equal(0);
  });
});
