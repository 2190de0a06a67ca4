import { expect } from 'chai';
import {
  conclude,
  concludeTogether,
  trialOutcome,
  type Concluding,
  type Stop,
} from './conclude.ts';
import { exitCodeOf, outcomes, type Outcome } from './outcome.ts';
import type { Trial } from './result.ts';
import type { ClaimOutcome, Verdict } from './verdict.ts';

describe('conclude', () => {
  it('takes the worst of claims, and names those', () => {
    const { outcome, exitCode, reason } = conclude(facts(['pass', 'unknown', 'fail', 'fail']));
    expect({ outcome, exitCode }).to.deep.equal({ outcome: 'fail', exitCode: 1 });
    expect(reason).to.equal('claim-2: because fail (and 1 more)');
  });

  it('passes only if something held, and says what did not apply', () => {
    expect(conclude(facts(['pass', 'not-applicable'])).reason).to.equal(
      '1 claim held, 1 claim did not apply',
    );
    expect(conclude(facts(['not-applicable', 'not-applicable']))).to.include({
      outcome: 'skipped',
      exitCode: 7,
      reason: 'claim-0: because not-applicable (and 1 more)',
    });
    expect(conclude({ trials: [], residue: [] }).outcome).to.equal('skipped');
  });

  it('names what did not apply, if there was nothing else', () => {
    expect(conclude(facts([])).reason).to.equal('nothing was claimed, so nothing was judged');
    const { outcome, reason } = conclude({ trials: [], residue: [] });
    expect({ outcome, reason }).to.deep.equal({
      outcome: 'skipped',
      reason: 'nothing was claimed, so nothing was judged',
    });
  });

  it('has the outcome of what stopped or interrupted it before there was a trial', () => {
    const nothing = { trials: [], residue: [] };
    const stopped: Stop = { outcome: 'unknown', reason: 'it stopped' };
    expect(conclude({ ...nothing, stopped })).to.include({ outcome: 'unknown', exitCode: 2 });
    const unseen: Stop = { outcome: 'skipped', reason: 'too small' };
    expect(conclude({ ...nothing, stopped: unseen }).reason).to.equal('too small');
    expect(conclude({ ...nothing, interrupted: 'SIGINT' })).to.include({
      outcome: 'interrupted',
      exitCode: 130,
    });
  });

  it('never passes a trial with a fault that was not proved, whatever its claims say', () => {
    const fault = { fault: 'kill', target: 'pi1', bit: false, gone: true };
    expect(trialOutcome([verdict('pass', 0)], [fault])).to.equal('invalid');
    expect(trialOutcome([verdict('not-applicable', 0)], [fault])).to.equal('invalid');
    expect(trialOutcome([verdict('fail', 0)], [fault])).to.equal('fail');
  });

  it('puts residue before all else, and is then not healed', () => {
    const stopped: Stop = { outcome: 'defect', reason: 'a bug' };
    const worst = {
      ...facts(['fail']),
      stopped,
      interrupted: 'SIGINT',
      residue: ['left'],
    } as const;
    expect(conclude(worst)).to.deep.equal({
      outcome: 'residue',
      exitCode: 4,
      reason: 'left',
      healed: false,
    });
  });

  it('takes a failure for worse than an interruption, and that for worse than not knowing', () => {
    const interrupted = 'SIGTERM';
    expect(conclude({ ...facts(['fail']), interrupted }).exitCode).to.equal(1);
    expect(conclude({ ...facts(['invalid']), interrupted })).to.include({
      exitCode: 143,
      reason: 'SIGTERM interrupted the run; all that it did was taken back',
    });
  });

  it('gives each reason to stop its own exit code and sentence', () => {
    const exits = {
      defect: 70,
      fail: 1,
      refused: 5,
      locked: 75,
      unreachable: 69,
      usage: 64,
      unhealthy: 6,
      invalid: 3,
      unknown: 2,
      skipped: 7,
    } as const;
    for (const [outcome, exitCode] of Object.entries(exits)) {
      const stopped = { outcome: outcome as Stop['outcome'], reason: `it was ${outcome}` };
      expect(conclude({ trials: [], residue: [], stopped })).to.deep.equal({
        outcome,
        exitCode,
        reason: `it was ${outcome}`,
        healed: true,
      });
    }
    expect(outcomes).to.have.length(Object.keys(exits).length + 3);
  });

  it('folds trials: one that failed is not outvoted', () => {
    const trials = [trial(['pass'], 1), trial(['fail'], 2), trial(['pass'], 3)];
    const { outcome, reason } = conclude({ trials, residue: [] });
    expect(outcome).to.equal('fail');
    expect(reason).to.equal('1 of 3 trials: claim-0: because fail');
  });

  it('lets one trial in ten show nothing, says so, and no more than one', () => {
    const passed = Array.from({ length: 9 }, (_, index) => trial(['pass'], index + 1));
    const [invalid, another] = [trial(['invalid'], 10), trial(['invalid'], 11)];
    expect(conclude({ trials: [...passed, invalid], residue: [] })).to.include({
      outcome: 'pass',
      reason: '10 trials: 9 claims held, 1 trial showed nothing',
    });
    const { outcome, reason } = conclude({ trials: [...passed, invalid, another], residue: [] });
    expect({ outcome, reason }).to.deep.equal({
      outcome: 'invalid',
      reason: '2 of 11 trials: claim-0: because invalid (and 1 more)',
    });
  });
});

describe('conclude together', () => {
  const one = (name: string, outcome: Outcome, exitCode = exitCodeOf(outcome)): Concluding => ({
    ...{ name, outcome, exitCode },
    reason: `because ${outcome}`,
  });

  it('has the worst of all, and names who came to it', () => {
    const all = [one('a', 'pass'), one('b', 'unknown'), one('c', 'fail'), one('d', 'fail')];
    expect(concludeTogether(all, [])).to.deep.equal({
      outcome: 'fail',
      exitCode: 1,
      reason: 'c: because fail (and 1 more)',
      healed: true,
    });
    expect(concludeTogether([one('a', 'pass'), one('b', 'residue')], ['pi1'])).to.include({
      exitCode: 4,
      healed: false,
    });
    expect(concludeTogether([one('a', 'pass'), one('b', 'pass')], [])).to.include({
      exitCode: 0,
      reason: 'all 2: every claim that applies holds',
    });
    expect(concludeTogether([one('a', 'interrupted', 143)], []).exitCode).to.equal(143);
  });
});

function facts(claims: readonly ClaimOutcome[]): { trials: Trial[]; residue: string[] } {
  return { trials: [trial(claims, 1)], residue: [] };
}

function trial(claims: readonly ClaimOutcome[], number: number): Trial {
  const verdicts = claims.map(verdict);
  return {
    number,
    outcome: trialOutcome(verdicts, []),
    faults: [],
    verdicts,
    clocks: [],
    findings: [],
  };
}

function verdict(outcome: ClaimOutcome, index: number): Verdict {
  return {
    claim: `claim-${index}`,
    outcome,
    title: 'a claim',
    because: `because ${outcome}`,
    evidence: [],
  };
}
