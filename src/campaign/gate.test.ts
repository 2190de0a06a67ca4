import { expect } from 'chai';
import { gateSchema } from '../model/any-result-schema.ts';
import type { KnownFailure } from '../model/agenda.ts';
import type { Configuration } from '../model/configuration.ts';
import { gate, type GateAfter } from './gate.ts';
import type { HistoryEntry } from './history.ts';
import { fakeResult, verdictOf } from './testing/fake-run.ts';
import { nightOf } from './testing/nights.ts';

/** The other side, with a trial for each entry. */
function afterOf(
  entries: readonly HistoryEntry[],
  more: { readonly residue?: readonly string[]; readonly known?: readonly KnownFailure[] } = {},
): GateAfter {
  const trials = entries.map((entry, index) => {
    const planned = {
      number: index + 1,
      scenario: entry.configuration.scenario,
      trial: index + 1,
      seed: 1,
    };
    const [first] = entry.claims;
    const verdicts = [
      verdictOf('leader-elected', first?.ms ?? { atLeast: 0 }, {
        outcome: first?.outcome ?? 'pass',
      }),
    ];
    return { entry, trial: fakeResult(planned, { verdicts }).trials[0]! };
  });
  return {
    head: {
      run: 'after',
      scenario: 'nightly',
      startedAt: '2026-11-22T01:00:00.000Z',
      finishedAt: '2026-11-22T02:00:00.000Z',
      seed: 1,
      residue: more.residue ?? [],
    },
    known: more.known ?? [],
    trials,
  };
}

describe('a gate', () => {
  const before = nightOf(1, 20);
  const upgraded: Partial<Configuration> = {
    versions: { kubernetes: 'v1.35.0', dqlite: '1.18.1', holdfast: '0.1.0' },
    settings: { 'datastore networkLatencyMs': 20 },
  };

  it('says go where nothing regressed, and what the upgrade changed', () => {
    const result = gate({ before, after: afterOf(nightOf(2, 20, upgraded)) });
    expect(gateSchema.safeParse(result).error).to.equal(undefined);
    expect(result).to.include({ kind: 'gate', outcome: 'pass', exitCode: 0 });
    expect(result.reason).to.equal('nothing regressed among 1 claim that are timed');
    expect(result.changed).to.deep.equal([
      'version of kubernetes: v1.34.4 → v1.35.0',
      'setting datastore networkLatencyMs: 100 → 20',
    ]);
    expect(result.differs).to.deep.equal([]);
  });

  it('stops with 1 where something takes longer, though every limit is met', () => {
    const result = gate({ before, after: afterOf(nightOf(2, 20, { factor: 1.4 })) });
    expect(result).to.include({ outcome: 'fail', exitCode: 1 });
    expect(result.reason).to.match(
      /^regressed: leader-elected of leader-loss takes (0|1)\.\d\d s longer than before/,
    );
  });

  it('stops with 1 where a claim fails, and goes on where that is known and no worse', () => {
    const slow = { factor: 2 };
    const known: KnownFailure = {
      scenario: 'leader-loss',
      claim: 'leader-elected',
      reason: 'stock timings',
      until: '2026-12-31',
    };
    const after = nightOf(2, 20, slow);
    expect(after.some(({ claims }) => claims[0]?.outcome === 'fail')).to.equal(true);
    expect(gate({ before: nightOf(1, 20, slow), after: afterOf(after) }).exitCode).to.equal(1);
    expect(
      gate({ before: nightOf(1, 20, slow), after: afterOf(after, { known: [known] }) }).exitCode,
    ).to.equal(0);
    // It got worse.
    expect(gate({ before, after: afterOf(after, { known: [known] }) }).exitCode).to.equal(1);
  });

  it('stops with 2 where there are fewer than ten on a side', () => {
    for (const [few, many] of [
      [nightOf(1, 9), nightOf(2, 20)],
      [nightOf(1, 20), nightOf(2, 9)],
    ] as const)
      expect(gate({ before: few, after: afterOf(many) })).to.include({
        outcome: 'unknown',
        exitCode: 2,
      });
    expect(gate({ before: nightOf(1, 10), after: afterOf(nightOf(2, 10)) }).exitCode).to.equal(0);
  });

  it('does not go on with what did not come to its end', () => {
    const stopped = { outcome: 'unknown', reason: 'the budget does not reach' } as const;
    const after = { ...afterOf(nightOf(2, 20)), stopped };
    expect(gate({ before, after })).to.include({ exitCode: 2, reason: stopped.reason });
  });

  it('stops as the trials after it did where none could be done, and calls that no other scenario', () => {
    const reason = 'trial 1 of leader-loss could not be done: the workload could not be deployed';
    const after = { ...afterOf([]), stopped: { outcome: 'unhealthy', reason } as const };
    expect(gate({ before, after })).to.include({ outcome: 'unhealthy', exitCode: 6, reason });
    expect(gate({ before, after }).differs).to.deep.equal([]);
  });

  it('stops with 3 where the trials show nothing, and with 4 where something was left behind', () => {
    const invalid = nightOf(2, 20).map((entry) => ({
      ...entry,
      claims: entry.claims.map((claim) => ({ ...claim, outcome: 'invalid' as const })),
    }));
    expect(gate({ before, after: afterOf(invalid) })).to.include({
      outcome: 'invalid',
      exitCode: 3,
    });
    const residue = ['pi1: a unit is masked'];
    expect(gate({ before, after: afterOf(nightOf(2, 20), { residue }) })).to.include({
      outcome: 'residue',
      exitCode: 4,
      healed: false,
    });
  });

  it('stops with 5 where the sides cannot be compared, and says in what they differ', () => {
    for (const [change, said] of [
      [{ cluster: 'c2' }, 'another cluster: c1 before, c2 after'],
      [{ topology: '3 nodes' }, 'another topology: 4 nodes'],
      [{ scenarioHash: 'other' }, 'scenario leader-loss does or claims something else'],
      [{ probes: 'other' }, 'another probe profile'],
      [{ scenario: 'pod-kill' }, 'scenario leader-loss was run before alone'],
    ] as const) {
      const result = gate({ before, after: afterOf(nightOf(2, 20, change)) });
      expect(result, said).to.include({ outcome: 'refused', exitCode: 5 });
      expect(result.reason).to.include(said);
    }
  });
});
